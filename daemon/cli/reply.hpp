// A reply of the control API (SPEC 6.3), taken apart.
//
// Threads: pure function.
#pragma once

#include "daemon/cli/outcome.hpp"

#include <boost/json/value.hpp>

#include <string_view>

namespace muster::cli {

// `payload` arrived as the answer to the request `id`. Its result; or Failure:
// refused with the reply's error, or usage_or_connection when it is no reply
// to this request at all.
[[nodiscard]] Outcome<boost::json::value> parse_reply(std::string_view payload, std::string_view id);

}  // namespace muster::cli
