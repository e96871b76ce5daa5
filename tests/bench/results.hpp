// RESULTS.md out of bench.json, so that nobody types a figure: the performance budget
// of the design with what was measured, then everything else.
//
// Threads: pure functions.
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace muster::bench {

// What stands in the page from this line on is written by people, and stays.
inline constexpr std::string_view kByHand = "<!-- from here on by hand -->";

// `document` is bench.json; `before` is the page as it was, or empty. Throws std::runtime_error when the
// document is none of ours.
[[nodiscard]] std::string results_page(const boost::json::value& document, std::string_view before);

}  // namespace muster::bench
