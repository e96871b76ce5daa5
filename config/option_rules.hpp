// What the value of an option may be: the rule of its row in the table, its
// check against a value from a file, and its words.
//
// Threads: plain values and pure functions.
#pragma once

#include "config/yaml_node.hpp"
#include "protocol/result.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace muster::config {

struct IntegerRule {
    std::int64_t least;
    std::int64_t most;
};
// A check says what is wrong ("has no host"), or nullopt.
using TextCheck = std::optional<std::string> (*)(std::string_view text);
struct TextRule {
    std::size_t most_bytes;
    TextCheck check = nullptr;
};
struct TextListRule {
    std::size_t least;  // of texts in it
    std::size_t most;
    TextRule item;
};
struct ChoiceRule {
    std::span<const std::string_view> choices;
};
// Names to choices.
struct ChoiceMapRule {
    TextRule name;
    ChoiceRule value;
};
using Rule = std::variant<IntegerRule, TextRule, TextListRule, ChoiceRule, ChoiceMapRule>;

struct Mistake {
    Position position;
    std::string message;  // begins with the key
};

// Every way in which `node`, the value of `key` that stands at `position`,
// breaks the rule; empty when it keeps it.
[[nodiscard]] std::vector<Mistake> check(const Rule& rule, std::string_view key, Position position,
                                         const YamlNode& node);

// The value that "--set KEY=text" gives: for texts and choices the text as it
// is, for lists a YAML list or one item, else YAML. Error: invalid.
[[nodiscard]] Result<YamlNode> read_override(const Rule& rule, std::string_view text);

// "1 to 60000", "text or json"; empty where the sentence has to say it.
[[nodiscard]] std::string allowed(const Rule& rule);

}  // namespace muster::config
