// Both state machines, each one aligned table. A pair that a table does not
// list cannot happen: for what a user asks, next() is empty and the request is
// refused; for what the engine does by itself, must() stops the process.
//
// Threads: pure functions.
#pragma once

#include "daemon/core/execution.hpp"
#include "daemon/core/job.hpp"

#include <optional>
#include <string_view>

namespace muster::core {

enum class JobEvent : std::uint8_t {
    run,           // a user's: Run
    stop,          // a user's: Stop
    all_done,      // nothing is Pending any more, and all Completed
    done_failing,  // nothing is Pending any more, and at least one Failed
};

enum class ExecutionEvent : std::uint8_t {
    hold,     // its turn has come, but its device is offline
    send,     // a message goes out, the first or a repeat
    unsend,   // the link did not take the message
    advance,  // this command Completed, the next one is due
    working,  // ack: 202
    not_now,  // ack: 503 with "after"
    succeed,  // Completed
    fail,     // Failed
};

struct ExecutionStatus {
    ExecutionState state;
    Phase phase;
    friend bool operator==(const ExecutionStatus&, const ExecutionStatus&) = default;
};

[[nodiscard]] std::optional<JobState> next(JobState from, JobEvent event) noexcept;
[[nodiscard]] JobState must(JobState from, JobEvent event) noexcept;

[[nodiscard]] std::optional<ExecutionStatus> next(Phase from, ExecutionEvent event) noexcept;
[[nodiscard]] ExecutionStatus must(Phase from, ExecutionEvent event) noexcept;

}  // namespace muster::core
