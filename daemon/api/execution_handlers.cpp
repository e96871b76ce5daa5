// The verbs that show what a job did or would do, device by device: job/plan,
// job/devices, job/csv.
#include "daemon/api/csv.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/api/job_spec.hpp"
#include "daemon/api/render.hpp"
#include "daemon/api/sorting.hpp"
#include "protocol/limits.hpp"

namespace muster::api {
namespace json = boost::json;
namespace {

json::object planned_json(const core::PlannedDevice& planned, const core::Plan& plan,
                          const core::Engine& engine) {
    const auto* device = engine.registry().get(planned.device);
    json::array changes;
    if (device != nullptr && plan.spec.type != core::JobType::commands) {
        const auto old = core::old_values(plan.spec, *device);
        for (std::size_t i = 0; i < old.size(); ++i) {
            const auto& operation = plan.spec.operations[i];
            changes.push_back(
                json::object{{"name", operation.name}, {"old", old[i]}, {"new", operation.value}});
        }
    }
    return {{"device", planned.device},
            {"name", device == nullptr ? planned.device : device->shown_name()},
            {"effect", core::to_string(planned.effect)},
            {"changes", std::move(changes)}};
}

json::object plan_json(const core::Plan& plan, const core::Engine& engine, std::size_t from,
                       std::size_t most) {
    json::array items;
    json::object by_effect;
    for (std::size_t effect = 0; effect < plan.counts.size(); ++effect) {
        by_effect.emplace(core::to_string(static_cast<core::PlanEffect>(effect)), plan.counts[effect]);
    }
    auto at = from;
    for (; at < plan.devices.size() && items.size() < most; ++at) {
        items.push_back(planned_json(plan.devices[at], plan, engine));
    }
    auto object = page_json(
        std::move(items), at < plan.devices.size() ? std::to_string(at) + '.' + plan.digest : std::string{});
    object.emplace("digest", plan.digest);
    object.emplace("template",
                   json::object{{"name", plan.template_name}, {"version", plan.template_version}});
    object.emplace("selected", plan.devices.size());
    object.emplace("messages", plan.messages);
    object.emplace("counts", std::move(by_effect));
    object.emplace("refused", plan.message.empty() ? json::value(nullptr) : json::value(plan.message));
    return object;
}

// In the order of store::ExecutionSort.
constexpr std::array<std::string_view, 6> kOrders{"ordinal",  "device",       "status",
                                                  "attempts", "last_sent_at", "finished_at"};

// The job and the page, in the order of ordinals.
store::ExecutionQuery read_plain_query(Fields& fields) {
    store::ExecutionQuery query;
    query.job = fields.required_job();
    const auto page = read_page(fields);
    query.from = store::ExecutionPosition{read_ordinal(fields, page)};
    query.most = page.limit;
    return query;
}

std::optional<store::ExecutionPosition> position_of(Fields& fields, const Sorting& sorting,
                                                    const SortedPlace& place) {
    store::ExecutionPosition position;
    const auto by_device = static_cast<store::ExecutionSort>(sorting.by) == store::ExecutionSort::device;
    if (!read_number(place.id, position.ordinal) ||
        (sorting.by != 0 && !by_device && !read_number(place.key, position.number))) {
        fields.mistake("cursor", "is not one that an earlier page gave");
    }
    position.text = by_device ? place.key : std::string{};
    return position;
}

store::ExecutionQuery read_sorted_query(Fields& fields) {
    store::ExecutionQuery query;
    query.job = fields.required_job();
    const auto page = read_page(fields);
    query.most = page.limit;
    const auto sorting = read_sorting(fields, kOrders);
    query.sort = static_cast<store::ExecutionSort>(sorting.by);
    query.descending = sorting.descending;
    if (const auto place = read_place(fields, sorting, page)) {
        query.from = position_of(fields, sorting, *place);
    }
    return query;
}

void read_filter(Fields& fields, store::ExecutionFilter& filter) {
    if (const auto status = fields.text("status", limits::kNameLength)) {
        filter.state = core::parse_execution_state(*status);
        if (!filter.state) {
            fields.mistake("status", "is " + *status + "; Completed, Failed and Pending are allowed");
        }
    }
    if (const auto reason = fields.text("reason", limits::kNameLength)) {
        filter.reason = core::parse_reason(*reason);
        if (!filter.reason) {
            fields.mistake("reason", "is " + *reason + "; it is none of the reasons of a failure");
        }
    }
    filter.message = fields.text("message", limits::kRequestBytes);
}

std::string next_of(const store::ExecutionPage& page, const store::ExecutionQuery& query) {
    if (!page.next) {
        return {};
    }
    const auto& next = *page.next;
    const Sorting sorting{kOrders, static_cast<std::size_t>(query.sort), query.descending};
    const auto key = query.sort == store::ExecutionSort::device ? next.text : std::to_string(next.number);
    return cursor_of(sorting, {std::to_string(next.ordinal), key});
}

// A page ends after these, whatever its lines hold: each repeats the job's description and values.
constexpr std::size_t kCsvPageBytes = 256 * 1024;

struct JobPage {
    const core::Job* job;
    store::ExecutionPage page;
};

Result<JobPage> find_page(const View& view, const store::ExecutionQuery& query) {
    const auto* job = view.engine.find_job(query.job);
    if (job == nullptr) {
        return no_such_job(query.job);
    }
    auto page = view.store.executions(query);
    return page ? Result<JobPage>(JobPage{job, std::move(page).value()}) : Result<JobPage>(page.error());
}

Result<json::object> devices_json(const View& view, const store::ExecutionQuery& query) {
    const auto found = find_page(view, query);
    if (!found) {
        return found.error();
    }
    json::array items;
    for (const auto& execution : found->page.items) {
        items.push_back(execution_json(execution, *found->job, view.engine));
    }
    return page_json(std::move(items), next_of(found->page, query));
}

Result<json::object> csv_json(const View& view, const store::ExecutionQuery& query) {
    auto found = find_page(view, query);
    if (!found) {
        return found.error();
    }
    auto text = query.from == store::ExecutionPosition{} ? csv_header() : std::string{};
    const CsvLines lines(*found->job, view.engine);
    for (auto execution = found->page.items.begin(); execution != found->page.items.end(); ++execution) {
        if (text.size() >= kCsvPageBytes) {
            found->page.next = store::position_of(*execution, query.sort);
            break;
        }
        lines.append(*execution, text);
    }
    const auto next = next_of(found->page, query);
    return json::object{{"csv", text}, {"next", next.empty() ? json::value(nullptr) : json::value(next)}};
}

}  // namespace

namespace handlers {

Result<Prepared> job_plan(const Call& call, const View&) {
    Fields fields(call.body);
    core::request::PlanJob asked;
    asked.job = fields.job().value_or(JobId::none);
    if (has_job_spec(fields)) {
        asked.spec = read_job_spec(fields);
        if (asked.job != JobId::none) {
            fields.mistake("job", "cannot be given with a specification");
        }
    } else if (asked.job == JobId::none && !fields.has("job")) {
        fields.mistake("job", "is missing; name a saved job, or give a specification");
    }
    // "1017.4f0c…": the next pages are of the same plan, as long as it is remembered.
    auto page = read_page(fields);
    if (const auto dot = page.cursor.find('.'); dot != std::string::npos) {
        asked.digest = page.cursor.substr(dot + 1);
        page.cursor.resize(dot);
    }
    const auto from = read_ordinal(fields, page);
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return Prepared{
        std::move(asked),
        [from, most = page.limit](const View& view, const core::Answer* answer) -> Result<json::object> {
            return plan_json(*std::get<core::PlanAnswer>(*answer).plan, view.engine, from, most);
        }};
}

Result<Prepared> job_devices(const Call& call, const View&) {
    Fields fields(call.body);
    auto query = read_sorted_query(fields);
    read_filter(fields, query.filter);
    query.filter.search = fields.text("search", limits::kDeviceIdLength).value_or(std::string{});
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([query = std::move(query)](const View& view) { return devices_json(view, query); });
}

Result<Prepared> job_csv(const Call& call, const View&) {
    Fields fields(call.body);
    const auto query = read_plain_query(fields);
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([query](const View& view) { return csv_json(view, query); });
}

}  // namespace handlers
}  // namespace muster::api
