#include "daemon/store/recount.hpp"

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
    count({execution.state, execution.reason, execution.message});
}

void Recount::count(const LineView& line) {
    auto found = lines_.find(line);
    if (found == lines_.end()) {
        const auto message = lines_.size() < kOutcomeLines ? line.message : kOtherMessages;
        found = lines_.try_emplace(Line{line.state, line.reason, std::string(message)}, 0U).first;
    }
    ++found->second;
}

std::vector<core::OutcomeCount> Recount::outcomes() const {
    std::vector<core::OutcomeCount> outcomes;
    outcomes.reserve(lines_.size());
    for (const auto& [line, count] : lines_) {
        outcomes.push_back({line.state, line.reason, line.message, count});
    }
    return outcomes;
}

}  // namespace muster::store
