// Strict YAML: bytes to trees of YamlNode. Only yaml.cpp and yaml_builder.cpp
// know yaml-cpp, and nothing of that library, exceptions included, gets out.
//
// Refused, with the place: anchors and aliases, tags, a key twice, keys that
// are not text, text that is not UTF-8, numbers that JSON cannot carry, text
// after a document that no "---" opens, and all that is over a limit.
//
// Threads: callable from any; plain values.
#pragma once

#include "config/yaml_node.hpp"
#include "protocol/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace muster::config {

// `nodes` counts every scalar, list and mapping: it bounds the memory, which
// `bytes` alone does not (a node can be written in two bytes). `value_bytes` is
// for one text, or one list or mapping in brackets, and bounds the parser's own.
struct YamlLimits {
    std::size_t bytes;
    std::size_t value_bytes;
    std::size_t depth;
    std::size_t nodes;
    std::size_t documents;
};
// A configuration is written by hand.
inline constexpr YamlLimits kConfigurationLimits{1024 * 1024, 64 * 1024, 16, 100'000, 1};
// A fleet may be written by a script: some 100,000 devices with tags and properties.
inline constexpr YamlLimits kFleetLimits{16 * 1024 * 1024, 1024 * 1024, 16, 1'000'000, 200'000};

// One error names so many mistakes, and no more: the rest follow from them.
inline constexpr std::size_t kMostMistakes = 50;

struct YamlFile {
    std::string source;               // as the user named it
    std::vector<YamlNode> documents;  // none for a file of comments only
};

// "musterd.yaml:12:3", the field of every ErrorDetail about a file.
[[nodiscard]] std::string place(std::string_view source, Position position);

// Error: invalid; the details name every mistake up to the first error of
// syntax or limit, each with its place as field.
[[nodiscard]] Result<YamlFile> parse_yaml(std::string_view text, std::string source,
                                          const YamlLimits& limits);
// Errors: also not_found, unavailable and too_large, as read_file.
[[nodiscard]] Result<YamlFile> read_yaml(const std::string& path, const YamlLimits& limits);

// "musterd.yaml has 2 mistakes", with them as details.
[[nodiscard]] Error mistakes_error(std::string_view source, std::vector<ErrorDetail> mistakes);

}  // namespace muster::config
