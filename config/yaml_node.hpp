// One YAML document as a plain tree: typed values, each with its place in the
// file. Nothing here knows the YAML library; yaml.hpp makes these trees.
//
// Threads: plain values and pure functions.
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace muster::config {

// Both count from 1; a column counts bytes.
struct Position {
    std::size_t line = 1;
    std::size_t column = 1;

    friend auto operator<=>(const Position&, const Position&) = default;
};

struct YamlMember;

struct YamlNode {
    using Sequence = std::vector<YamlNode>;
    using Mapping = std::vector<YamlMember>;  // in the file's order, no key twice
    using Value = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Sequence, Mapping>;

    Position position;
    Value value;
};

struct YamlMember {
    std::string key;
    Position position;  // of the key
    YamlNode node;
};

// "an integer", "text", "nothing": for sentences such as "… is text; an integer is expected".
[[nodiscard]] std::string_view describe(const YamlNode& node) noexcept;

[[nodiscard]] boost::json::value to_json(const YamlNode& node);

// Where the field of a JSON path such as "settings.fanSpeed.schema.minimum" or
// "operations[0].value" stands: the key of a member, the first byte of a list's
// item. Keys may hold dots. Where the path leaves the tree (a required field
// that is missing), the last part that exists; for "" the root.
[[nodiscard]] Position position_of(const YamlNode& root, std::string_view path);

}  // namespace muster::config
