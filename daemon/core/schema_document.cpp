#include "daemon/core/schema_document.hpp"

#include "daemon/core/pattern.hpp"
#include "protocol/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <utility>

namespace muster::core {
namespace json = boost::json;
namespace {

struct Keyword {
    std::string_view name;
    KeywordShape shape;
};

constexpr Keyword kKeywords[] = {
    {"$comment", KeywordShape::text},
    {"$schema", KeywordShape::draft},
    {"additionalItems", KeywordShape::schema},
    {"additionalProperties", KeywordShape::schema},
    {"allOf", KeywordShape::schemas},
    {"anyOf", KeywordShape::schemas},
    {"const", KeywordShape::anything},
    {"contains", KeywordShape::schema},
    {"default", KeywordShape::anything},
    {"description", KeywordShape::text},
    {"else", KeywordShape::schema},
    {"enum", KeywordShape::choices},
    {"examples", KeywordShape::anything},
    {"exclusiveMaximum", KeywordShape::number},
    {"exclusiveMinimum", KeywordShape::number},
    {"if", KeywordShape::schema},
    {"items", KeywordShape::items},
    {"maxItems", KeywordShape::count},
    {"maxLength", KeywordShape::count},
    {"maxProperties", KeywordShape::count},
    {"maximum", KeywordShape::number},
    {"minItems", KeywordShape::count},
    {"minLength", KeywordShape::count},
    {"minProperties", KeywordShape::count},
    {"minimum", KeywordShape::number},
    {"multipleOf", KeywordShape::divisor},
    {"not", KeywordShape::schema},
    {"oneOf", KeywordShape::schemas},
    {"pattern", KeywordShape::pattern},
    {"properties", KeywordShape::schema_map},
    {"propertyNames", KeywordShape::schema},
    {"readOnly", KeywordShape::flag},
    {"required", KeywordShape::names},
    {"then", KeywordShape::schema},
    {"title", KeywordShape::text},
    {"type", KeywordShape::types},
    {"uniqueItems", KeywordShape::flag},
    {"writeOnly", KeywordShape::flag},
};

constexpr std::array<std::string_view, 7> kTypes{"array",  "boolean", "integer", "null",
                                                 "number", "object",  "string"};
constexpr std::string_view kTypesInWords = "array, boolean, integer, null, number, object, string";
constexpr std::string_view kDraft7 = "http://json-schema.org/draft-07/schema#";

// Keywords that people write and this subset leaves out, with what to do instead.
constexpr std::pair<std::string_view, std::string_view> kUnsupported[] = {
    {"$ref", "references are not supported: write the schema out in full"},
    {"$id", "references are not supported: write the schema out in full"},
    {"id", "references are not supported: write the schema out in full"},
    {"definitions", "references are not supported: write the schema out in full"},
    {"$defs", "references are not supported: write the schema out in full"},
    {"format", "is not supported: use pattern"},
    {"patternProperties", "is not supported: use properties and propertyNames"},
    {"dependencies", "is not supported: use if and then"},
};

constexpr std::pair<std::string_view, std::string_view> kLimits[] = {
    {"minimum", "maximum"},
    {"minLength", "maxLength"},
    {"minItems", "maxItems"},
    {"minProperties", "maxProperties"},
};

bool is_type(const json::value& value) {
    return value.is_string() &&
           std::ranges::find(kTypes, std::string_view(value.get_string())) != kTypes.end();
}

class Checker {
public:
    void schema(const json::value& value, const std::string& path, std::size_t depth);
    std::vector<ErrorDetail> take() { return std::move(mistakes_); }

private:
    void object(const json::object& object, const std::string& path, std::size_t depth);
    void keyword(KeywordShape shape, const json::value& value, const std::string& path, std::size_t depth);
    void limits(const json::object& object, const std::string& path);
    void types(const json::value& value, const std::string& path);
    void number(const json::value& value, const std::string& path, bool positive);
    void pattern(const json::value& value, const std::string& path);
    void names(const json::value& value, const std::string& path);
    void schemas(const json::value& value, const std::string& path, std::size_t depth);
    void schema_map(const json::value& value, const std::string& path, std::size_t depth);

    void require(bool good, const std::string& path, std::string_view message) {
        if (!good && mistakes_.size() <= limits::kErrorDetails) {
            mistakes_.push_back({path, std::string(message)});
        }
    }

