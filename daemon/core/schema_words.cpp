#include "daemon/core/schema_words.hpp"

#include "daemon/core/pattern.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <utility>

namespace muster::core {
namespace json = boost::json;
namespace {

constexpr std::size_t kShownBytes = 64;

bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

std::size_t length_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !is_continuation(c); }));
}

// At most kShownBytes, cut between characters.
std::string shortened(std::string text) {
    if (text.size() <= kShownBytes) {
        return text;
    }
    std::size_t end = kShownBytes;
    while (end > 0 && is_continuation(text[end])) {
        --end;
    }
    return text.substr(0, end) + "…";
}

// Numbers compare as numbers whatever their representation, as the validator
// compares them.
bool same(const json::value& left, const json::value& right) {
    if (left.is_number() && right.is_number()) {
        return left.to_number<double>() == right.to_number<double>();
    }
    if (left.is_array() && right.is_array()) {
        return std::ranges::equal(left.get_array(), right.get_array(), same);
    }
    if (left.is_object() && right.is_object()) {
        const json::object& others = right.get_object();
        return left.get_object().size() == others.size() &&
               std::ranges::all_of(left.get_object(), [&others](const json::key_value_pair& member) {
                   const json::value* other = others.if_contains(member.key());
                   return other != nullptr && same(member.value(), *other);
               });
    }
    return left == right;
}

bool has_repeats(const json::array& values) {
    for (std::size_t index = 0; index < values.size(); ++index) {
        if (std::any_of(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(index),
                        [&](const json::value& earlier) { return same(earlier, values[index]); })) {
            return true;
        }
    }
    return false;
}

bool is_of_type(const json::value& value, std::string_view type) {
    switch (value.kind()) {
        case json::kind::null:
            return type == "null";
        case json::kind::bool_:
            return type == "boolean";
        case json::kind::int64:
            return type == "integer" || type == "number";
        case json::kind::uint64:
            return false;
        case json::kind::double_:
            return type == "number";
        case json::kind::string:
            return type == "string";
        case json::kind::array:
            return type == "array";
        case json::kind::object:
            return type == "object";
    }
    return false;
}

std::string_view type_in_words(std::string_view type) {
    constexpr std::pair<std::string_view, std::string_view> kWords[] = {
        {"array", "a list"},    {"boolean", "true or false"}, {"integer", "an integer"}, {"null", "null"},
        {"number", "a number"}, {"object", "an object"},      {"string", "text"},
    };
    return std::ranges::find(kWords, type, &std::pair<std::string_view, std::string_view>::first)->second;
}

std::string_view plural(std::int64_t count) {
    return count == 1 ? "" : "s";
}

class Explainer {
public:
    void explain(const json::value& schema, const json::value& value, const std::string& field);
    std::vector<ErrorDetail> take(std::string_view field);

private:
    void combined(const json::object& schema, const json::value& value, const std::string& field);
    bool type(const json::object& schema, const json::value& value, const std::string& field);
    void choices(const json::object& schema, const json::value& value, const std::string& field);
    void number(const json::object& schema, const json::value& value, const std::string& field);
    void text(const json::object& schema, const json::value& value, const std::string& field);
    void array(const json::object& schema, const json::value& value, const std::string& field);
    void items(const json::object& schema, const json::array& values, const std::string& field);
    void object(const json::object& schema, const json::value& value, const std::string& field);
    void members(const json::object& schema, const json::object& values, const std::string& field);

    void is(const json::value& value, const std::string& field, std::string_view rule) {
        details_.push_back({field, fmt::format("is {}; {}", shown(value), rule)});
    }

    std::vector<ErrorDetail> details_;   // rules that are broken
    std::vector<ErrorDetail> suspects_;  // rules that may be
};

std::vector<ErrorDetail> Explainer::take(std::string_view field) {
    if (!details_.empty()) {
        return std::move(details_);
    }
    if (!suspects_.empty()) {
        return std::move(suspects_);
    }
    return {{std::string(field), "does not fit the schema"}};
}

