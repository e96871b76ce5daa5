// The verbs about the gateway itself and what was done with it: status, doctor,
// session/get, console/open, audit/list.
#include "daemon/api/console_token.hpp"
#include "daemon/api/handlers.hpp"
#include "daemon/api/render.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

namespace muster::api {
namespace json = boost::json;
namespace {

// Details are JSON that the engine wrote; what cannot be read any more is shown as text.
json::value detail_json(const std::string& detail) {
    if (detail.empty()) {
        return nullptr;
    }
    auto value = parse_json(detail, detail.size(), limits::kRequestJsonDepth);
    return value ? std::move(value).value() : json::value(detail);
}

json::object audit_json(const store::NumberedAudit& audit) {
    const auto& entry = audit.entry;
    return {{"number", audit.number}, {"at", time_json(entry.at)}, {"user", entry.user},
            {"action", entry.action}, {"subject", entry.subject},  {"detail", detail_json(entry.detail)}};
}

store::AuditQuery read_audit_query(Fields& fields) {
    store::AuditQuery query;
    const auto page = read_page(fields);
    query.most = page.limit;
    query.filter = {fields.text("user", limits::kUserNameLength), fields.text("action", limits::kVerbLength),
                    fields.text("subject", limits::kNameLength)};
    if (!page.cursor.empty() && (!read_number(page.cursor, query.before) || query.before == 0)) {
        fields.mistake("cursor", "is not one that an earlier page gave");
    }
    return query;
}

}  // namespace

namespace handlers {

Result<Prepared> status(const Call& call, const View&) {
    Fields fields(call.body);
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([](const View& view) -> Result<json::object> { return status_json(view); });
}

Result<Prepared> doctor(const Call& call, const View&) {
    Fields fields(call.body);
    const bool check_store = fields.boolean("check_store").value_or(false);
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([check_store](const View& view) -> Result<json::object> {
        auto found = status_json(view);
        if (view.examiner != nullptr) {
            for (auto& [name, value] : view.examiner->examine(check_store)) {
                found.insert_or_assign(name, std::move(value));
            }
        }
        found.emplace("window", view.gateway.link_window);
        return found;
    });
}

Result<Prepared> session_get(const Call& call, const View&) {
    Fields fields(call.body);
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([user = call.user, role = call.role](const View& view) -> Result<json::object> {
        return json::object{{"user", user}, {"role", to_string(role)}, {"version", view.gateway.version}};
    });
}

Result<Prepared> audit_list(const Call& call, const View&) {
    Fields fields(call.body);
    auto query = read_audit_query(fields);
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([query = std::move(query)](const View& view) -> Result<json::object> {
        const auto page = view.store.audit(query);
        if (!page) {
            return page.error();
        }
        json::array items;
        for (const auto& audit : page->items) {
            items.push_back(audit_json(audit));
        }
        return page_json(std::move(items), page->next == 0 ? std::string{} : std::to_string(page->next));
    });
}

Result<Prepared> console_open(const Call& call, const View&) {
    Fields fields(call.body);
    if (const auto checked = fields.finish(); !checked) {
        return checked.error();
    }
    return question([user = call.user](const View& view) -> Result<json::object> {
        const auto& [url, key] = view.gateway.console;
        if (url.empty()) {
            return make_error(ErrorCode::unavailable,
                              "musterd serves no HTTP: set http.listen in its configuration");
        }
        const auto expires = view.now + kConsoleTokenLife;
        const auto token = make_console_token(key, user, expires);
        return json::object{{"url", url},
                            {"token", token},
                            {"expires_at", time_json(expires)},
                            {"address", url + "/#token=" + token}};
    });
}

}  // namespace handlers
}  // namespace muster::api
