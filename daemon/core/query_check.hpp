// Whether a query can be meant: that its fields exist and are compared as what
// they are.
//
// Threads: a pure function.
#pragma once

#include "daemon/core/query_ast.hpp"
#include "daemon/core/template.hpp"
#include "protocol/result.hpp"

#include <vector>

namespace muster::core {

// One detail per mistake, its field "query:<column>". Without a template,
// only id, name, online and literals have a known type.
[[nodiscard]] std::vector<ErrorDetail> check_query(const QueryNode& node, const Template* device_template);

}  // namespace muster::core