void Explainer::explain(const json::value& schema, const json::value& value, const std::string& field) {
    if (schema.is_bool()) {
        if (!schema.get_bool()) {
            details_.push_back({field, "is not allowed"});
        }
        return;
    }
    const json::object& rules = schema.get_object();
    if (!type(rules, value, field)) {
        return;
    }
    choices(rules, value, field);
    number(rules, value, field);
    text(rules, value, field);
    array(rules, value, field);
    object(rules, value, field);
    combined(rules, value, field);
    if (const json::value* all = rules.if_contains("allOf")) {
        for (const json::value& one : all->get_array()) {
            explain(one, value, field);
        }
    }
}

void Explainer::combined(const json::object& schema, const json::value& value, const std::string& field) {
    constexpr std::pair<std::string_view, std::string_view> kRules[] = {
        {"anyOf", "must be of at least one of the forms in anyOf"},
        {"oneOf", "must be of exactly one of the forms in oneOf"},
        {"not", "must not be of the form in not"},
        {"if", "must keep the rule of if, then and else"},
        {"contains", "must hold an item of the form in contains"},
        {"propertyNames", "must keep the rule of propertyNames"},
    };
    for (const auto& [keyword, words] : kRules) {
        if (schema.contains(keyword)) {
            suspects_.push_back({field, fmt::format("is {}; {}", shown(value), words)});
        }
    }
}

bool Explainer::type(const json::object& schema, const json::value& value, const std::string& field) {
    const json::value* types = schema.if_contains("type");
    if (types == nullptr) {
        return true;
    }
    const json::array names = types->is_array() ? types->get_array() : json::array{*types};
    std::string words;
    for (const json::value& name : names) {
        if (is_of_type(value, name.get_string())) {
            return true;
        }
        words += words.empty() ? "must be " : " or ";
        words += type_in_words(name.get_string());
    }
    is(value, field, words);
    return false;
}

void Explainer::choices(const json::object& schema, const json::value& value, const std::string& field) {
    if (const json::value* only = schema.if_contains("const"); only != nullptr && !same(value, *only)) {
        is(value, field, fmt::format("must be {}", shown(*only)));
    }
    const json::value* choices = schema.if_contains("enum");
    if (choices == nullptr ||
        std::ranges::any_of(choices->get_array(), [&](const auto& one) { return same(value, one); })) {
        return;
    }
    std::string words;
    for (const json::value& choice : choices->get_array()) {
        words += words.empty() ? "must be one of " : ", ";
        words += shown(choice);
    }
    is(value, field, words);
}

void Explainer::number(const json::object& schema, const json::value& value, const std::string& field) {
    if (!value.is_number()) {
        return;
    }
    const auto rule = [&](std::string_view keyword, auto broken, std::string_view words) {
        const json::value* limit = schema.if_contains(keyword);
        if (limit != nullptr && broken(value.to_number<double>(), limit->to_number<double>())) {
            is(value, field, fmt::format(fmt::runtime(words), shown(*limit)));
        }
    };
    rule("minimum", std::less<>(), "at least {} is allowed");
    rule("exclusiveMinimum", std::less_equal<>(), "must be above {}");
    rule("maximum", std::greater<>(), "at most {} is allowed");
    rule("exclusiveMaximum", std::greater_equal<>(), "must be below {}");
    const json::value* divisor = schema.if_contains("multipleOf");
    if (divisor != nullptr && !is_multiple(value, *divisor)) {
        is(value, field, fmt::format("must be a multiple of {}", shown(*divisor)));
    }
}

void Explainer::text(const json::object& schema, const json::value& value, const std::string& field) {
    if (!value.is_string()) {
        return;
    }
    const std::string_view text = value.get_string();
    const auto length = static_cast<std::int64_t>(length_of(text));
    const json::value* least = schema.if_contains("minLength");
    if (least != nullptr && length < least->get_int64()) {
        is(value, field,
           fmt::format("must have at least {} character{}", least->get_int64(), plural(least->get_int64())));
    }
    const json::value* most = schema.if_contains("maxLength");
    if (most != nullptr && length > most->get_int64()) {
        is(value, field,
           fmt::format("must have at most {} character{}", most->get_int64(), plural(most->get_int64())));
    }
    const json::value* pattern = schema.if_contains("pattern");
    if (pattern != nullptr && !Pattern::compile(pattern->get_string()).value().found_in(text)) {
        is(value, field, fmt::format("must match the pattern {}", std::string_view(pattern->get_string())));
    }
}

