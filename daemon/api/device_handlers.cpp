// The verbs device/*.
#include "daemon/api/device_list.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/api/render.hpp"
#include "protocol/limits.hpp"

namespace muster::api {
namespace json = boost::json;
namespace {

constexpr std::size_t kDeviceJobs = 20;  // latest executions shown with a device

// An execution in the history of its device.
json::object history_json(const core::Execution& execution, const core::Job& job,
                          const core::Engine& engine) {
    auto item = execution_json(execution, job, engine);
    item.emplace("job", static_cast<std::uint64_t>(job.id));
    item.emplace("job_name", job.spec.name);
    item.emplace("job_status", core::to_string(job.state));
    return item;
}

}  // namespace

namespace handlers {

Result<Prepared> device_list(const Call& call, const View&) {
    Fields fields(call.body);
    DeviceQuery query;
    read_device_filter(fields, query);
    query.filter.template_name = fields.text("template", limits::kNameLength);
    read_query(fields, query.filter.query);
    const auto page = read_page(fields);
    const auto sorting = read_sorting(fields, device_orders());
    auto after = read_place(fields, sorting, page);
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([query = std::move(query), page, sorting,
                     after = std::move(after)](const View& view) -> Result<json::object> {
        static_cast<void>(count_devices(view.engine.registry(), query));
        return list_devices(view.engine, page, sorting, after, query);
    });
}

Result<Prepared> device_get(const Call& call, const View&) {
    Fields fields(call.body);
    auto id = fields.required_device("device");
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([id = std::move(id)](const View& view) -> Result<json::object> {
        const auto* device = view.engine.registry().get(id.text());
        if (device == nullptr) {
            return no_such("device", id.text());
        }
        const auto executions = view.store.device_executions(id, JobId::none, kDeviceJobs);
        if (!executions) {
            return executions.error();
        }
        json::array jobs;
        for (const auto& execution : *executions) {
            if (const auto* job = view.engine.find_job(execution.job)) {
                jobs.push_back(history_json(execution, *job, view.engine));
            }
        }
        auto object = device_json(*device, view.engine);
        object.emplace("jobs", std::move(jobs));
        return object;
    });
}

Result<Prepared> device_jobs(const Call& call, const View&) {
    Fields fields(call.body);
    auto id = fields.required_device("device");
    const auto page = read_page(fields);
    const auto before = page.cursor.empty() ? Result<JobId>(JobId::none) : parse_job_id(page.cursor);
    if (!before) {
        fields.mistake("cursor", "is not one that an earlier page gave");
    }
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([id = std::move(id), page, before = *before](const View& view) -> Result<json::object> {
        const auto executions = view.store.device_executions(id, before, page.limit + 1);
        if (!executions) {
            return executions.error();
        }
        // A deleted device still has its history.
        if (executions->empty() && view.engine.registry().get(id.text()) == nullptr) {
            return no_such("device", id.text());
        }
        json::array items;
        std::string next;
        for (const auto& execution : *executions) {
            if (items.size() == page.limit) {
                return page_json(std::move(items), next);
            }
            if (const auto* job = view.engine.find_job(execution.job)) {
                items.push_back(history_json(execution, *job, view.engine));
                next = muster::to_string(job->id);
            }
        }
        return page_json(std::move(items), {});
    });
}

Result<Prepared> device_put(const Call& call, const View&) {
    Fields fields(call.body);
    core::request::PutDevice asked;
    asked.device = fields.required_device("device");
    asked.template_name = fields.text("template", limits::kNameLength);
    asked.name = fields.text("name", limits::kJobNameLength);
    if (const auto* tags = fields.object("tags")) {
        asked.tags = *tags;
    }
    if (const auto* properties = fields.object("properties")) {
        asked.properties = *properties;
    }
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return Prepared{std::move(asked),
                    [](const View& view, const core::Answer* answer) -> Result<json::object> {
                        const auto& put = std::get<core::PutAnswer>(*answer);
                        const auto* device = view.engine.registry().get(put.name);
                        auto object = device == nullptr ? json::object{} : device_json(*device, view.engine);
                        object.emplace("changed", changed_text(answer));
                        return object;
                    }};
}

Result<Prepared> device_delete(const Call& call, const View&) {
    Fields fields(call.body);
    core::request::DeleteDevice asked{fields.required_device("device")};
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return request_only(std::move(asked));
}

}  // namespace handlers
}  // namespace muster::api
