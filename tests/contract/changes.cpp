#include "tests/contract/changes.hpp"

#include "protocol/codec.hpp"

#include <fmt/format.h>

namespace muster::test {

std::shared_ptr<const core::DeviceIds> fridges(std::size_t count) {
    std::vector<DeviceId> devices;
    for (std::size_t i = 0; i < count; ++i) {
        devices.push_back(device_id(fmt::format("fridge-{}", i)));
    }
    return device_ids(devices);
}

std::shared_ptr<const core::DeviceIds> device_ids(const std::vector<DeviceId>& devices) {
    auto ids = std::make_shared<core::DeviceIds>();
    for (const auto& device : devices) {
        ids->add(device);
    }
    return ids;
}

core::Job job_of(std::uint64_t id, core::JobState state) {
    core::Job job;
    job.id = JobId{id};
    job.spec.name = fmt::format("Job {}", id);
    job.spec.set = "refrigerators";
    job.spec.operations = {{"fanSpeed", 3}};
    job.state = state;
    job.template_name = "refrigerator";
    job.template_version = 1;
    job.created_by = "anna";
    job.created_at = at(1000);
    return job;
}

core::Change put_job(core::Job job) {
    return core::PutJob{std::make_shared<const core::Job>(std::move(job))};
}

Changes job_on_fridges(std::uint64_t id, core::JobState state, std::size_t count) {
    return {put_job(job_of(id, state)), core::CreateExecutions{JobId{id}, fridges(count)}};
}

core::Execution execution_of(std::uint64_t job, std::uint32_t ordinal) {
    core::Execution execution;
    execution.job = JobId{job};
    execution.ordinal = ordinal;
    execution.device = device_id(fmt::format("fridge-{}", ordinal));
    return execution;
}

core::Execution completed(core::Execution execution, std::string message) {
    execution.state = core::ExecutionState::completed;
    execution.phase = core::Phase::done;
    execution.message = std::move(message);
    execution.finished_at = at(3000);
    return execution;
}

core::Execution failed(core::Execution execution, core::Reason reason, std::string message) {
    execution.state = core::ExecutionState::failed;
    execution.phase = core::Phase::done;
    execution.reason = reason;
    execution.message = std::move(message);
    execution.finished_at = at(4000);
    return execution;
}

core::Device full_device(std::string_view id) {
    core::Device device;
    device.id = device_id(id);
    device.template_name = "refrigerator";
    device.name = "Lobby";
    device.tags = core::Values(boost::json::object{{"site", "oslo"}});
    device.properties = core::Values(boost::json::object{{"location", "2nd floor"}});
    device.settings = core::Values(boost::json::object{{"fanSpeed", 3}});
    device.reported = core::Values(boost::json::object{{"temperature", 4}, {"open", false}});
    device.remembers = 8;
    device.online = true;
    device.presence_since = at(5000);
    return device;
}

core::StoredTemplate template_of(std::string_view name, std::uint64_t version, std::string_view title) {
    const boost::json::value document = {
        {"name", name},
        {"title", title},
        {"settings", {{"fanSpeed", {{"schema", {{"type", "integer"}, {"minimum", 0}, {"maximum", 5}}}}}}}};
    core::StoredTemplate stored;
    stored.body = std::make_shared<const core::Template>(core::Template::parse(document).value());
    stored.version = version;
    stored.changed_at = at(6000);
    return stored;
}

}  // namespace muster::test
