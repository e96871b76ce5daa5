// Folding outcomes: one line per distinct (state, reason, message).
#pragma once

#include "daemon/core/job.hpp"

#include <string_view>
#include <vector>

namespace muster::core {

// Adds one outcome: of a Failed execution, or of a Completed one whose device
// said something; the tally says how many others there are. Past kOutcomeLines lines, new messages of a
// (state, reason) are counted on one line with this message:
inline constexpr std::string_view kOtherMessages = "(other messages)";
void count_outcome(std::vector<OutcomeCount>& lines, ExecutionState state, Reason reason,
                   std::string_view message);

}  // namespace muster::core
