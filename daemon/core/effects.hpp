// What a step asks of the world, in the order in which it must be done:
// commit `changes`, then publish `sends`, then give `replies`; `notices` tell
// what happened, for the log, the metrics and the retained job topics.
#pragma once

#include "daemon/core/change.hpp"
#include "daemon/core/event.hpp"
#include "daemon/core/plan.hpp"
#include "protocol/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace muster::core {

// An operation message to one device.
struct SendOperation {
    std::string device;
    OperationId operation;
    std::string payload;
    TimePoint expires;  // the device must not execute it after; far in the future at most
};
// Removes what the broker retains of a deleted device, or it would come back.
struct ClearRetained {
    std::string device;
};
// Asks every device to say again who and where it is, within the time.
struct Announce {
    Seconds spread;
};
// Asks the broker for the status that it retains of each of these; StatusAnswered follows, unless the link
// is lost before.
struct AskStatus {
    std::vector<std::string> devices;
};
using Send = std::variant<SendOperation, ClearRetained, Announce, AskStatus>;

// What became of a `put`.
enum class Changed : std::uint8_t { created, updated, unchanged };
[[nodiscard]] std::string_view to_string(Changed changed) noexcept;

// What a copy differs in from its original, by device id.
struct Drift {
    std::vector<std::string> added;    // in the set now, not in the original
    std::vector<std::string> left;     // in the original, no longer in the set
    std::vector<std::string> deleted;  // in the original, no longer a device
    std::string broken;                // why the set is broken; empty if it is not
};

struct JobAnswer {
    JobId job;
    std::optional<Drift> drift;
};
struct PlanAnswer {
    std::shared_ptr<const Plan> plan;
};
struct PutAnswer {
    std::string name;
    Changed changed;
};
struct DoneAnswer {};
using Answer = std::variant<JobAnswer, PlanAnswer, PutAnswer, DoneAnswer>;

struct Reply {
    RequestToken token;
    Result<Answer> answer;
};

enum class NoticeKind : std::uint8_t {
    job_saved,
    job_started,
    job_stopped,
    job_ended,
    job_deleted,
    execution_completed,
    execution_failed,
    execution_progress,
    operation_sent,
    operation_resent,
    operation_refused,
    ack_duplicate,
    ack_late,
    ack_foreign,
    device_registered,
    device_changed,
    device_deleted,
    device_online,
    device_offline,
    devices_full,
    set_changed,
    template_changed,
};
[[nodiscard]] std::string_view to_string(NoticeKind kind) noexcept;  // "job_started"
inline constexpr std::size_t kNoticeKinds = static_cast<std::size_t>(NoticeKind::template_changed) + 1;

struct Notice {
    NoticeKind kind;
    JobId job = JobId::none;
    std::string device;  // or the name of a set or template
    Reason reason = Reason::none;
    std::string text;
};

struct Effects {
    std::vector<Change> changes;
    std::vector<Send> sends;
    std::vector<Notice> notices;
    std::vector<Reply> replies;
    // When Tick is due; absent: nothing waits for time.
    std::optional<TimePoint> next_deadline;

    void clear();
};

}  // namespace muster::core
