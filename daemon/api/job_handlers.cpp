// The verbs job/*, but for those that list executions (execution_handlers.cpp).
#include "daemon/api/handlers.hpp"
#include "daemon/api/job_spec.hpp"
#include "daemon/api/render.hpp"
#include "daemon/api/request_mark.hpp"
#include "daemon/core/text.hpp"
#include "protocol/limits.hpp"

#include <algorithm>

namespace muster::api {
namespace json = boost::json;
namespace {

constexpr std::size_t kDigestBytes = 64;

// The job that the engine's answer names, with what drifted.
Result<json::object> answered_job(const View& view, const core::Answer* answer) {
    const auto& named = std::get<core::JobAnswer>(*answer);
    auto object = job_json(*view.engine.find_job(named.job), JobDetail::full);
    if (named.drift) {
        object.emplace("drift", drift_json(*named.drift));
    }
    return object;
}

Result<Prepared> on_job(core::Request request) {
    return Prepared{std::move(request), answered_job};
}

// Devices of the job's executions that pass the filter, from the store.
Result<std::vector<DeviceId>> devices_of(const View& view, JobId job, const store::ExecutionFilter& filter) {
    std::vector<DeviceId> devices;
    std::optional<store::ExecutionPosition> from = store::ExecutionPosition{};
    while (from) {
        auto page =
            view.store.executions({.job = job, .filter = filter, .from = from, .most = limits::kPageMost});
        if (!page) {
            return page.error();
        }
        for (auto& execution : page->items) {
            devices.push_back(std::move(execution.device));
        }
        from = page->next;
    }
    return devices;
}

}  // namespace

namespace handlers {

Result<Prepared> job_save(const Call& call, const View&) {
    Fields fields(call.body);
    core::request::SaveJob asked;
    asked.job = fields.job().value_or(JobId::none);
    asked.revision = fields.revision("revision");
    asked.mark = read_mark(fields, call);
    asked.spec = read_job_spec(fields);
    asked.run = fields.boolean("run").value_or(false);
    asked.digest = fields.text("digest", kDigestBytes);
    if (asked.digest && !asked.run) {
        fields.mistake("digest", "goes with run");
    }
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return on_job(std::move(asked));
}

Result<Prepared> job_run(const Call& call, const View&) {
    Fields fields(call.body);
    core::request::RunJob asked{fields.required_job(), fields.text("digest", kDigestBytes), read_key(fields)};
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return on_job(std::move(asked));
}

Result<Prepared> job_stop(const Call& call, const View&) {
    Fields fields(call.body);
    const core::request::StopJob asked{fields.required_job()};
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return on_job(asked);
}

Result<Prepared> job_copy(const Call& call, const View& view) {
    Fields fields(call.body);
    core::request::CopyJob asked{fields.required_job(), {}, read_mark(fields, call)};
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    auto devices = devices_of(view, asked.job, {});
    if (!devices) {
        return devices.error();
    }
    asked.devices = std::move(devices).value();
    return on_job(std::move(asked));
}

Result<Prepared> job_rerun(const Call& call, const View& view) {
    Fields fields(call.body);
    core::request::RerunJob asked{fields.required_job(), {}, false, read_mark(fields, call)};
    asked.run = fields.boolean("run").value_or(false);
    store::ExecutionFilter filter{core::ExecutionState::failed, std::nullopt,
                                  fields.text("message", limits::kRequestBytes)};
    if (const auto reason = fields.text("reason", limits::kNameLength)) {
        filter.reason = core::parse_reason(*reason);
        if (!filter.reason) {
            fields.mistake("reason", "is " + *reason + "; it is none of the reasons of a failure");
        }
    }
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    auto devices = devices_of(view, asked.job, filter);
    if (!devices) {
        return devices.error();
    }
    asked.devices = std::move(devices).value();
    return on_job(std::move(asked));
}

Result<Prepared> job_delete(const Call& call, const View&) {
    Fields fields(call.body);
    const core::request::DeleteJob asked{fields.required_job(), fields.revision("revision")};
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return request_only(asked);
}

Result<Prepared> job_get(const Call& call, const View&) {
    Fields fields(call.body);
    const auto id = fields.required_job();
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([id](const View& view) -> Result<json::object> {
        const auto* job = view.engine.find_job(id);
        if (job == nullptr) {
            return no_such_job(id);
        }
        auto object = job_json(*job, JobDetail::full);
        if (const auto drift = view.engine.drift_of(*job)) {
            object.emplace("drift", drift_json(*drift));
        }
        return object;
    });
}

namespace {

struct JobQuery {
    std::optional<core::JobState> status;
    std::optional<core::JobType> type;
    std::optional<std::string> set;
    std::string search;
    Page page;
};

bool passes(const core::Job& job, const JobQuery& query) {
    return (!query.status || job.state == *query.status) && (!query.type || job.spec.type == *query.type) &&
           (!query.set || job.spec.set == *query.set) &&
           (core::contains_in_any_case(job.spec.name, query.search) ||
            core::contains_in_any_case(job.spec.description, query.search));
}

// Running jobs first, then the newest first: the order of every list (A19).
// A cursor names the last job of its page, "r41" while that ran, else "e41".
json::object list_jobs(const core::Engine::Jobs& jobs, const JobQuery& query) {
    json::array items;
    std::string next;
    const auto running_done = !query.page.cursor.empty() && query.page.cursor.front() == 'e';
    const auto after =
        query.page.cursor.empty() ? Result<JobId>(JobId::none) : parse_job_id(query.page.cursor.substr(1));
    for (const auto running : {true, false}) {
        for (auto at = jobs.rbegin(); at != jobs.rend(); ++at) {
            const auto& job = *at->second;
            const auto in_cursor_group = !query.page.cursor.empty() && running != running_done;
            if ((job.state == core::JobState::running) != running || (running && running_done) ||
                (in_cursor_group && after && job.id >= *after) || !passes(job, query)) {
                continue;
            }
            if (items.size() == query.page.limit) {
                return page_json(std::move(items), next);
            }
            items.push_back(job_json(job, JobDetail::listed));
            next = (running ? "r" : "e") + muster::to_string(job.id);
        }
    }
    return page_json(std::move(items), {});
}

}  // namespace

Result<Prepared> job_list(const Call& call, const View&) {
    Fields fields(call.body);
    JobQuery query;
    query.page = read_page(fields);
    query.search = fields.text("search", limits::kJobNameLength).value_or(std::string{});
    if (const auto status = fields.text("status", limits::kNameLength)) {
        query.status = core::parse_job_state(*status);
        if (!query.status) {
            fields.mistake("status",
                           "is " + *status + "; Pending, Running, Completed, Failed and Stopped are allowed");
        }
    }
    if (const auto type = fields.text("type", limits::kNameLength)) {
        query.type = core::parse_job_type(*type);
        if (!query.type) {
            fields.mistake("type", "is " + *type + "; settings, properties and commands are allowed");
        }
    }
    query.set = fields.text("set", limits::kNameLength);
    const auto& cursor = query.page.cursor;
    if (!cursor.empty() && ((cursor[0] != 'r' && cursor[0] != 'e') || !parse_job_id(cursor.substr(1)))) {
        fields.mistake("cursor", "is not one that an earlier page gave");
    }
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([query = std::move(query)](const View& view) -> Result<json::object> {
        return list_jobs(view.engine.jobs(), query);
    });
}

}  // namespace handlers
}  // namespace muster::api
