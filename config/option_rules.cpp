#include "config/option_rules.hpp"

#include "config/suggest.hpp"
#include "config/yaml.hpp"
#include "config/yaml_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::config {
namespace {

std::string choice_list(const ChoiceRule& rule) {
    std::string list;
    for (std::size_t i = 0; i < rule.choices.size(); ++i) {
        const bool last = i + 1 == rule.choices.size();
        list += i == 0 ? "" : last ? " or " : ", ";
        list += rule.choices[i];
    }
    return list;
}

class Checker {
public:
    Checker(std::string key, Position position, const YamlNode& node)
        : key_(std::move(key)), position_(position), node_(node) {}

    std::vector<Mistake> take() { return std::move(mistakes_); }

    void operator()(const IntegerRule& rule) {
        const auto* value = std::get_if<std::int64_t>(&node_.value);
        if (value == nullptr) {
            wrong_type("an integer");
        } else if (*value < rule.least || *value > rule.most) {
            note(fmt::format("is {}; {} is allowed", *value, allowed(rule)));
        }
    }

    void operator()(const TextRule& rule) {
        const auto* text = std::get_if<std::string>(&node_.value);
        if (text == nullptr) {
            wrong_type("text");
        } else if (const auto complaint = complaint_about(rule, *text)) {
            note(*complaint);
        }
    }

    void operator()(const TextListRule& rule) {
        const auto* items = std::get_if<YamlNode::Sequence>(&node_.value);
        if (items == nullptr) {
            wrong_type("a list");
            return;
        }
        if (items->size() < rule.least || items->size() > rule.most) {
            note(fmt::format("has {} entries; {} to {} are allowed", items->size(), rule.least, rule.most));
            return;
        }
        for (std::size_t i = 0; i < items->size(); ++i) {
            Checker item(fmt::format("{}[{}]", key_, i), (*items)[i].position, (*items)[i]);
            item(rule.item);
            append(item.take());
        }
    }

    void operator()(const ChoiceRule& rule) {
        const auto* text = std::get_if<std::string>(&node_.value);
        if (text == nullptr) {
            wrong_type(choice_list(rule));
        } else if (std::find(rule.choices.begin(), rule.choices.end(), *text) == rule.choices.end()) {
            const auto near = nearest(*text, rule.choices);
            note(fmt::format("is {}; {} is allowed{}", quoted(*text), choice_list(rule),
                             near ? fmt::format("; did you mean {}?", *near) : ""));
        }
    }

    void operator()(const ChoiceMapRule& rule) {
        const auto* members = std::get_if<YamlNode::Mapping>(&node_.value);
        if (members == nullptr) {
            // A mapping all of whose lines are commented out.
            if (!std::holds_alternative<std::nullptr_t>(node_.value)) {
                wrong_type("a mapping");
            }
            return;
        }
        for (const YamlMember& member : *members) {
            Checker value(fmt::format("{}.{}", key_, member.key), member.position, member.node);
            if (const auto complaint = complaint_about(rule.name, member.key)) {
                mistakes_.push_back({member.position, fmt::format("{}: the name {} {}", key_,
                                                                  quoted(member.key), *complaint)});
            } else {
                value(rule.value);
            }
            append(value.take());
        }
    }

private:
    static std::optional<std::string> complaint_about(const TextRule& rule, std::string_view text) {
        if (text.size() > rule.most_bytes) {
            return fmt::format("has {} bytes; at most {} are allowed", text.size(), rule.most_bytes);
        }
        if (std::any_of(text.begin(), text.end(),
                        [](char c) { return (c >= 0 && c < ' ') || c == '\x7F'; })) {
            return "holds a control character";
        }
        return rule.check == nullptr ? std::nullopt : rule.check(text);
    }

    void note(std::string_view what) { mistakes_.push_back({position_, fmt::format("{} {}", key_, what)}); }
    void wrong_type(std::string_view expected) {
        const bool unquoted = expected == "text" && std::visit(
                                                        [](const auto& value) {
                                                            using Value = std::decay_t<decltype(value)>;
                                                            return std::is_arithmetic_v<Value>;
                                                        },
                                                        node_.value);
        note(
            fmt::format("is {}; {} is expected{}", describe(node_), expected, unquoted ? ", in quotes" : ""));
    }
    void append(std::vector<Mistake> more) {
        mistakes_.insert(mistakes_.end(), std::make_move_iterator(more.begin()),
                         std::make_move_iterator(more.end()));
    }

    std::string key_;
    Position position_;
    const YamlNode& node_;
    std::vector<Mistake> mistakes_;
};

}  // namespace

std::vector<Mistake> check(const Rule& rule, std::string_view key, Position position, const YamlNode& node) {
    Checker checker(std::string(key), position, node);
    std::visit(checker, rule);
    return checker.take();
}

Result<YamlNode> read_override(const Rule& rule, std::string_view text) {
    if (std::holds_alternative<TextRule>(rule) || std::holds_alternative<ChoiceRule>(rule)) {
        return YamlNode{{}, std::string(text)};
    }
    if (std::holds_alternative<TextListRule>(rule) && !text.starts_with('[')) {
        return YamlNode{{}, YamlNode::Sequence{YamlNode{{}, std::string(text)}}};
    }
    Result<YamlFile> read = parse_yaml(text, "value", kConfigurationLimits);
    if (!read) {
        return read.error();
    }
    YamlFile file = std::move(read).value();
    return file.documents.empty() ? YamlNode{{}, nullptr} : std::move(file.documents.front());
}

std::string allowed(const Rule& rule) {
    if (const auto* integer = std::get_if<IntegerRule>(&rule)) {
        return fmt::format("{} to {}", integer->least, integer->most);
    }
    if (const auto* choice = std::get_if<ChoiceRule>(&rule)) {
        return choice_list(*choice);
    }
    return "";
}

}  // namespace muster::config
