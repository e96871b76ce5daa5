// Time as every part of muster writes it: UTC, milliseconds.
#pragma once

#include "protocol/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace muster {

using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;
using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

// RFC 3339 in UTC with milliseconds: "2026-11-22T21:22:32.123Z".
[[nodiscard]] std::string format_utc(TimePoint time);
// Reads what format_utc writes; the fraction may be absent. Error: invalid.
[[nodiscard]] Result<TimePoint> parse_utc(std::string_view text);
// "850 ms", "12 s", "3 min", "2 h 5 min", "4 d": for messages that people read.
// Rounded down to its two largest units; a negative duration is "0 ms".
[[nodiscard]] std::string format_duration(Milliseconds duration);

}  // namespace muster
