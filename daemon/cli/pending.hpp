// Why executions of a job are still Pending, folded as failures are: one line for
// each reason, with its count and the ids.
//
// Threads: pure functions, but for load_pending.
#pragma once

#include "daemon/cli/context.hpp"
#include "daemon/cli/text.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace muster::cli {

struct PendingGroup {
    std::string why;  // "device offline"
    std::vector<std::string> devices;

    friend bool operator==(const PendingGroup&, const PendingGroup&) = default;
};

// The detail of an execution (SPEC 7.4) without what is of this one alone: times, attempts, percentages.
[[nodiscard]] std::string pending_reason(std::string_view detail);

// The first `most` (at most a page) Pending executions of a job, the largest group first.
[[nodiscard]] Outcome<std::vector<PendingGroup>> load_pending(Context& context, std::uint64_t job,
                                                              std::uint64_t most, Milliseconds timeout);

// "     3  device offline   fridge-[1-3]", and a line for what of `pending` was not looked at.
[[nodiscard]] std::vector<Line> pending_lines(const std::vector<PendingGroup>& groups, std::uint64_t pending);

}  // namespace muster::cli
