// Whether a device is what a query asks for.
//
// Threads: pure functions.
#pragma once

#include "daemon/core/device.hpp"
#include "daemon/core/query_ast.hpp"

namespace muster::core {

// Takes apart only those of the device's tags, properties, settings and
// reported values that it comes to, on the stack unless they are large.
[[nodiscard]] bool matches_query(const QueryNode& node, const Device& device);

// The parts of a device that it looks at.
[[nodiscard]] Aspects aspects_of(const QueryNode& node);

}  // namespace muster::core
