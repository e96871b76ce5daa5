// What is written on the command line, as values.
//
// Threads: pure functions, but for read_devices, which reads a file.
#pragma once

#include "daemon/cli/outcome.hpp"
#include "protocol/ids.hpp"
#include "protocol/time.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster::cli {

// JSON where the text is JSON (3, 0.5, true, null, "text", {"a":1}, [1]), else
// a string: fanSpeed=3 is a number, mode=eco and mode='"3"' are strings.
[[nodiscard]] boost::json::value parse_value(std::string_view text);

// "NAME=VALUE" taken apart; NAME may not be empty.
[[nodiscard]] Outcome<std::pair<std::string, std::string>> parse_assignment(std::string_view text);

// "90", "90s", "5m", "1h30m", "2d" in seconds; at least 1 s.
[[nodiscard]] Outcome<Seconds> parse_duration(std::string_view text, std::string_view option);

// A whole number between the bounds. `option` is named in the error.
[[nodiscard]] Outcome<std::uint64_t> parse_count(std::string_view text, std::string_view option,
                                                 std::uint64_t least, std::uint64_t most);

[[nodiscard]] Outcome<JobId> parse_job(std::string_view text);

// Each of `texts` is ids joined by commas, or @FILE with one id a line (blank
// lines and those beginning with # are skipped). Every bad id is named.
[[nodiscard]] Outcome<std::vector<std::string>> read_devices(const std::vector<std::string>& texts,
                                                             std::string_view option);

}  // namespace muster::cli
