#include "daemon/http/routes.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace muster::http {
namespace json = boost::json;
namespace {

// clang-format off
constexpr std::array kRoutes{
    Route{Method::get,     "/api/v1/session",                    "session/get"},
    Route{Method::get,     "/api/v1/status",                     "status"},
    Route{Method::get,     "/api/v1/doctor",                     "doctor"},
    Route{Method::get,     "/api/v1/jobs",                       "job/list"},
    Route{Method::post,    "/api/v1/jobs",                       "job/save",        Body::members,  "revision", 201, true},
    Route{Method::get,     "/api/v1/jobs/{job}",                 "job/get",         Body::none,     "revision"},
    Route{Method::put,     "/api/v1/jobs/{job}",                 "job/save",        Body::members,  "revision", 200, true},
    Route{Method::delete_, "/api/v1/jobs/{job}",                 "job/delete",      Body::none,     "revision", 204},
    Route{Method::post,    "/api/v1/plan",                       "job/plan",        Body::members},
    Route{Method::post,    "/api/v1/jobs/{job}/plan",            "job/plan"},
    Route{Method::post,    "/api/v1/jobs/{job}/run",             "job/run",         Body::members,  "", 200, true},
    Route{Method::post,    "/api/v1/jobs/{job}/stop",            "job/stop"},
    Route{Method::post,    "/api/v1/jobs/{job}/copy",            "job/copy",        Body::none,     "", 201, true},
    Route{Method::post,    "/api/v1/jobs/{job}/rerun",           "job/rerun",       Body::members,  "", 201, true},
    Route{Method::get,     "/api/v1/jobs/{job}/devices",         "job/devices"},
    Route{Method::get,     "/api/v1/jobs/{job}/progress",        "job/progress"},
    Route{Method::get,     "/api/v1/jobs/{job}/details.csv",     "job/csv",         Body::none,     "", 200, false, Special::csv},
    Route{Method::post,    "/api/v1/downloads",                  "",                Body::members,  "", 201, false, Special::new_download},
    Route{Method::get,     "/api/v1/downloads/{download}",       "",                Body::none,     "", 200, false, Special::download},
    Route{Method::get,     "/api/v1/devices",                    "device/list"},
    Route{Method::get,     "/api/v1/devices/{device}",           "device/get"},
    Route{Method::patch,   "/api/v1/devices/{device}",           "device/put",      Body::members},
    Route{Method::delete_, "/api/v1/devices/{device}",           "device/delete",   Body::none,     "", 204},
    Route{Method::get,     "/api/v1/devices/{device}/jobs",      "device/jobs"},
    Route{Method::get,     "/api/v1/device-sets",                "set/list"},
    Route{Method::get,     "/api/v1/device-sets/{set}",          "set/get",         Body::none,     "revision"},
    Route{Method::put,     "/api/v1/device-sets/{set}",          "set/put",         Body::members,  "revision", 200, false, Special::none, true},
    Route{Method::delete_, "/api/v1/device-sets/{set}",          "set/delete",      Body::none,     "revision", 204},
    Route{Method::get,     "/api/v1/device-sets/{set}/devices",  "set/preview"},
    Route{Method::get,     "/api/v1/device-set-preview",         "set/preview"},
    Route{Method::get,     "/api/v1/templates",                  "template/list"},
    Route{Method::get,     "/api/v1/templates/{template}",       "template/get",    Body::none,     "version"},
    Route{Method::put,     "/api/v1/templates/{template}",       "template/put",    Body::document, "version", 200, false, Special::none, true},
    Route{Method::delete_, "/api/v1/templates/{template}",       "template/delete", Body::none,     "version", 204},
    Route{Method::get,     "/api/v1/audit",                      "audit/list"},
    Route{Method::get,     "/api/v1/events",                     "",                Body::none,     "", 200, false, Special::events},
    Route{Method::get,     "/api/v1/openapi.yaml",               "",                Body::none,     "", 200, false, Special::contract},
    Route{Method::get,     "/metrics",                           "metrics",         Body::none,     "", 200, false, Special::metrics},
    Route{Method::get,     "/healthz",                           "",                Body::none,     "", 200, false, Special::health},
    Route{Method::get,     "/readyz",                            "status",          Body::none,     "", 200, false, Special::ready},
};
// clang-format on

// One after another, without the empty one before the first '/'.
std::vector<std::string_view> parts_of(std::string_view path) {
    std::vector<std::string_view> parts;
    path.remove_prefix(1);
    for (;;) {
        const auto slash = path.find('/');
        parts.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) {
            return parts;
        }
        path.remove_prefix(slash + 1);
    }
}

std::optional<json::object> members_in_path(const Route& route, const Target& target) {
    const auto parts = parts_of(route.path);
    if (parts.size() != target.segments.size()) {
        return std::nullopt;
    }
    json::object members;
    for (std::size_t index = 0; index < parts.size(); ++index) {
        const auto part = parts[index];
        const auto& segment = target.segments[index];
        if (part.starts_with('{')) {
            members.emplace(part.substr(1, part.size() - 2), segment);
        } else if (part != segment) {
            return std::nullopt;
        }
    }
    return members;
}

