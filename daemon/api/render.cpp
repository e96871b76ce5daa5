#include "daemon/api/render.hpp"

#include "daemon/api/job_spec.hpp"
#include "daemon/api/readiness.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

namespace muster::api {
namespace json = boost::json;

json::value time_json(TimePoint time) {
    return time == TimePoint{} ? json::value(nullptr) : json::value(format_utc(time));
}

json::object tally_json(const core::Tally& tally) {
    return {{"selected", tally.selected()},
            {"succeeded", tally.succeeded},
            {"failed", tally.failed},
            {"pending", tally.pending}};
}

json::object drift_json(const core::Drift& drift) {
    const auto list = [](const std::vector<std::string>& ids) { return json::array(ids.begin(), ids.end()); };
    return {{"added", list(drift.added)},
            {"left", list(drift.left)},
            {"deleted", list(drift.deleted)},
            {"broken", drift.broken.empty() ? json::value(nullptr) : json::value(drift.broken)}};
}

namespace {

json::array outcomes_json(const std::vector<core::OutcomeCount>& outcomes) {
    json::array lines;
    for (const auto& line : outcomes) {
        const auto reason = core::to_string(line.reason);
        lines.push_back(json::object{{"status", core::to_string(line.state)},
                                     {"reason", reason.empty() ? json::value(nullptr) : json::value(reason)},
                                     {"message", line.message},
                                     {"count", line.count}});
    }
    return lines;
}

json::value template_of(const core::Job& job) {
    if (job.template_version == 0) {
        return nullptr;
    }
    return json::object{{"name", job.template_name}, {"version", job.template_version}};
}

}  // namespace

json::object job_json(const core::Job& job, JobDetail detail) {
    json::object object;
    object.emplace("job", static_cast<std::uint64_t>(job.id));
    object.emplace("revision", job.revision);
    write_job_spec(job.spec, object);
    if (detail != JobDetail::full) {
        object.erase("operations");
        object.erase("selection");
    }
    if (detail == JobDetail::topic) {
        object.erase("policy");
    }
    object.emplace("status", core::to_string(job.state));
    object.emplace("detail", job.state == core::JobState::pending ? "saved, not run yet" : "");
    object.emplace("tally", tally_json(job.tally));
    object.emplace("template", template_of(job));
    object.emplace("parent", job.parent == JobId::none ? json::value(nullptr)
                                                       : json::value(static_cast<std::uint64_t>(job.parent)));
    object.emplace("created_by", job.created_by);
    object.emplace("created_at", time_json(job.created_at));
    object.emplace("started_at", time_json(job.started_at));
    object.emplace("ended_at", time_json(job.ended_at));
    if (detail == JobDetail::full) {
        object.emplace("outcomes", outcomes_json(job.outcomes));
    }
    return object;
}

json::object new_values(const core::JobSpec& spec) {
    json::object values;
    if (spec.type != core::JobType::commands) {
        for (const auto& operation : spec.operations) {
            values.emplace(operation.name, operation.value);
        }
    }
    return values;
}

std::string detail_of(const core::Execution& execution, const core::Job& job, const core::Engine& engine) {
    const auto* run = engine.executions().find(job.id);
    if (execution.state != core::ExecutionState::pending || run == nullptr) {
        return {};
    }
    return engine.executions().detail(*run, execution.ordinal);
}

std::string late_text(const core::Execution& execution) {
    if (execution.late_code == 0) {
        return {};
    }
    const auto since = execution.last_sent_at == TimePoint{} ? execution.finished_at : execution.last_sent_at;
    return "answered " + std::to_string(execution.late_code) + " after " +
           format_duration(execution.late_at - since);
}

json::object execution_json(const core::Execution& execution, const core::Job& job,
                            const core::Engine& engine) {
    const auto* device = engine.registry().get(execution.device.text());
    const auto reason = core::to_string(execution.reason);
    const auto late = late_text(execution);
    auto written = new_values(job.spec);
    json::object object;
    object.emplace("device", execution.device.text());
    object.emplace("name", device == nullptr ? execution.device.text() : device->shown_name());
    object.emplace("deleted", device == nullptr);
    object.emplace("status", core::to_string(execution.state));
    object.emplace("reason", reason.empty() ? json::value(nullptr) : json::value(reason));
    object.emplace("message", execution.message);
    object.emplace("detail", detail_of(execution, job, engine));
    object.emplace("attempts", execution.attempts);
    object.emplace("progress", execution.phase == core::Phase::in_progress ? json::value(execution.progress)
                                                                           : json::value(nullptr));
    object.emplace("first_sent_at", time_json(execution.first_sent_at));
    object.emplace("last_sent_at", time_json(execution.last_sent_at));
    object.emplace("finished_at", time_json(execution.finished_at));
    const auto& old = execution.old_values;
    object.emplace("old", old.empty() ? json::value(nullptr)
                                      : parse_json(old, old.size(), limits::kRequestJsonDepth).value());
    object.emplace("new", written.empty() ? json::value(nullptr) : json::value(std::move(written)));
    object.emplace("late", late.empty() ? json::value(nullptr) : json::value(late));
    return object;
}

json::object device_json(const core::Device& device, const core::Engine& engine) {
    const auto* in_force = engine.catalog().find_template(device.template_name);
    return {{"device", device.id.text()},
            {"template", device.template_name.view()},
            {"name", device.shown_name()},
            {"tags", device.tags.object()},
            {"properties", device.properties.object()},
            {"settings", device.settings.object()},
            {"reported", device.reported.object()},
            {"online", device.online},
            {"since", time_json(device.presence_since)},
            {"remembers", device.remembers},
            {"gateway", in_force != nullptr && in_force->body->gateway}};
}

json::object set_json(const core::Catalog::SetEntry& entry) {
    return {{"set", entry.set.name},
            {"title", entry.set.title},
            {"description", entry.set.description},
            {"template", entry.set.template_name},
            {"query", entry.set.query},
            {"revision", entry.set.revision},
            {"broken", entry.broken.empty() ? json::value(nullptr) : json::value(entry.broken)}};
}

json::object gateway_json(const GatewayState& gateway, TimePoint now) {
    return {{"version", gateway.version},
            {"started_at", time_json(gateway.started_at)},
            {"broker", json::object{{"connected", gateway.broker_connected},
                                    {"url", gateway.broker},
                                    {"mqtt_version", gateway.mqtt_version},
                                    {"since", time_json(gateway.broker_since)},
                                    {"detail", gateway.broker_detail}}},
            {"http", json::object{{"url", gateway.console.url}}},
            {"store", store_json(gateway)},
            {"readiness", readiness_json(readiness(gateway, now))}};
}

json::object status_json(const View& view) {
    json::object jobs;
    for (const auto state : {core::JobState::pending, core::JobState::running, core::JobState::completed,
                             core::JobState::failed, core::JobState::stopped}) {
        jobs.emplace(core::to_string(state), 0);
    }
    for (const auto& [id, job] : view.engine.jobs()) {
        auto& count = jobs.at(core::to_string(job->state));
        count = count.to_number<std::int64_t>() + 1;
    }
    auto object = gateway_json(view.gateway, view.now);
    object.emplace("devices", json::object{{"total", view.engine.registry().size()},
                                           {"online", view.engine.registry().online()}});
    object.emplace("jobs", std::move(jobs));
    object.emplace("counters", view.gateway.counters);
    if (view.examiner != nullptr) {
        object.emplace("disk", view.examiner->disk());
    }
    return object;
}

}  // namespace muster::api
