// A query's text as a tree.
//
// Threads: a pure function.
#pragma once

#include "daemon/core/query_ast.hpp"
#include "protocol/result.hpp"

#include <optional>
#include <string_view>

namespace muster::core {

// nullopt: nothing but spaces. Error: invalid, one detail with the place
// "query:<column>", what was found there and what was expected.
[[nodiscard]] Result<std::optional<QueryNode>> parse_query(std::string_view text);

}  // namespace muster::core