    std::vector<ErrorDetail> mistakes_;
};

std::string member_path(const std::string& path, std::string_view name) {
    return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

void Checker::schema(const json::value& value, const std::string& path, std::size_t depth) {
    if (depth == 0) {
        require(false, path, fmt::format("nests deeper than {} schemas", limits::kRequestJsonDepth));
    } else if (value.is_object()) {
        object(value.get_object(), path, depth - 1);
    } else {
        require(value.is_bool(), path, "must be a schema: an object, or true or false");
    }
}

void Checker::object(const json::object& object, const std::string& path, std::size_t depth) {
    for (const auto& [name, value] : object) {
        const std::string member = member_path(path, name);
        if (const KeywordShape* shape = find_keyword(name)) {
            keyword(*shape, value, member, depth);
            continue;
        }
        const auto* known = std::ranges::find(kUnsupported, std::string_view(name),
                                              &std::pair<std::string_view, std::string_view>::first);
        require(false, member,
                known != std::end(kUnsupported) ? known->second : "is not a keyword of JSON Schema draft 7");
    }
    limits(object, path);
}

void Checker::keyword(KeywordShape shape, const json::value& value, const std::string& path,
                      std::size_t depth) {
    switch (shape) {
        case KeywordShape::anything:
            return;
        case KeywordShape::text:
            return require(value.is_string(), path, "must be text");
        case KeywordShape::flag:
            return require(value.is_bool(), path, "must be true or false");
        case KeywordShape::draft:
            return require(value.is_string() && value.get_string() == kDraft7, path,
                           fmt::format("must be \"{}\"", kDraft7));
        case KeywordShape::types:
            return types(value, path);
        case KeywordShape::choices:
            return require(value.is_array() && !value.get_array().empty(), path,
                           "must be a list of at least one value");
        case KeywordShape::number:
            return number(value, path, false);
        case KeywordShape::divisor:
            return number(value, path, true);
        case KeywordShape::count:
            return require(value.is_int64() && value.get_int64() >= 0, path, "must be a whole number from 0");
        case KeywordShape::pattern:
            return pattern(value, path);
        case KeywordShape::names:
            return names(value, path);
        case KeywordShape::schema:
            return schema(value, path, depth);
        case KeywordShape::schemas:
            return schemas(value, path, depth);
        case KeywordShape::schema_map:
            return schema_map(value, path, depth);
        case KeywordShape::items:
            return value.is_array() ? schemas(value, path, depth) : schema(value, path, depth);
    }
}

void Checker::limits(const json::object& object, const std::string& path) {
    for (const auto& [least, most] : kLimits) {
        const json::value* low = object.if_contains(least);
        const json::value* high = object.if_contains(most);
        if (low != nullptr && high != nullptr && low->is_number() && high->is_number()) {
            require(low->to_number<double>() <= high->to_number<double>(), member_path(path, least),
                    fmt::format("is above {}: nothing would be allowed", most));
        }
    }
}

void Checker::types(const json::value& value, const std::string& path) {
    if (!value.is_array()) {
        return require(is_type(value), path, fmt::format("must be one of {}", kTypesInWords));
    }
    require(!value.get_array().empty(), path, "must name at least one type");
    for (std::size_t index = 0; index < value.get_array().size(); ++index) {
        require(is_type(value.get_array()[index]), fmt::format("{}[{}]", path, index),
                fmt::format("must be one of {}", kTypesInWords));
    }
}

void Checker::number(const json::value& value, const std::string& path, bool positive) {
    // uint64 is a whole number beyond int64, which no value here can reach.
    if (!value.is_int64() && !(value.is_double() && std::isfinite(value.get_double()))) {
        return require(false, path, "must be a number");
    }
    require(!positive || value.to_number<double>() > 0, path, "must be above 0");
}

void Checker::pattern(const json::value& value, const std::string& path) {
    if (!value.is_string()) {
        return require(false, path, "must be text");
    }
    if (const auto compiled = Pattern::compile(value.get_string()); compiled.has_error()) {
        require(false, path, compiled.error().message);
    }
}

void Checker::names(const json::value& value, const std::string& path) {
    if (!value.is_array()) {
        return require(false, path, "must be a list of names");
    }
    std::set<std::string_view> seen;
    for (std::size_t index = 0; index < value.get_array().size(); ++index) {
        const json::value& name = value.get_array()[index];
        const std::string place = fmt::format("{}[{}]", path, index);
        if (!name.is_string()) {
            require(false, place, "must be text");
        } else {
            require(seen.insert(name.get_string()).second, place, "is listed twice");
        }
    }
}

void Checker::schemas(const json::value& value, const std::string& path, std::size_t depth) {
    if (!value.is_array() || value.get_array().empty()) {
        return require(false, path, "must be a list of at least one schema");
    }
    for (std::size_t index = 0; index < value.get_array().size(); ++index) {
        schema(value.get_array()[index], fmt::format("{}[{}]", path, index), depth);
    }
}

void Checker::schema_map(const json::value& value, const std::string& path, std::size_t depth) {
    if (!value.is_object()) {
        return require(false, path, "must be an object of names and schemas");
    }
    for (const auto& [name, member] : value.get_object()) {
        schema(member, member_path(path, name), depth);
    }
}

}  // namespace

const KeywordShape* find_keyword(std::string_view name) noexcept {
    const Keyword* found = std::ranges::find(kKeywords, name, &Keyword::name);
    return found != std::end(kKeywords) ? &found->shape : nullptr;
}

std::vector<ErrorDetail> check_schema_document(const json::value& schema) {
    Checker checker;
    checker.schema(schema, "", limits::kRequestJsonDepth);
    return checker.take();
}

}  // namespace muster::core
