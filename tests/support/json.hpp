// JSON as tests read it: by pointer ("/tally/failed"), throwing with the whole
// document when something is not there.
//
// Threads: pure functions.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace muster::test {

[[nodiscard]] boost::json::value parse(std::string_view text);
[[nodiscard]] const boost::json::value& member(const boost::json::value& document, std::string_view pointer);
[[nodiscard]] std::string text(const boost::json::value& document, std::string_view pointer);
[[nodiscard]] std::int64_t number(const boost::json::value& document, std::string_view pointer);

}  // namespace muster::test
