// One device's part of one job, as it is stored and shown. (The engine's own
// compact form is in job_run.hpp.)
#pragma once

#include "daemon/core/job.hpp"

namespace muster::core {

// What a Pending execution is doing; done for Completed and Failed.
enum class Phase : std::uint8_t {
    queued,       // not reached yet, or another job holds the device
    held,         // its turn, but the device is offline
    sent,         // sent, not answered
    in_progress,  // the device answered 202
    deferred,     // the device answered 503 with "after"
    done,
};
[[nodiscard]] std::string_view to_string(Phase phase) noexcept;  // "in_progress"
[[nodiscard]] std::optional<Phase> parse_phase(std::string_view text) noexcept;

struct Execution {
    JobId job = JobId::none;
    std::uint32_t ordinal = 0;  // place in the frozen selection, from 0
    DeviceId device;
    ExecutionState state = ExecutionState::pending;
    Phase phase = Phase::queued;
    Reason reason = Reason::none;
    std::uint16_t operation = 0;  // message now at work: ordinal of the command; 0 otherwise
    std::uint16_t attempts = 0;   // messages published for the operation now at work
    std::uint8_t progress = 0;    // per cent, with in_progress
    std::string message;          // why it Failed, or what the device said on Completed
    std::string old_values;       // JSON object text: values before, where known; else empty
    TimePoint turn_at{};          // when its turn came; the deadline counts from here
    TimePoint first_sent_at{};
    TimePoint last_sent_at{};
    TimePoint not_before{};  // deferred: not to be sent before
    TimePoint finished_at{};
    // A verdict's late answer, kept beside it (DESIGN section 3, rule 3); 0 is none.
    std::int32_t late_code = 0;
    TimePoint late_at{};

    friend bool operator==(const Execution&, const Execution&) = default;
};

}  // namespace muster::core
