// The verbs set/* and template/*.
#include "daemon/api/device_list.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/api/render.hpp"
#include "protocol/limits.hpp"

#include <iterator>
#include <optional>

namespace muster::api {
namespace json = boost::json;
namespace handlers {

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

namespace {

// A broken set has no devices.
DeviceCount count_of(const core::Catalog::SetEntry& entry, const core::Registry& registry) {
    return entry.broken.empty() ? count_devices(registry, {core::Catalog::filter_of(entry), std::nullopt})
                                : DeviceCount{};
}

}  // namespace

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
        const auto count = count_of(*entry, view.engine.registry());
        object.emplace("devices", count.devices);
        object.emplace("at_least", !count.exact);
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
    asked.revision = fields.revision("revision", 0);
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
    core::request::DeleteSet asked{fields.required_text("set", limits::kNameLength),
                                   fields.revision("revision")};
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return request_only(std::move(asked));
}

namespace {

json::object preview(const core::Engine& engine, const core::Catalog::SetEntry& entry,
                     const DeviceQuery& within, const Page& page) {
    auto query = within;
    query.filter.template_name = entry.set.template_name;
    query.filter.query = entry.query;
    const auto sound = entry.broken.empty();
    const auto count = count_of(entry, engine.registry());
    const auto matching = sound ? count_devices(engine.registry(), query) : DeviceCount{};
    const auto after = page.cursor.empty() ? std::nullopt : std::optional(SortedPlace{page.cursor, {}});
    auto object =
        sound ? list_devices(engine, page, Sorting{device_orders()}, after, query) : page_json({}, {});
    object.emplace("count", count.devices);
    object.emplace("matching", matching.devices);
    object.emplace("at_least", !count.exact || !matching.exact);
    object.emplace("broken", sound ? json::value(nullptr) : json::value(entry.broken));
    return object;
}

}  // namespace

Result<Prepared> set_preview(const Call& call, const View&) {
    Fields fields(call.body);
    const auto name = fields.text("set", limits::kNameLength);
    core::Catalog::SetEntry draft;
    draft.set.template_name = fields.text("template", limits::kNameLength).value_or(std::string{});
    read_query(fields, draft.query);
    DeviceQuery within;
    read_device_filter(fields, within);
    const auto page = read_page(fields);
    if (name.has_value() == fields.has("template") || (name && fields.has("query"))) {
        fields.mistake("set", "name a device set, or give template and query");
    }
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([name, draft = std::move(draft), within = std::move(within),
                     page](const View& view) mutable -> Result<json::object> {
        if (name) {
            const auto* entry = view.engine.catalog().find_set(*name);
            return entry == nullptr ? Result<json::object>(no_such("device set", *name))
                                    : preview(view.engine, *entry, within, page);
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
        return preview(view.engine, draft, within, page);
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
                                         {"devices", view.engine.registry().count_with_template(body.name)}});
        }
        return page_json(std::move(items), {});
    });
}

Result<Prepared> template_get(const Call& call, const View&) {
    Fields fields(call.body);
    const auto name = fields.required_text("template", limits::kNameLength);
    const auto version = fields.revision("version");
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([name, version](const View& view) -> Result<json::object> {
        const auto& catalog = view.engine.catalog();
        const auto* stored = version ? catalog.find_template(name, *version) : catalog.find_template(name);
        return stored == nullptr ? Result<json::object>(no_such("template", name)) : template_json(*stored);
    });
}

Result<Prepared> template_put(const Call& call, const View&) {
    Fields fields(call.body);
    const auto* document = fields.any("document");
    if (document == nullptr) {
        fields.mistake("document", "is missing");
    }
    const auto version = fields.revision("version", 0);
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    auto body = core::Template::parse(*document);
    if (!body) {
        return body.error();
    }
    core::request::PutTemplate asked{std::make_shared<const core::Template>(std::move(body).value()),
                                     version};
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
    core::request::DeleteTemplate asked{fields.required_text("template", limits::kNameLength),
                                        fields.revision("version")};
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return request_only(std::move(asked));
}

}  // namespace handlers
}  // namespace muster::api
