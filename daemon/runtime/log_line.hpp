// How a line of the log looks. What devices and clients wrote can neither
// forge a line nor reach a terminal as more than characters, and is cut.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace muster::runtime {

// Fields with an empty value are left out.
using LogFields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// Longest value, before escaping: the longest sentence of an Error fits.
inline constexpr std::size_t kLogValueBytes = 1024;

// `event=message_malformed name="fridge-1" text="…"`, or as members of a JSON
// object without its braces. `event` and names are ours, values anybody's.
[[nodiscard]] std::string log_line(std::string_view event, LogFields fields, bool as_json);

}  // namespace muster::runtime
