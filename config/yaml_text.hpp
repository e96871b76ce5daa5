// The texts inside a YAML file: which bytes a file may hold, what a plain
// scalar means, and how a value is written so that it is read back the same.
//
// Threads: pure functions.
#pragma once

#include "config/yaml_node.hpp"
#include "protocol/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace muster::config {

// Offset of the first byte that is not UTF-8, or is a control character other
// than tab, line feed and carriage return; nullopt when there is none.
[[nodiscard]] std::optional<std::size_t> first_bad_byte(std::string_view text) noexcept;

// What an unquoted scalar means in the core schema of YAML 1.2: null, true and
// false, integers (decimal, 0o17, 0x1F), decimal numbers, else text. So "yes",
// "on" and "12:30" are text. Error: invalid, for numbers that JSON cannot carry
// (beyond 64 bits, .inf, .nan).
[[nodiscard]] Result<YamlNode::Value> resolve_plain(std::string_view text);

// A null, boolean, number or string as YAML: unquoted where that is read back
// as the same value, else in double quotes.
[[nodiscard]] std::string write_scalar(const boost::json::value& scalar);

// For messages: in double quotes, on one line, cut to about 60 bytes.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace muster::config
