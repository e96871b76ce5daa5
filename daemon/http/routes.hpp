// The table of routes: which method and path is which verb of the control API,
// and how path, query, headers and body become the members of its request.
// openapi.yaml says the same to the world; a test holds the two equal.
//
// Threads: constant data and pure functions.
#pragma once

#include "daemon/http/message.hpp"
#include "protocol/result.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace muster::http {

// What becomes of the body.
enum class Body : std::uint8_t {
    none,      // there is none, or an empty object
    members,   // its members are members of the request
    document,  // it is the member "document"
};

// What answers, where it is not a verb.
enum class Special : std::uint8_t {
    none,
    csv,
    events,
    new_download,
    download,
    contract,
    metrics,
    health,
    ready
};

struct Route {
    Method method;
    std::string_view path;  // "/api/v1/jobs/{job}": braces name the member that stands there
    std::string_view verb;  // empty for a special one
    Body body = Body::none;
    std::string_view version{};  // member behind ETag and If-Match: "revision"; empty: none
    unsigned success = 200;
    bool repeatable = false;  // takes Idempotency-Key
    Special special = Special::none;
    bool may_create = false;  // takes If-None-Match: *
};
[[nodiscard]] std::span<const Route> routes();

struct Matched {
    const Route* route = nullptr;           // null: no such path, or not with this method
    std::vector<std::string_view> allowed;  // methods that the path has, if the method was none of them
    boost::json::object members;            // from the path
};
[[nodiscard]] Matched match(Method method, const Target& target);

// Adds query, body, If-Match and Idempotency-Key. Error: invalid.
[[nodiscard]] Result<boost::json::object> members_of(const Route& route, boost::json::object from_path,
                                                     const Target& target, const Request& request);

}  // namespace muster::http
