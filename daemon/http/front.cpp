#include "daemon/http/front.hpp"

#include "daemon/http/assets.hpp"
#include "daemon/http/contract.hpp"
#include "daemon/http/prometheus.hpp"
#include "daemon/http/replies.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/utf8.hpp"

#include <boost/url/authority_view.hpp>
#include <boost/url/parse.hpp>

#include <algorithm>
#include <cctype>

namespace muster::http {
namespace json = boost::json;
namespace {

constexpr std::size_t kEmptyBodyBytes = 16;
constexpr std::string_view kDownloads = "/api/v1/downloads/";

std::optional<std::string> token_in(const Request& head) {
    constexpr std::string_view kScheme = "bearer ";
    const auto* header = head.header("authorization");
    if (header == nullptr || header->size() <= kScheme.size()) {
        return std::nullopt;
    }
    const auto same = [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); };
    if (!std::equal(kScheme.begin(), kScheme.end(), header->begin(), same)) {
        return std::nullopt;
    }
    return header->substr(kScheme.size());
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

bool is_open(const Route& route, const FrontOptions& options) {
    switch (route.special) {
        case Special::health:
        case Special::ready:
        case Special::download:  // the link is the secret
            return true;
        case Special::metrics:
            return options.metrics_for_everyone;
        case Special::none:
        case Special::csv:
        case Special::events:
        case Special::new_download:
        case Special::contract:
            return false;
    }
    return false;
}

bool is_stream(const Route& route) {
    return route.special == Special::csv || route.special == Special::events ||
           route.special == Special::download;
}

Response not_found(const Target& target) {
    return error_reply(make_error(ErrorCode::not_found, "there is nothing at " + target.path));
}

Response not_allowed(const std::vector<std::string_view>& allowed) {
    std::string list;
    for (const auto method : allowed) {
        list += (list.empty() ? "" : ", ") + std::string(method);
    }
    auto response =
        error_reply(405, "method_not_allowed", make_error(ErrorCode::invalid, "this path has " + list));
    response.headers.emplace_back("Allow", list);
    return response;
}

Response forbidden(const Identity& identity) {
    return error_reply(make_error(ErrorCode::forbidden, "the user " + identity.user + " has no role"));
}

// A page of another origin can send a form or text here, but not this type without being asked.
std::optional<Response> refuse_type(const Request& head) {
    const auto* length = head.header("content-length");
    const bool has_body =
        (length != nullptr && *length != "0") || head.header("transfer-encoding") != nullptr;
    const auto* type = head.header("content-type");
    const auto essence =
        type == nullptr ? std::string{} : lower(type->substr(0, type->find_first_of("; \t")));
    if (!has_body || essence == "application/json") {
        return std::nullopt;
    }
    return error_reply(415, "unsupported_media_type",
                       make_error(ErrorCode::invalid, "the body must be application/json"));
}

Response ready_reply(const Result<json::object>& status) {
    if (!status) {
        return json_reply(503,
                          {{"ready", false}, {"checks", json::object{{"engine", status.error().message}}}});
    }
    const auto& readiness = status->at("readiness").as_object();
    return json_reply(readiness.at("ready").as_bool() ? 200 : 503, readiness);
}

bool is_about_version(const Error& error) {
    return error.code == ErrorCode::conflict && !error.details.empty() &&
           (error.details.front().field == "revision" || error.details.front().field == "version");
}

unsigned success_of(const Route& route, const json::object& result) {
    const auto* changed = result.if_contains("changed");
    return changed != nullptr && *changed == "created" ? 201 : route.success;
}

}  // namespace

std::string plain_host(std::string_view authority) {
    const auto parsed = boost::urls::parse_authority({authority.data(), authority.size()});
    return parsed && !parsed->has_userinfo() ? lower(std::string(parsed->host_address())) : std::string{};
}

bool Front::is_ours(std::string_view authority, const std::string& local_address) const {
    const auto host = plain_host(authority);
    return !host.empty() && (host == local_address || host == "localhost" ||
                             std::ranges::find(options_.hosts, host) != options_.hosts.end());
}

// A foreign page can make a name of its own lead here, but then the browser sends that name.
std::optional<Response> Front::refuse_host(const Request& head, const std::string& local_address) const {
    const auto* host = head.header("host");
    if (host == nullptr || !is_ours(*host, local_address)) {
        const auto name =
            host == nullptr || !is_text(*host) ? std::string("the host that was asked for") : *host;
        return error_reply(421, "misdirected",
                           make_error(ErrorCode::forbidden,
                                      "this is not " + name +
                                          ": names by which this machine is reached go into http.hosts"));
    }
    // Of a host in http.hosts a proxy may stand before us that speaks TLS for us.
    const auto* origin = head.header("origin");
    const bool proxied = std::ranges::find(options_.hosts, plain_host(*host)) != options_.hosts.end();
    if (origin != nullptr && *origin != (options_.tls ? "https://" : "http://") + *host &&
        !(proxied && *origin == "https://" + *host)) {
        return error_reply(make_error(ErrorCode::forbidden, "pages of other origins may not talk to muster"));
    }
    return std::nullopt;
}

std::variant<Response, Admitted> Front::admit(const Request& head, const std::string& local_address) const {
    if (!head.repeated.empty()) {
        return error_reply(invalid(head.repeated, "is there a second time"));
    }
    if (auto refusal = refuse_host(head, local_address)) {
        return std::move(*refusal);
    }
    auto target = parse_target(head.target);
    if (!target) {
        return error_reply(make_error(ErrorCode::invalid, "the path cannot be read"));
    }
    auto matched = match(head.method, *target);
    Admitted admitted{matched.route, std::move(matched.members), std::move(*target), {}, {}, 0};
    if (admitted.route == nullptr) {
        if (!matched.allowed.empty()) {
            return not_allowed(matched.allowed);
        }
        const bool is_read = head.method == Method::get || head.method == Method::head;
        const bool is_file =
            is_read && (admitted.target.segments.empty() || admitted.target.segments.front() != "api");
        return is_file ? std::variant<Response, Admitted>(std::move(admitted)) : not_found(admitted.target);
    }
    if (auto token = token_in(head)) {
        admitted.token = std::move(*token);
    }
    if (auto identity = identify_(admitted.token)) {
        admitted.identity = std::move(*identity);
    } else if (!is_open(*admitted.route, options_)) {
        return unauthorized();
    }
    if (auto refusal = refuse_type(head)) {
        return std::move(*refusal);
    }
    if (head.method == Method::head && is_stream(*admitted.route)) {
        return not_allowed({to_string(Method::get)});
    }
    // Room for what this one may ask, and for "{}" where nothing is asked.
    const bool may_ask = admitted.route->body != Body::none && admitted.identity.role >= api::Role::viewer;
    admitted.body_bytes = may_ask ? limits::kRequestBytes : kEmptyBodyBytes;
    return admitted;
}

Action Front::decide(Admitted admitted, const Request& request, TimePoint now) {
    if (admitted.route == nullptr) {
        const auto* asset = find_asset(admitted.target.path);
        return asset == nullptr ? not_found(admitted.target) : asset_reply(*asset, request);
    }
    const auto& route = *admitted.route;
    if (route.special != Special::none) {
        return decide_special(admitted, request, now);
    }
    auto members = members_of(route, std::move(admitted.members), admitted.target, request);
    if (!members) {
        return error_reply(members.error());
    }
    // Parsed JSON takes several times its text.
    const auto bytes = 1'024 + 8 * (request.body.size() + request.target.size());
    return Ask{
        {admitted.identity.user, admitted.identity.role, std::string(route.verb), std::move(members).value()},
        bytes,
        &route,
        request.header("if-match") != nullptr || request.header("if-none-match") != nullptr};
}

Action Front::decide_special(Admitted& admitted, const Request& request, TimePoint now) {
    const auto& route = *admitted.route;
    if (!is_open(route, options_) && admitted.identity.role < api::Role::viewer) {
        return forbidden(admitted.identity);
    }
    switch (route.special) {
        case Special::health:
            return Response{200, {{"Content-Type", "text/plain"}}, "ok\n"};
        case Special::ready:
        case Special::metrics:
            // Asked in the gateway's own name: who may is decided above.
            return Ask{{"", api::Role::viewer, std::string(route.verb), {}}, 1'024, &route, false};
        case Special::contract:
            return Response{200, {{"Content-Type", "application/yaml"}}, {}, contract()};
        case Special::events: {
            const auto* last = request.header("last-event-id");
            return EventStream{last == nullptr ? std::nullopt : std::optional(*last), admitted.token};
        }
        case Special::csv: {
            const auto job = parse_job_id(admitted.members.at("job").as_string());
            auto members = members_of(route, std::move(admitted.members), admitted.target, request);
            if (!job || !members) {
                return error_reply(job ? members.error() : job.error());
            }
            return CsvStream{
                {admitted.identity.user, admitted.identity.role, "job/csv", std::move(members).value()},
                "job-" + to_string(*job) + ".csv"};
        }
        case Special::new_download:
            return new_download(admitted, request, now);
        case Special::download:
            return follow_download(admitted, now);
        case Special::none:
            break;
    }
    return not_found(admitted.target);
}

Response Front::new_download(const Admitted& admitted, const Request& request, TimePoint now) {
    const auto members = members_of(*admitted.route, {}, admitted.target, request);
    if (!members) {
        return error_reply(members.error());
    }
    const auto* number = members->if_contains("job");
    if (members->size() != 1 || number == nullptr || !number->is_int64() || number->get_int64() < 1) {
        return error_reply(invalid("job", "is what the body has to be: {\"job\": its number}"));
    }
    const auto expires = now + Downloads::kLife;
    const auto secret = downloads_.add(
        {static_cast<JobId>(number->get_int64()), admitted.identity.user, admitted.identity.role, expires});
    return json_reply(201, {{"url", std::string(kDownloads) + secret}, {"expires_at", format_utc(expires)}});
}

Action Front::follow_download(const Admitted& admitted, TimePoint now) {
    const auto secret = std::string(admitted.members.at("download").as_string());
    const auto download = downloads_.take(secret, now);
    if (!download) {
        return error_reply(
            make_error(ErrorCode::not_found, "this link was used already, or is too old: ask for another"));
    }
    const auto job = to_string(download->job);
    return CsvStream{{download->user, download->role, "job/csv", {{"job", job}}}, "job-" + job + ".csv"};
}

Response Front::answer(const Ask& ask, const Result<json::object>& result) const {
    const auto& route = *ask.route;
    if (route.special == Special::ready) {
        return ready_reply(result);
    }
    if (!result) {
        return ask.conditional && is_about_version(result.error())
                   ? error_reply(412, to_string(result.error().code), result.error())
                   : error_reply(result.error());
    }
    if (route.special == Special::metrics) {
        return {200,
                {{"Content-Type", kPrometheusType}},
                prometheus_text(result->at("metrics").as_array(), options_.store_path)};
    }
    const auto status = success_of(route, *result);
    if (status == 204) {
        return {204, {}, {}};
    }
    auto response = json_reply(status, *result);
    if (response.body.size() > limits::kReplyBytes) {
        return error_reply(make_error(ErrorCode::too_large, "the answer has more than " +
                                                                std::to_string(limits::kReplyBytes) +
                                                                " bytes: ask for a smaller page"));
    }
    if (const auto* job = result->if_contains("job"); status == 201 && job != nullptr) {
        response.headers.emplace_back("Location", "/api/v1/jobs/" + format_json(*job));
    }
    if (!route.version.empty()) {
        response.headers.emplace_back("ETag", '"' + format_json(result->at(route.version)) + '"');
    }
    return response;
}

bool Front::still_admits(const std::string& token) const {
    const auto identity = identify_(token);
    return identity && identity->role >= api::Role::viewer;
}

}  // namespace muster::http
