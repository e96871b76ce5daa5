#include "daemon/core/outcomes.hpp"

#include "daemon/core/engine_options.hpp"

#include <algorithm>

namespace muster::core {
namespace {

OutcomeCount* find_line(std::vector<OutcomeCount>& lines, ExecutionState state, Reason reason,
                        std::string_view message) {
    const auto found = std::find_if(lines.begin(), lines.end(), [&](const OutcomeCount& line) {
        return line.state == state && line.reason == reason && line.message == message;
    });
    return found == lines.end() ? nullptr : &*found;
}

}  // namespace

void count_outcome(std::vector<OutcomeCount>& lines, ExecutionState state, Reason reason,
                   std::string_view message) {
    if (state != ExecutionState::failed && message.empty()) {
        return;
    }
    auto* line = find_line(lines, state, reason, message);
    if (line == nullptr && lines.size() >= kOutcomeLines) {
        message = kOtherMessages;
        line = find_line(lines, state, reason, message);
    }
    if (line == nullptr) {
        lines.push_back({state, reason, std::string(message), 0});
        line = &lines.back();
    }
    ++line->count;
}

}  // namespace muster::core
