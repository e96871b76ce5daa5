// The responses that the gateway gives, and the headers that all of them have.
//
// Threads: pure functions.
#pragma once

#include "daemon/http/assets.hpp"
#include "daemon/http/message.hpp"
#include "protocol/result.hpp"

#include <boost/json/object.hpp>

namespace muster::http {

[[nodiscard]] Response json_reply(unsigned status, const boost::json::object& object);
// The envelope {"error":{"code","message","details"}}, with the status that goes with the code.
[[nodiscard]] Response error_reply(const Error& error);
// The same where HTTP knows more than the code says: 405, 412, 415, …
[[nodiscard]] Response error_reply(unsigned status, std::string_view code, const Error& error);
// 503 for what was not begun, and may be asked again as it is.
[[nodiscard]] Response try_again(std::string message);
[[nodiscard]] Response unauthorized();
// With ETag; without a body if `request` has the file already; compressed if it takes that.
[[nodiscard]] Response asset_reply(const Asset& asset, const Request& request);

// What every response says: how browsers have to treat it.
void add_common_headers(Response& response, bool tls);

}  // namespace muster::http
