// What a step of the engine changed: the rows the store must hold before
// anything is published or answered. A change is whole: applying a list of
// changes twice gives the same rows as applying it once.
#pragma once

#include "daemon/core/device.hpp"
#include "daemon/core/device_ids.hpp"
#include "daemon/core/device_set.hpp"
#include "daemon/core/execution.hpp"
#include "daemon/core/job.hpp"
#include "daemon/core/template.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace muster::core {

// Jobs change seldom and are large, so a change holds a shared snapshot.
struct PutJob {
    std::shared_ptr<const Job> job;
};
struct DeleteJob {  // and its executions
    JobId job;
};
// One Pending, queued execution per device, ordinals from 0 in this order.
struct CreateExecutions {
    JobId job;
    std::shared_ptr<const DeviceIds> devices;
};
// Overwrites everything but device, old_values where empty, and the late answer.
struct PutExecution {
    Execution execution;
};
// Applies only to a Failed execution of that job, ordinal and device, at that
// operation, that was not ended by the device's own answer (rejected,
// device_error) and has no late answer yet; otherwise it changes nothing.
struct PutLateAnswer {
    JobId job;
    std::uint32_t ordinal;
    DeviceId device;
    std::int32_t code;
    TimePoint at;
    std::uint16_t operation = 0;
};
struct PutDevice {
    Device device;
};
struct PutPresence {
    DeviceId device;
    bool online;
    TimePoint since;
};
struct DeleteDevice {
    DeviceId device;
};
struct PutSet {
    DeviceSet set;
};
struct DeleteSet {
    std::string name;
};
// Adds this version; earlier ones stay for the jobs that were run with them.
struct PutTemplate {
    StoredTemplate stored;
};
// Takes the oldest lines from the audit log that are older than `before`: so many
// at most, and never the newest, whose number counts on. Each time it is applied.
inline constexpr std::size_t kAuditTrimmed = 2'000;
struct TrimAudit {
    TimePoint before{};
};
// One line of the audit log. The store numbers the entries.
struct AuditEntry {
    TimePoint at{};
    std::string user;
    std::string action;   // the verb: "job/run"
    std::string subject;  // what it was done to: "42", "refrigerators"
    std::string detail;   // JSON object text, or empty

    friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

using Change = std::variant<PutJob, DeleteJob, CreateExecutions, PutExecution, PutLateAnswer, PutDevice,
                            PutPresence, DeleteDevice, PutSet, DeleteSet, PutTemplate, AuditEntry, TrimAudit>;

// All that the engine needs to go on where it was: everything but the
// executions of jobs that are neither Running nor Stopped.
struct Snapshot {
    std::array<std::uint8_t, 16> operation_key{};  // of this gateway; made by the store once
    std::vector<StoredTemplate> templates;         // every version, oldest first
    std::vector<DeviceSet> sets;
    std::deque<Device> devices;         // by id; a deque, so that they can be taken over one by one
    std::vector<Job> jobs;              // by id
    std::vector<Execution> executions;  // of Running and Stopped jobs, by (job, ordinal)
    std::uint64_t last_job = 0;         // highest job id ever given, deleted ones too
    // A number that each restore from a backup draws anew, 0 before the first: what
    // is run from then on has ids that were never given (restoration.hpp).
    std::uint64_t epoch = 0;
};

}  // namespace muster::core