void Explainer::array(const json::object& schema, const json::value& value, const std::string& field) {
    if (!value.is_array()) {
        return;
    }
    const json::array& values = value.get_array();
    const auto size = static_cast<std::int64_t>(values.size());
    const json::value* least = schema.if_contains("minItems");
    if (least != nullptr && size < least->get_int64()) {
        is(value, field,
           fmt::format("must have at least {} item{}", least->get_int64(), plural(least->get_int64())));
    }
    const json::value* most = schema.if_contains("maxItems");
    if (most != nullptr && size > most->get_int64()) {
        is(value, field,
           fmt::format("must have at most {} item{}", most->get_int64(), plural(most->get_int64())));
    }
    const json::value* unique = schema.if_contains("uniqueItems");
    if (unique != nullptr && unique->get_bool() && has_repeats(values)) {
        is(value, field, "must not hold the same item twice");
    }
    items(schema, values, field);
}

void Explainer::items(const json::object& schema, const json::array& values, const std::string& field) {
    const json::value* items = schema.if_contains("items");
    if (items == nullptr) {
        return;
    }
    const json::value* rest = items->is_array() ? schema.if_contains("additionalItems") : items;
    const std::size_t listed = items->is_array() ? items->get_array().size() : 0;
    for (std::size_t index = 0; index < values.size(); ++index) {
        const json::value* rules = index < listed ? &items->get_array()[index] : rest;
        if (rules != nullptr) {
            explain(*rules, values[index], fmt::format("{}[{}]", field, index));
        }
    }
}

void Explainer::object(const json::object& schema, const json::value& value, const std::string& field) {
    if (!value.is_object()) {
        return;
    }
    const json::object& values = value.get_object();
    const auto size = static_cast<std::int64_t>(values.size());
    const json::value* least = schema.if_contains("minProperties");
    if (least != nullptr && size < least->get_int64()) {
        is(value, field,
           fmt::format("must have at least {} member{}", least->get_int64(), plural(least->get_int64())));
    }
    const json::value* most = schema.if_contains("maxProperties");
    if (most != nullptr && size > most->get_int64()) {
        is(value, field,
           fmt::format("must have at most {} member{}", most->get_int64(), plural(most->get_int64())));
    }
    members(schema, values, field);
}

void Explainer::members(const json::object& schema, const json::object& values, const std::string& field) {
    const auto path = [&field](std::string_view name) {
        return field.empty() ? std::string(name) : fmt::format("{}.{}", field, name);
    };
    if (const json::value* required = schema.if_contains("required")) {
        for (const json::value& name : required->get_array()) {
            if (!values.contains(name.get_string())) {
                details_.push_back({path(name.get_string()), "is missing"});
            }
        }
    }
    const json::value* properties = schema.if_contains("properties");
    const json::value* additional = schema.if_contains("additionalProperties");
    for (const auto& [name, value] : values) {
        const json::value* rules =
            properties != nullptr ? properties->get_object().if_contains(name) : nullptr;
        if (rules != nullptr) {
            explain(*rules, value, path(name));
        } else if (additional != nullptr && additional->is_bool() && !additional->get_bool()) {
            details_.push_back({path(name), "is not known here"});
        } else if (additional != nullptr) {
            explain(*additional, value, path(name));
        }
    }
}

}  // namespace

std::string shown(const json::value& value) {
    if (value.is_double()) {
        return fmt::format("{}", value.get_double());
    }
    return shortened(json::serialize(value));
}

bool is_multiple(const json::value& value, const json::value& divisor) {
    if (value.is_int64() && divisor.is_int64()) {
        return value.get_int64() % divisor.get_int64() == 0;
    }
    const double quotient = value.to_number<double>() / divisor.to_number<double>();
    const double rounding = 4 * std::numeric_limits<double>::epsilon() * std::max(1.0, std::abs(quotient));
    return std::isfinite(quotient) && std::abs(quotient - std::round(quotient)) <= rounding;
}

std::vector<ErrorDetail> explain(const json::value& schema, const json::value& value,
                                 std::string_view field) {
    Explainer explainer;
    explainer.explain(schema, value, std::string(field));
    return explainer.take(field);
}

}  // namespace muster::core
