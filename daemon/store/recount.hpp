// Counts a job's tally and outcomes from its executions: the rule behind "the
// tally equals a recount of the rows". Both stores use it when they load a job
// that is Running or Stopped.
//
// Threads: a plain value.
#pragma once

#include "daemon/core/execution.hpp"

#include <vector>

namespace muster::store {

// The jobs whose executions a starting engine needs: Running and Stopped ones.
[[nodiscard]] bool is_under_way(core::JobState state) noexcept;

class Recount {
public:
    // In the order of ordinals, which decides what folds past core::kOutcomeLines.
    void add(const core::Execution& execution);

    [[nodiscard]] const core::Tally& tally() const noexcept { return tally_; }
    // One line for each (state, reason, message) of the Failed executions and
    // of the Completed ones whose device said something, sorted by those three.
    [[nodiscard]] std::vector<core::OutcomeCount> outcomes() const;

private:
    core::Tally tally_;
    std::vector<core::OutcomeCount> lines_;
};

}  // namespace muster::store
