// The verbs device/*, set/* and template/*.
#include "daemon/api/handlers.hpp"
#include "daemon/api/render.hpp"
#include "protocol/limits.hpp"

#include <algorithm>

namespace muster::api {
namespace json = boost::json;
namespace {

constexpr std::size_t kDeviceJobs = 20;  // latest executions shown with a device

struct DeviceQuery {
    Page page;
    std::string search;
    std::optional<std::string> template_name;
    std::optional<bool> online;
    std::optional<core::Query> query;
};

bool passes(const core::Device& device, const DeviceQuery& query) {
    return (!query.template_name || device.template_name == *query.template_name) &&
           (!query.online || device.online == *query.online) &&
           (query.search.empty() || device.id.text().find(query.search) != std::string::npos ||
            device.name.find(query.search) != std::string::npos) &&
           (!query.query || query.query->matches(device));
}

// One page of the devices that `wanted` accepts, by id.
template <class Wanted>
json::object list_devices(const core::Engine& engine, const Page& page, Wanted wanted) {
    json::array items;
    std::string next;
    engine.registry().for_each_after(page.cursor, [&](core::DeviceIndex, const core::Device& device) {
        if (!wanted(device)) {
            return true;
        }
        if (items.size() == page.limit) {
            next = std::string(items.back().at("device").as_string());
            return false;
        }
        items.push_back(device_json(device, engine));
        return true;
    });
    return page_json(std::move(items), next);
}

void read_query(Fields& fields, std::optional<core::Query>& query) {
    if (const auto text = fields.text("query", limits::kQueryLength)) {
        auto parsed = core::Query::parse(*text);
        if (parsed) {
            query = std::move(parsed).value();
            return;
        }
        for (const auto& detail : parsed.error().details) {
            fields.mistake(detail.field, detail.message);
        }
    }
}

Error no_such(std::string_view kind, std::string_view name) {
    return make_error(ErrorCode::not_found, "there is no " + std::string(kind) + " " + std::string(name));
}

std::string_view changed_text(const core::Answer* answer) {
    return core::to_string(std::get<core::PutAnswer>(*answer).changed);
}

}  // namespace

namespace handlers {

Result<Prepared> device_list(const Call& call, const View&) {
    Fields fields(call.body);
    DeviceQuery query;
    query.page = read_page(fields);
    query.search = fields.text("search", limits::kNameLength).value_or(std::string{});
    query.template_name = fields.text("template", limits::kNameLength);
    query.online = fields.boolean("online");
    read_query(fields, query.query);
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([query = std::move(query)](const View& view) -> Result<json::object> {
        return list_devices(view.engine, query.page,
                            [&query](const core::Device& device) { return passes(device, query); });
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
                auto item = execution_json(execution, *job, view.engine);
                item.emplace("job", static_cast<std::uint64_t>(job->id));
                item.emplace("job_name", job->spec.name);
                jobs.push_back(std::move(item));
            }
        }
        auto object = device_json(*device, view.engine);
        object.emplace("jobs", std::move(jobs));
        return object;
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

Result<Prepared> set_list(const Call& call, const View&) {
    Fields fields(call.body);
    const auto page = read_page(fields);
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([page](const View& view) -> Result<json::object> {
        json::array items;
        const auto& sets = view.engine.catalog().sets();
        auto at = page.cursor.empty() ? sets.begin() : sets.upper_bound(page.cursor);
        for (; at != sets.end() && items.size() < page.limit; ++at) {
            items.push_back(set_json(at->second));
        }
        return page_json(std::move(items), at == sets.end() ? std::string{} : std::prev(at)->first);
    });
}

Result<Prepared> set_get(const Call& call, const View&) {
    Fields fields(call.body);
    const auto name = fields.required_text("set", limits::kNameLength);
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([name](const View& view) -> Result<json::object> {
        const auto* entry = view.engine.catalog().find_set(name);
        if (entry == nullptr) {
            return no_such("device set", name);
        }
        auto object = set_json(*entry);
        const auto count =
            entry->broken.empty() ? view.engine.catalog().evaluate(*entry, view.engine.registry()).size() : 0;
        object.emplace("devices", count);
        return object;
    });
}

Result<Prepared> set_put(const Call& call, const View&) {
    Fields fields(call.body);
    core::request::PutSet asked;
    asked.set.name = fields.required_text("set", limits::kNameLength);
    asked.set.title = fields.text("title", limits::kJobNameLength).value_or(std::string{});
    asked.set.description = fields.text("description", limits::kDescriptionLength).value_or(std::string{});
    asked.set.template_name = fields.required_text("template", limits::kNameLength);
    asked.set.query = fields.text("query", limits::kQueryLength).value_or(std::string{});
    if (const auto revision = fields.integer("revision", 1, std::numeric_limits<std::int64_t>::max())) {
        asked.revision = static_cast<std::uint64_t>(*revision);
    }
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return Prepared{std::move(asked),
                    [](const View& view, const core::Answer* answer) -> Result<json::object> {
                        const auto& put = std::get<core::PutAnswer>(*answer);
                        const auto* entry = view.engine.catalog().find_set(put.name);
                        auto object = entry == nullptr ? json::object{} : set_json(*entry);
                        object.emplace("changed", changed_text(answer));
                        return object;
                    }};
}

Result<Prepared> set_delete(const Call& call, const View&) {
    Fields fields(call.body);
    core::request::DeleteSet asked{fields.required_text("set", limits::kNameLength)};
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return request_only(std::move(asked));
}

namespace {

json::object preview(const core::Engine& engine, const core::Catalog::SetEntry& entry, const Page& page) {
    if (!entry.broken.empty()) {
        auto object = page_json({}, {});
        object.emplace("count", 0);
        object.emplace("broken", entry.broken);
        return object;
    }
    auto object = list_devices(engine, page, [&entry](const core::Device& device) {
        return core::Catalog::contains(entry, device);
    });
    object.emplace("count", engine.catalog().evaluate(entry, engine.registry()).size());
    object.emplace("broken", nullptr);
    return object;
}

}  // namespace

Result<Prepared> set_preview(const Call& call, const View&) {
    Fields fields(call.body);
    const auto name = fields.text("set", limits::kNameLength);
    core::Catalog::SetEntry draft;
    draft.set.template_name = fields.text("template", limits::kNameLength).value_or(std::string{});
    read_query(fields, draft.query);
    const auto page = read_page(fields);
    if (name.has_value() == fields.has("template") || (name && fields.has("query"))) {
        fields.mistake("set", "name a device set, or give template and query");
    }
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([name, draft = std::move(draft), page](const View& view) mutable -> Result<json::object> {
        if (name) {
            const auto* entry = view.engine.catalog().find_set(*name);
            return entry == nullptr ? Result<json::object>(no_such("device set", *name))
                                    : preview(view.engine, *entry, page);
        }
        const auto* in_force = view.engine.catalog().find_template(draft.set.template_name);
        if (in_force == nullptr) {
            return no_such("template", draft.set.template_name);
        }
        if (!draft.query) {
            draft.query = core::Query::parse("").value();
        }
        if (const auto checked = draft.query->check(*in_force->body); !checked) {
            return checked.error();
        }
        return preview(view.engine, draft, page);
    });
}

namespace {

json::object template_json(const core::StoredTemplate& stored) {
    return {{"template", stored.body->name}, {"version", stored.version}, {"document", stored.body->source}};
}

}  // namespace

Result<Prepared> template_list(const Call& call, const View&) {
    Fields fields(call.body);
    const auto page = read_page(fields);
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([page](const View& view) -> Result<json::object> {
        std::map<std::string, std::size_t, std::less<>> devices;
        view.engine.registry().for_each_after("", [&devices](core::DeviceIndex, const core::Device& device) {
            ++devices[device.template_name];
            return true;
        });
        json::array items;
        for (const auto* stored : view.engine.catalog().templates()) {
            const auto& body = *stored->body;
            if (body.name <= page.cursor) {
                continue;
            }
            if (items.size() == page.limit) {
                const auto last = std::string(items.back().at("template").as_string());
                return page_json(std::move(items), last);
            }
            items.push_back(json::object{{"template", body.name},
                                         {"title", body.title},
                                         {"gateway", body.gateway},
                                         {"version", stored->version},
                                         {"devices", devices[body.name]}});
        }
        return page_json(std::move(items), {});
    });
}

Result<Prepared> template_get(const Call& call, const View&) {
    Fields fields(call.body);
    const auto name = fields.required_text("template", limits::kNameLength);
    const auto version = fields.integer("version", 1, std::numeric_limits<std::int64_t>::max());
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([name, version](const View& view) -> Result<json::object> {
        const auto& catalog = view.engine.catalog();
        const auto* stored = version ? catalog.find_template(name, static_cast<std::uint64_t>(*version))
                                     : catalog.find_template(name);
        return stored == nullptr ? Result<json::object>(no_such("template", name)) : template_json(*stored);
    });
}

Result<Prepared> template_put(const Call& call, const View&) {
    Fields fields(call.body);
    const auto* document = fields.any("document");
    if (document == nullptr) {
        fields.mistake("document", "is missing");
    }
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    auto body = core::Template::parse(*document);
    if (!body) {
        return body.error();
    }
    core::request::PutTemplate asked{std::make_shared<const core::Template>(std::move(body).value())};
    return Prepared{std::move(asked),
                    [](const View& view, const core::Answer* answer) -> Result<json::object> {
                        const auto& put = std::get<core::PutAnswer>(*answer);
                        const auto* stored = view.engine.catalog().find_template(put.name);
                        auto object = stored == nullptr ? json::object{} : template_json(*stored);
                        object.emplace("changed", changed_text(answer));
                        return object;
                    }};
}

Result<Prepared> template_delete(const Call& call, const View&) {
    Fields fields(call.body);
    core::request::DeleteTemplate asked{fields.required_text("template", limits::kNameLength)};
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return request_only(std::move(asked));
}

}  // namespace handlers
}  // namespace muster::api