// In a query everything is text; what is not text in the request becomes what it
// is. A value that is not as it should be stays text, for the verb to refuse.
json::value typed(std::string_view name, const std::string& text) {
    if (name == "limit" || name == "version" || name == "job") {
        std::int64_t number = 0;
        const auto* end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, number);
        if (error == std::errc{} && stop == end) {
            return number;
        }
    } else if ((name == "online" || name == "check_store") && (text == "true" || text == "false")) {
        return text == "true";
    }
    return json::string(text);
}

// "\"3\"" is 3.
Result<std::int64_t> version_in(const std::string& if_match) {
    if (if_match.size() > 2 && if_match.front() == '"' && if_match.back() == '"') {
        std::int64_t version = 0;
        const auto* begin = if_match.data() + 1;
        const auto* end = if_match.data() + if_match.size() - 1;
        const auto [stop, error] = std::from_chars(begin, end, version);
        if (error == std::errc{} && stop == end) {
            return version;
        }
    }
    return invalid("If-Match", "must be an ETag that an earlier answer gave, such as \"3\"");
}

// The version that the thing has to have now: 0 for none at all; nullopt: any.
Result<std::optional<std::int64_t>> wanted_version(const Route& route, const Request& request) {
    const auto* if_match = request.header("if-match");
    const auto* if_none_match = request.header("if-none-match");
    if (if_none_match != nullptr && route.method != Method::get) {
        if (!route.may_create || *if_none_match != "*" || if_match != nullptr) {
            return invalid("If-None-Match", "has no meaning here; * where something can be made by PUT");
        }
        return std::optional<std::int64_t>(0);
    }
    if (if_match == nullptr) {
        return std::optional<std::int64_t>{};
    }
    if (route.version.empty() || route.method == Method::get) {
        return invalid("If-Match", "has no meaning here");
    }
    const auto version = version_in(*if_match);
    return version ? Result<std::optional<std::int64_t>>(*version)
                   : Result<std::optional<std::int64_t>>(version.error());
}

Result<json::object> read_body(const Route& route, const Request& request) {
    if (request.body.empty()) {
        return json::object{};
    }
    auto parsed = parse_json(request.body, limits::kRequestBytes, limits::kRequestJsonDepth);
    if (!parsed) {
        return parsed.error();
    }
    if (route.body == Body::document) {
        return json::object{{"document", std::move(parsed).value()}};
    }
    if (route.body == Body::none && *parsed != json::object{}) {
        return invalid({}, "there is no body to be sent here");
    }
    const auto* members = parsed->if_object();
    if (members == nullptr) {
        return invalid({}, "the body must be a JSON object");
    }
    return *members;
}

// A document names itself; it has to be what the path names.
Result<void> check_named(json::object& members) {
    const auto named = members.at("template");
    members.erase("template");
    const auto* document = members.at("document").if_object();
    const auto* name = document == nullptr ? nullptr : document->if_contains("name");
    if (name != nullptr && *name != named) {
        return invalid("name", "is not the template that the path names");
    }
    return {};
}

class Merge {
public:
    explicit Merge(json::object members) : members_(std::move(members)) {}

    void add(std::string_view name, json::value value, std::string_view where) {
        if (!members_.emplace(name, std::move(value)).second) {
            mistakes_.push_back({std::string(name), "stands in " + std::string(where) + " a second time"});
        }
    }
    Result<json::object> take() {
        if (!mistakes_.empty()) {
            return make_error(ErrorCode::invalid, "the request says something twice", std::move(mistakes_));
        }
        return std::move(members_);
    }

private:
    json::object members_;
    std::vector<ErrorDetail> mistakes_;
};

}  // namespace

std::span<const Route> routes() {
    return kRoutes;
}

Matched match(Method method, const Target& target) {
    Matched matched;
    for (const auto& route : kRoutes) {
        auto members = members_in_path(route, target);
        if (!members) {
            continue;
        }
        if (route.method == method || (method == Method::head && route.method == Method::get)) {
            return {&route, {}, std::move(*members)};
        }
        matched.allowed.push_back(to_string(route.method));
    }
    return matched;
}

Result<json::object> members_of(const Route& route, json::object from_path, const Target& target,
                                const Request& request) {
    Merge merge(std::move(from_path));
    for (const auto& [name, value] : target.query) {
        merge.add(name, typed(name, value), "the query");
    }
    auto body = read_body(route, request);
    if (!body) {
        return body.error();
    }
    for (auto& [name, value] : *body) {
        merge.add(name, std::move(value), "the body");
    }
    const auto version = wanted_version(route, request);
    if (!version) {
        return version.error();
    }
    if (*version) {
        merge.add(route.version, **version, "If-Match");
    }
    if (const auto* key = request.header("idempotency-key"); key != nullptr) {
        if (!route.repeatable) {
            return invalid("Idempotency-Key", "has no meaning here");
        }
        merge.add("key", json::string(*key), "Idempotency-Key");
    }
    auto members = merge.take();
    if (members && route.body == Body::document && members->contains("document")) {
        if (const auto checked = check_named(*members); !checked) {
            return checked.error();
        }
    }
    return members;
}

}  // namespace muster::http
