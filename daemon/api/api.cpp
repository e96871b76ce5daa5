#include "daemon/api/api.hpp"

#include "daemon/api/handlers.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <array>

namespace muster::api {
namespace json = boost::json;
namespace {

// clang-format off
constexpr std::array kVerbs{
    Verb{"job/save",        Role::operator_, handlers::job_save},
    Verb{"job/plan",        Role::viewer,    handlers::job_plan},
    Verb{"job/run",         Role::operator_, handlers::job_run},
    Verb{"job/stop",        Role::operator_, handlers::job_stop},
    Verb{"job/copy",        Role::operator_, handlers::job_copy},
    Verb{"job/rerun",       Role::operator_, handlers::job_rerun},
    Verb{"job/delete",      Role::operator_, handlers::job_delete},
    Verb{"job/get",         Role::viewer,    handlers::job_get},
    Verb{"job/list",        Role::viewer,    handlers::job_list},
    Verb{"job/devices",     Role::viewer,    handlers::job_devices},
    Verb{"job/progress",    Role::viewer,    handlers::job_progress},
    Verb{"job/csv",         Role::viewer,    handlers::job_csv},
    Verb{"device/list",     Role::viewer,    handlers::device_list},
    Verb{"device/get",      Role::viewer,    handlers::device_get},
    Verb{"device/jobs",     Role::viewer,    handlers::device_jobs},
    Verb{"device/put",      Role::admin,     handlers::device_put},
    Verb{"device/delete",   Role::admin,     handlers::device_delete},
    Verb{"set/list",        Role::viewer,    handlers::set_list},
    Verb{"set/get",         Role::viewer,    handlers::set_get},
    Verb{"set/put",         Role::admin,     handlers::set_put},
    Verb{"set/delete",      Role::admin,     handlers::set_delete},
    Verb{"set/preview",     Role::viewer,    handlers::set_preview},
    Verb{"template/list",   Role::viewer,    handlers::template_list},
    Verb{"template/get",    Role::viewer,    handlers::template_get},
    Verb{"template/put",    Role::admin,     handlers::template_put},
    Verb{"template/delete", Role::admin,     handlers::template_delete},
    Verb{"audit/list",      Role::operator_, handlers::audit_list},
    Verb{"session/get",     Role::viewer,    handlers::session_get},
    Verb{"status",          Role::viewer,    handlers::status},
    Verb{"doctor",          Role::operator_, handlers::doctor},
    Verb{"metrics",         Role::viewer,    handlers::metrics},
    Verb{"console/open",    Role::viewer,    handlers::console_open},
};
// clang-format on

}  // namespace

std::span<const Verb> verbs() {
    return kVerbs;
}

std::string_view to_string(Role role) noexcept {
    switch (role) {
        case Role::none:
            return "none";
        case Role::viewer:
            return "viewer";
        case Role::operator_:
            return "operator";
        case Role::admin:
            return "admin";
    }
    return "";
}

std::optional<Role> parse_role(std::string_view text) noexcept {
    for (const auto role : {Role::none, Role::viewer, Role::operator_, Role::admin}) {
        if (to_string(role) == text) {
            return role;
        }
    }
    return std::nullopt;
}

Result<Prepared> prepare(const Call& call, const View& view) {
    const auto verb = std::ranges::find(kVerbs, std::string_view(call.verb), &Verb::name);
    if (verb == kVerbs.end()) {
        return make_error(ErrorCode::not_found, "there is no verb " + call.verb);
    }
    if (call.role < verb->least) {
        return make_error(ErrorCode::forbidden,
                          "the user " + call.user + " has the role " + std::string(to_string(call.role)) +
                              "; " + call.verb + " needs " + std::string(to_string(verb->least)) +
                              " (a user's role is in the daemon's configuration, a token's in its file)");
    }
    return verb->prepare(call, view);
}

bool only_reads(std::string_view verb) noexcept {
    const auto* found = std::ranges::find(kVerbs, verb, &Verb::name);
    return found != kVerbs.end() && (found->least == Role::viewer || verb == "audit/list") &&
           verb != "job/plan";
}

bool is_about_gateway(std::string_view verb) {
    return verb == "status" || verb == "doctor" || verb == "metrics" || verb == "session/get" ||
           verb == "console/open";
}

json::object reply_json(std::string_view id, const Result<json::object>& result) {
    json::object reply;
    if (!id.empty()) {
        reply.emplace("id", id);
    }
    reply.emplace("ok", result.has_value());
    if (result) {
        reply.emplace("result", *result);
        return reply;
    }
    json::object error{{"code", to_string(result.error().code)}, {"message", result.error().message}};
    if (!result.error().details.empty()) {
        json::array details;
        for (const auto& detail : result.error().details) {
            details.push_back(json::object{{"field", detail.field}, {"message", detail.message}});
        }
        error.emplace("details", std::move(details));
    }
    reply.emplace("error", std::move(error));
    return reply;
}

Page read_page(Fields& fields) {
    constexpr std::size_t kCursorBytes = 512;  // the longest holds a device's name and its id
    Page page;
    page.limit = static_cast<std::size_t>(fields.integer("limit", 1, limits::kPageMost)
                                              .value_or(static_cast<std::int64_t>(limits::kPageDefault)));
    page.cursor = fields.text("cursor", kCursorBytes).value_or(std::string{});
    return page;
}

std::uint32_t read_ordinal(Fields& fields, const Page& page) {
    std::uint32_t ordinal = 0;
    if (!page.cursor.empty() && !read_number(page.cursor, ordinal)) {
        fields.mistake("cursor", "is not one that an earlier page gave");
    }
    return ordinal;
}

json::object page_json(json::array items, const std::string& next) {
    return {{"items", std::move(items)}, {"next", next.empty() ? json::value(nullptr) : json::value(next)}};
}

Prepared question(std::function<Result<json::object>(const View&)> ask) {
    return {std::nullopt,
            [ask = std::move(ask)](const View& view, const core::Answer*) { return ask(view); }};
}

Prepared request_only(core::Request request) {
    return {std::move(request),
            [](const View&, const core::Answer*) -> Result<json::object> { return json::object{}; }};
}

Error no_such_job(JobId job) {
    return make_error(ErrorCode::not_found, "there is no job " + muster::to_string(job));
}

std::string_view changed_text(const core::Answer* answer) {
    return core::to_string(std::get<core::PutAnswer>(*answer).changed);
}

Error no_such(std::string_view kind, std::string_view name) {
    return make_error(ErrorCode::not_found, "there is no " + std::string(kind) + " " + std::string(name));
}

}  // namespace muster::api
