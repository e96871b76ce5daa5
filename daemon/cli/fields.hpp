// Members of a reply, read without trusting its shape: what is missing or of
// another type reads as nothing.
//
// Threads: pure functions.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace muster::cli {

[[nodiscard]] std::string text_of(const boost::json::object& object, std::string_view name);
[[nodiscard]] std::uint64_t count_of(const boost::json::object& object, std::string_view name);
[[nodiscard]] bool flag_of(const boost::json::object& object, std::string_view name);
// A shared empty one when there is none.
[[nodiscard]] const boost::json::object& object_of(const boost::json::object& object, std::string_view name);
[[nodiscard]] const boost::json::array& array_of(const boost::json::object& object, std::string_view name);
[[nodiscard]] const boost::json::object& as_object(const boost::json::value& value);

// A value as a person writes it: strings bare, 0.5 and not 5E-1, the rest JSON.
[[nodiscard]] std::string shown(const boost::json::value& value);
// "firmware=1.4.0 fanSpeed=3"
[[nodiscard]] std::string shown_members(const boost::json::object& object);
// Indented JSON.
[[nodiscard]] std::string pretty(const boost::json::value& value);

}  // namespace muster::cli
