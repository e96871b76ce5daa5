// A request as it stands on the wire, as the rules of front.hpp take it.
//
// Threads: pure.
#pragma once

#include "daemon/http/message.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace muster::http {

// Without the body. Names of headers in lower case; those that may come more than once are joined.
[[nodiscard]] Request request_of(const boost::beast::http::request<boost::beast::http::string_body>& message);

}  // namespace muster::http
