#include "daemon/http/connection_request.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace muster::http {
namespace {

namespace bhttp = boost::beast::http;

Method method_of(bhttp::verb verb) {
    static constexpr std::array kMethods{
        std::pair{bhttp::verb::get, Method::get},     std::pair{bhttp::verb::head, Method::head},
        std::pair{bhttp::verb::post, Method::post},   std::pair{bhttp::verb::put, Method::put},
        std::pair{bhttp::verb::patch, Method::patch}, std::pair{bhttp::verb::delete_, Method::delete_}};
    const auto found = std::ranges::find(kMethods, verb, &std::pair<bhttp::verb, Method>::first);
    return found == kMethods.end() ? Method::other : found->second;
}

// What decides who asks for what, and may not be said twice.
constexpr std::array<std::string_view, 8> kSingle{
    "host",          "origin",   "authorization",   "content-type",
    "last-event-id", "if-match", "idempotency-key", "if-none-match"};

}  // namespace

Request request_of(const bhttp::request<bhttp::string_body>& message) {
    Request request;
    request.method = method_of(message.method());
    request.target = std::string(message.target());
    for (const auto& field : message) {
        auto name = std::string(field.name_string());
        std::ranges::transform(name, name.begin(),
                               [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        const auto [known, is_new] = request.headers.emplace(name, std::string(field.value()));
        if (!is_new && std::ranges::find(kSingle, name) != kSingle.end()) {
            request.repeated = std::move(name);
        } else if (!is_new) {
            known->second.append(", ").append(field.value());
        }
    }
    return request;
}

}  // namespace muster::http
