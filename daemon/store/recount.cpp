#include "daemon/store/recount.hpp"

#include "daemon/core/outcomes.hpp"

#include <algorithm>
#include <tuple>

namespace muster::store {

bool is_under_way(core::JobState state) noexcept {
    switch (state) {
        case core::JobState::running:
        case core::JobState::stopped:
            return true;
        case core::JobState::pending:
        case core::JobState::completed:
        case core::JobState::failed:
            return false;
    }
    MUSTER_INVARIANT(false);
    return false;
}

void Recount::add(const core::Execution& execution) {
    switch (execution.state) {
        case core::ExecutionState::pending:
            ++tally_.pending;
            return;
        case core::ExecutionState::completed:
            ++tally_.succeeded;
            break;
        case core::ExecutionState::failed:
            ++tally_.failed;
            break;
    }
    core::count_outcome(lines_, execution.state, execution.reason, execution.message);
}

std::vector<core::OutcomeCount> Recount::outcomes() const {
    auto lines = lines_;
    std::ranges::sort(lines, {}, [](const core::OutcomeCount& line) {
        return std::tie(line.state, line.reason, line.message);
    });
    return lines;
}

}  // namespace muster::store
