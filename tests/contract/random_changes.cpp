#include "tests/contract/random_changes.hpp"

#include <fmt/format.h>

namespace muster::test {

std::uint32_t RandomChanges::below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(random_() % bound);
}

std::string RandomChanges::message(std::uint32_t number) {
    return number == 0 ? "" : fmt::format("message {}", number);
}

DeviceId RandomChanges::some_device() {
    return device_id(fmt::format("fridge-{}", below(kDevices)));
}

JobId RandomChanges::some_job() {
    return JobId{1 + below(kJobs)};
}

TimePoint RandomChanges::some_time() {
    return at(below(4) == 0 ? 0 : 1'800'000'000'000 + below(1000));
}

core::Job RandomChanges::job(JobId id) {
    core::Job job = job_of(static_cast<std::uint64_t>(id), static_cast<core::JobState>(below(5)));
    job.revision = below(9);
    job.request = below(2) == 0 ? core::RequestMark{} : core::RequestMark{message(below(kMessages)), "00ff"};
    job.run_key = below(2) == 0 ? "" : "anna/k";
    job.spec.description = message(below(kMessages));
    job.spec.type = static_cast<core::JobType>(below(3));
    job.spec.selection.all = below(2) == 0;
    for (auto left = below(4); left > 0; --left) {
        job.spec.selection.devices.push_back(some_device());
    }
    job.spec.operations.push_back({"setPoint", 0.25 * below(50)});
    job.spec.policy.timeout = below(2) == 0 ? std::optional(Seconds(below(1000))) : std::nullopt;
    job.spec.policy.offline = below(2) == 0 ? std::optional(core::OfflineRule::fail) : std::nullopt;
    job.started_at = some_time();
    job.run_order = below(100);
    job.epoch = below(2) == 0 ? 0 : 7 + below(9);
    return job;
}

core::Execution RandomChanges::execution() {
    core::Execution execution = execution_of(static_cast<std::uint64_t>(some_job()), below(kDevices));
    execution.state = static_cast<core::ExecutionState>(below(3));
    execution.phase = static_cast<core::Phase>(below(6));
    execution.reason = execution.state == core::ExecutionState::failed
                           ? static_cast<core::Reason>(1 + below(7))
                           : core::Reason::none;
    execution.operation = static_cast<std::uint16_t>(below(16));
    execution.progress = static_cast<std::uint8_t>(below(101));
    execution.message = message(below(kMessages));
    execution.old_values = below(3) == 0 ? fmt::format(R"({{"fanSpeed":{}}})", below(6)) : "";
    execution.turn_at = some_time();
    execution.last_sent_at = some_time();
    if (execution.last_sent_at != TimePoint{}) {
        execution.attempts = static_cast<std::uint16_t>(below(2) == 0 ? below(3) : below(65536));
    }
    execution.not_before = some_time();
    if (execution.state != core::ExecutionState::pending) {
        execution.finished_at = at(1'800'000'000'000 + below(1000));
    }
    return execution;
}

core::Device RandomChanges::device() {
    core::Device device = full_device(some_device().text());
    device.settings.merge({{"fanSpeed", below(6)}});
    device.reported.merge({{"uptime", below(1'000'000)}});
    device.tags = below(2) == 0 ? core::Values{} : device.tags;
    device.presence_since = some_time();
    return device;
}

core::Change RandomChanges::change() {
    switch (below(20)) {
        case 0:
            return core::DeleteJob{some_job()};
        case 1:
            return put_job(job(some_job()));
        case 2:
            return core::PutDevice{device()};
        case 3:
            return core::PutPresence{some_device(), below(2) == 0, some_time()};
        case 4:
            return core::DeleteDevice{some_device()};
        case 5:
            return core::PutSet{{fmt::format("set-{}", below(4)), message(below(kMessages)), "",
                                 "refrigerator", "", below(9), some_time()}};
        case 6:
            return core::DeleteSet{fmt::format("set-{}", below(4))};
        case 7:
            return core::PutTemplate{
                template_of(below(2) == 0 ? "a" : "b", 1 + below(3), message(below(kMessages)))};
        case 8:
            return core::AuditEntry{some_time(), below(3) == 0 ? "bob" : "anna", "job/run",
                                    message(below(kMessages)), "{}"};
        case 9:
            return core::TrimAudit{some_time()};
        case 10:
        case 11:
            return core::PutLateAnswer{some_job(), below(kDevices), some_device(), 200, some_time()};
        default:
            return core::PutExecution{execution()};
    }
}

Changes RandomChanges::next() {
    Changes changes;
    if (below(3) == 0) {
        const JobId id = some_job();
        changes = {put_job(job(id)), core::CreateExecutions{id, fridges(1 + below(kDevices))}};
    }
    for (auto left = below(12); left > 0; --left) {
        changes.push_back(change());
    }
    return changes;
}

}  // namespace muster::test
