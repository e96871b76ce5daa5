// The request layer: what every transport (MQTT today) shares. A call names a
// verb and carries JSON; it becomes either a request that the engine steps
// through, or a question that is answered from what is there; both end as JSON.
//
// Two phases, because nothing is answered before it is durable:
//   1. prepare() checks verb, role and members. Its Prepared may hold a request.
//   2. after the engine has stepped through that request and its changes are
//      committed, answer() makes the result.
//
// Threads: the engine thread.
#pragma once

#include "daemon/api/view.hpp"
#include "daemon/core/event.hpp"
#include "protocol/result.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace muster::api {

enum class Role { none, viewer, operator_, admin };
[[nodiscard]] std::string_view to_string(Role role) noexcept;  // "operator"
[[nodiscard]] std::optional<Role> parse_role(std::string_view text) noexcept;

struct Call {
    std::string user;
    Role role = Role::none;
    std::string verb;
    boost::json::object body;  // without "id"
};

struct Prepared {
    // For the engine; absent: a question.
    std::optional<core::Request> request;
    // `answer` is what the engine answered, null for a question.
    std::function<Result<boost::json::object>(const View& view, const core::Answer* answer)> answer;
};

// Error: not_found (no such verb), forbidden, invalid, or what the verb refuses.
[[nodiscard]] Result<Prepared> prepare(const Call& call, const View& view);

// The table of verbs: one line each, in the order of SPEC section 7.
struct Verb {
    std::string_view name;
    Role least;
    Result<Prepared> (*prepare)(const Call& call, const View& view);
};
[[nodiscard]] std::span<const Verb> verbs();

// Whether a verb changes nothing and asks the engine for no step, so that it may be carried out before what
// came earlier, and in the middle of anything.
[[nodiscard]] bool only_reads(std::string_view verb) noexcept;

// Whether a verb tells of the gateway itself, and is answered while the store is not well (SPEC 7.11).
[[nodiscard]] bool is_about_gateway(std::string_view verb);

// The envelope of SPEC 6.3. `id` is left out when empty.
[[nodiscard]] boost::json::object reply_json(std::string_view id, const Result<boost::json::object>& result);

}  // namespace muster::api
