// A job that is Running or Stopped, in the form in which a million executions
// fit: one contiguous array of slots, and a few queues of ordinals.
//
// Threads: the engine thread.
#pragma once

#include "daemon/core/execution.hpp"
#include "daemon/core/job.hpp"
#include "daemon/core/registry.hpp"
#include "daemon/core/template.hpp"
#include "protocol/codec.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace muster::core {

// What the engine needs of an Execution while its job runs. Messages and old
// values are in the store only.
struct ExecutionSlot {
    DeviceIndex device{};
    ExecutionRef next;  // behind this one in the device's queue
    ExecutionState state = ExecutionState::pending;
    Phase phase = Phase::queued;
    Reason reason = Reason::none;
    std::uint8_t progress = 0;
    std::uint16_t operation = 0;
    std::uint16_t attempts = 0;
    std::uint8_t unheard = 0;       // of these, since its device came or asked to wait
    bool answered : 1 = false;      // the verdict is the device's own: a further ack is a repeat
    bool late : 1 = false;          // a late answer is recorded
    bool waiting : 1 = false;       // is in its run's `ready`
    bool holds_window : 1 = false;  // counts against the link's window
    bool in_flight : 1 = false;     // counts against the job's window
    bool remembered : 1 = false;    // its device remembered ids when it was first sent to
    bool recorded : 1 = false;      // old values and desired ones were recorded
    bool wake_armed : 1 = false;    // a wake timer for not_before is under way
    bool hurried : 1 = false;       // a timer repeats it soon, since its device is there
    bool interrupted : 1 = false;   // sent once, not repeatable; gateway restarted or job stopped since
    TimePoint turn_at{};
    TimePoint first_sent_at{};
    TimePoint last_sent_at{};
    TimePoint not_before{};

    // `attempts` is another: timers name the one that they are for, and no longer count.
    void disarm() noexcept { wake_armed = hurried = false; }
};

// When an execution's turn is over, unless it opened another one since: the time is
// the slot's, of which half is kept to know it by.
class Deadline {
public:
    Deadline(std::uint32_t ordinal, TimePoint turn_at) noexcept
        : ordinal_(ordinal), turn_(low_half(turn_at)) {}
    [[nodiscard]] std::uint32_t ordinal() const noexcept { return ordinal_; }
    [[nodiscard]] bool is_of(TimePoint turn_at) const noexcept { return turn_ == low_half(turn_at); }

private:
    [[nodiscard]] static std::uint32_t low_half(TimePoint at) noexcept {
        return static_cast<std::uint32_t>(at.time_since_epoch().count());
    }
    std::uint32_t ordinal_;
    std::uint32_t turn_;
};

struct JobRun {
    std::shared_ptr<Job> job;
    std::uint32_t number = 0;  // ExecutionRef::run
    std::shared_ptr<const Template> device_template;
    bool supported = true;  // the template in force still has every capability
    bool active = false;    // may have executions to serve
    OfflineRule offline = OfflineRule::wait;
    // One entry per message of an execution (one; commands: one per command).
    // Empty: everything is kept by the gateway, nothing is sent.
    std::vector<OperationFrame> frames;
    std::vector<Milliseconds> timeouts;           // per message
    std::vector<std::deque<Deadline>> deadlines;  // per message; in order of time
    boost::json::object gateway_values;           // properties applied to the record
    boost::json::object device_values;            // settings, or properties kept by the device
    std::vector<ExecutionSlot> slots;
    std::uint32_t cursor = 0;         // slots from here were not looked at since the run began
    std::deque<std::uint32_t> ready;  // ordinals to look at again, before the cursor goes on
    std::uint32_t in_flight = 0;

    [[nodiscard]] bool running() const noexcept { return job->state == JobState::running; }
    [[nodiscard]] bool has_work() const noexcept { return !ready.empty() || cursor < slots.size(); }
    [[nodiscard]] bool commands() const noexcept { return job->spec.type == JobType::commands; }
};

}  // namespace muster::core
