// Times as people say them.
//
// Threads: pure functions.
#pragma once

#include "protocol/time.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace muster::cli {

// "just now", "12 s ago", "3 min ago", "5 h ago", "in 2 min"; the date when it
// is more than a month away.
[[nodiscard]] std::string relative(TimePoint now, TimePoint time);
// The same for a member with a time of SPEC 7.3; empty where it is null.
[[nodiscard]] std::string relative_of(TimePoint now, const boost::json::object& object,
                                      std::string_view name);

}  // namespace muster::cli
