// Deleting several things of a kind, one request each.
//
// Threads: main thread only.
#pragma once

#include "daemon/cli/context.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace muster::cli {

// `kind` names the verb ("device" for device/delete) and the member. Goes on
// after a refusal; the Failure then has one detail for each.
[[nodiscard]] Outcome<ExitCode> delete_all(Context& context, std::string_view kind,
                                           const std::vector<boost::json::value>& names);

}  // namespace muster::cli
