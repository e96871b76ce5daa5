// Counts a job's tally and outcomes from its executions: the rule behind "the
// tally equals a recount of the rows". Both stores use it when they load a job
// that is Running or Stopped.
//
// Threads: a plain value.
#pragma once

#include "daemon/core/execution.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace muster::store {

// Devices may answer with a text of their own each, so the lines are bounded:
// past this many, messages of a (state, reason) that are new fold into one line.
inline constexpr std::size_t kOutcomeLines = 256;
inline constexpr std::string_view kOtherMessages = "(other messages)";

// The jobs whose executions a starting engine needs: Running and Stopped ones.
[[nodiscard]] bool is_under_way(core::JobState state) noexcept;

class Recount {
public:
    // In the order of ordinals, which decides what folds past kOutcomeLines.
    void add(const core::Execution& execution);

    [[nodiscard]] const core::Tally& tally() const noexcept { return tally_; }
    // One line for each (state, reason, message) of the Completed and the Failed
    // executions, sorted by those three.
    [[nodiscard]] std::vector<core::OutcomeCount> outcomes() const;

private:
    struct LineView {
        core::ExecutionState state;
        core::Reason reason;
        std::string_view message;
        auto operator<=>(const LineView&) const = default;
    };
    struct Line {
        core::ExecutionState state;
        core::Reason reason;
        std::string message;
        operator LineView() const noexcept { return {state, reason, message}; }
    };
    struct Less {
        using is_transparent = void;
        bool operator()(const LineView& left, const LineView& right) const noexcept { return left < right; }
    };

    void count(const LineView& line);

    core::Tally tally_;
    std::map<Line, std::uint32_t, Less> lines_;
};

}  // namespace muster::store
