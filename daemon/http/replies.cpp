#include "daemon/http/replies.hpp"

#include "daemon/api/api.hpp"
#include "protocol/codec.hpp"

namespace muster::http {
namespace json = boost::json;
namespace {

// The console's own files only, and no inline anything.
constexpr const char* kContentPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

unsigned status_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid:
            return 400;
        case ErrorCode::not_found:
            return 404;
        case ErrorCode::conflict:
            return 409;
        case ErrorCode::forbidden:
            return 403;
        case ErrorCode::unavailable:
            return 503;
        case ErrorCode::too_large:
            return 413;
        case ErrorCode::internal:
            return 500;
    }
    return 500;
}

bool has(const Response& response, std::string_view name) {
    for (const auto& header : response.headers) {
        if (header.first == name) {
            return true;
        }
    }
    return false;
}

}  // namespace

Response json_reply(unsigned status, const json::object& object) {
    return {status, {{"Content-Type", "application/json"}}, format_json(object) + "\n"};
}

Response error_reply(const Error& error) {
    return error_reply(status_of(error.code), to_string(error.code), error);
}

Response error_reply(unsigned status, std::string_view code, const Error& error) {
    auto envelope = api::reply_json({}, Result<json::object>(error));
    auto& body = envelope.at("error").as_object();
    body["code"] = code;
    return json_reply(status, {{"error", std::move(body)}});
}

Response try_again(std::string message) {
    auto response = error_reply(make_error(ErrorCode::unavailable, std::move(message)));
    response.headers.emplace_back("Retry-After", "1");
    return response;
}

Response unauthorized() {
    auto response = error_reply(
        401, "unauthorized",
        make_error(ErrorCode::forbidden,
                   "a valid token is needed: muster console gives one to people, muster token new to "
                   "scripts; send it as Authorization: Bearer TOKEN"));
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"muster\"");
    return response;
}

Response asset_reply(const Asset& asset, const Request& request) {
    Response response;
    const auto tag = '"' + std::string(asset.hash) + '"';
    response.headers = {
        {"Content-Type", std::string(asset.type)}, {"ETag", tag}, {"Vary", "Accept-Encoding"}};
    // The names of what the build makes hold a hash, so what they name never changes.
    const bool never_changes = asset.path.starts_with("/assets/");
    response.headers.emplace_back("Cache-Control",
                                  never_changes ? "public, max-age=31536000, immutable" : "no-cache");
    if (const auto* known = request.header("if-none-match"); known != nullptr && *known == tag) {
        response.status = 304;
        return response;
    }
    const auto* accepted = request.header("accept-encoding");
    if (!asset.gzip.empty() && accepted != nullptr && accepted->find("gzip") != std::string::npos) {
        response.headers.emplace_back("Content-Encoding", "gzip");
        response.constant = asset.gzip;
    } else {
        response.constant = asset.bytes;
    }
    return response;
}

void add_common_headers(Response& response, bool tls) {
    auto& headers = response.headers;
    headers.emplace_back("Content-Security-Policy", kContentPolicy);
    headers.emplace_back("X-Content-Type-Options", "nosniff");
    headers.emplace_back("X-Frame-Options", "DENY");
    headers.emplace_back("Referrer-Policy", "no-referrer");
    headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    if (!has(response, "Cache-Control")) {
        headers.emplace_back("Cache-Control", "no-store");
    }
    if (tls) {
        headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
    }
}

}  // namespace muster::http
