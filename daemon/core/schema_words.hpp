// What is wrong with a value, in words that a user of the console understands:
// "is 9; at most 5 is allowed". Words only: the verdict is the validator's
// (schema.cpp), and the rules here follow it.
//
// Threads: pure functions.
#pragma once

#include "protocol/result.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace muster::core {

// A value as messages show it: JSON, shortened when long.
[[nodiscard]] std::string shown(const boost::json::value& value);

// Both are numbers, the divisor above 0. Exact for whole numbers, else within
// the rounding of a double (0.3 is a multiple of 0.1).
[[nodiscard]] bool is_multiple(const boost::json::value& value, const boost::json::value& divisor);

// One detail per rule of `schema` (a checked document) that `value` breaks;
// never empty, since the validator has refused the value. Rules that combine
// schemas (anyOf, not, if, …) are named only when no simple rule is broken.
[[nodiscard]] std::vector<ErrorDetail> explain(const boost::json::value& schema,
                                               const boost::json::value& value, std::string_view field);

}  // namespace muster::core
