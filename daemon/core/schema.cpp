// The only file that knows valijson, which throws.
#include "daemon/core/pattern.hpp"
#include "daemon/core/schema_document.hpp"
#include "daemon/core/schema_words.hpp"
#include "daemon/core/template.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <fmt/format.h>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace muster::core {
namespace json = boost::json;
namespace {

using valijson::adapters::BoostJsonAdapter;
using Adapter = valijson::adapters::Adapter;

// valijson's own `pattern` runs std::regex, which a pattern can make take
// exponential time or the whole stack, and its own `multipleOf` cuts 3.5 down
// to 3. Ours are added to it under these names.
constexpr const char* kPattern = "x-pattern";
constexpr const char* kMultipleOf = "x-multipleOf";

// A keyword of ours, inside valijson.
class Rule : public valijson::constraints::PolyConstraint {
public:
    explicit Rule(std::function<bool(const Adapter&)> holds) : holds_(std::move(holds)) {}

    bool validate(const Adapter& target, const std::vector<std::string>& /*context*/,
                  valijson::ValidationResults* /*results*/) const override {
        return holds_(target);
    }

private:
    Constraint* cloneInto(void* place) const override { return new (place) Rule(*this); }
    std::size_t sizeOf() const override { return sizeof(Rule); }

    std::function<bool(const Adapter&)> holds_;
};

json::value number_of(const Adapter& number) {
    return number.isInteger() ? json::value(number.getInteger()) : json::value(number.getDouble());
}

class PatternBuilder : public valijson::ConstraintBuilder {
public:
    valijson::constraints::Constraint* make(const Adapter& node) const override {
        const auto holds = [pattern = Pattern::compile(node.getString()).value()](const Adapter& target) {
            return !target.isString() || pattern.found_in(target.getString());
        };
        return new Rule(holds);
    }
};

class MultipleOfBuilder : public valijson::ConstraintBuilder {
public:
    valijson::constraints::Constraint* make(const Adapter& node) const override {
        const auto holds = [divisor = number_of(node)](const Adapter& target) {
            return !target.isNumber() || is_multiple(number_of(target), divisor);
        };
        return new Rule(holds);
    }
};

// The document with our keywords under their own names.
json::value for_valijson(const json::value& schema) {
    if (schema.is_array()) {  // a list of schemas
        json::array list;
        for (const json::value& one : schema.get_array()) {
            list.push_back(for_valijson(one));
        }
        return list;
    }
    if (!schema.is_object()) {
        return schema;
    }
    json::object renamed;
    for (const auto& [name, value] : schema.get_object()) {
        switch (*find_keyword(name)) {
            case KeywordShape::pattern:
                renamed[kPattern] = value;
                break;
            case KeywordShape::divisor:
                renamed[kMultipleOf] = value;
                break;
            case KeywordShape::schema:
            case KeywordShape::schemas:
            case KeywordShape::items:
                renamed[name] = for_valijson(value);
                break;
            case KeywordShape::schema_map: {
                json::object& members = renamed[name].emplace_object();
                for (const auto& [member, member_schema] : value.get_object()) {
                    members[member] = for_valijson(member_schema);
                }
                break;
            }
            case KeywordShape::anything:
            case KeywordShape::text:
            case KeywordShape::flag:
            case KeywordShape::draft:
            case KeywordShape::types:
            case KeywordShape::choices:
            case KeywordShape::number:
            case KeywordShape::count:
            case KeywordShape::names:
                renamed[name] = value;
                break;
        }
    }
    return renamed;
}

// Beyond int64, which valijson takes for no number at all. `value` is not deep.
bool holds_huge_number(const json::value& value) {
    if (const json::array* items = value.if_array()) {
        return std::ranges::any_of(*items, holds_huge_number);
    }
    if (const json::object* members = value.if_object()) {
        return std::ranges::any_of(
            *members, [](const json::key_value_pair& member) { return holds_huge_number(member.value()); });
    }
    return value.is_uint64();
}

Error refusal(std::vector<ErrorDetail> details) {
    std::string message = details.front().field.empty()
                              ? details.front().message
                              : fmt::format("{} {}", details.front().field, details.front().message);
    if (details.size() > 1) {
        message += fmt::format(" (and {} more)", details.size() - 1);
    }
    return make_error(ErrorCode::invalid, std::move(message), std::move(details));
}

}  // namespace

struct Schema::Compiled {
    json::value source;
    std::string type;
    valijson::Schema schema;

    // Without valijson's own descriptions: it makes one for every pair of
    // equal items, which could fill the memory.
    [[nodiscard]] bool allows(const json::value& value) const {
        try {
            return valijson::Validator().validate(schema, BoostJsonAdapter(value), nullptr);
        } catch (const std::exception&) {
            return false;
        }
    }
};

Result<Schema> Schema::compile(const json::value& schema) {
    if (!schema.is_object()) {
        return invalid("", "a schema must be an object");
    }
    if (auto mistakes = check_schema_document(schema); !mistakes.empty()) {
        return refusal(std::move(mistakes));
    }
    try {
        auto compiled = std::make_shared<Compiled>();
        compiled->source = schema;
        if (const json::value* type = schema.get_object().if_contains("type"); type && type->is_string()) {
            compiled->type = std::string(type->get_string());
        }
        valijson::SchemaParser parser;
        parser.addConstraintBuilder(kPattern, new PatternBuilder);
        parser.addConstraintBuilder(kMultipleOf, new MultipleOfBuilder);
        const json::value document = for_valijson(schema);
        parser.populateSchema(BoostJsonAdapter(document), compiled->schema);
        Schema result;
        result.compiled_ = std::move(compiled);
        return result;
    } catch (const std::exception& error) {
        return invalid("", fmt::format("the schema cannot be used: {}", error.what()));
    }
}

Result<void> Schema::check(const json::value& value, std::string_view field) const {
    // Through text and back: bounds size and depth before anything recurses
    // over the value, and makes small numbers int64 however they were built.
    const std::string text = format_json(value);
    if (text.size() > limits::kOperationBytes) {
        return invalid(std::string(field), fmt::format("is {} bytes long; at most {} are allowed",
                                                       text.size(), limits::kOperationBytes));
    }
    const auto parsed = parse_json(text, limits::kOperationBytes, limits::kJsonDepth);
    if (!parsed) {
        return invalid(std::string(field),
                       fmt::format("is not JSON of at most {} levels", limits::kJsonDepth));
    }
    if (holds_huge_number(*parsed)) {
        return invalid(std::string(field), fmt::format("is {}; whole numbers go up to {}", shown(*parsed),
                                                       std::numeric_limits<std::int64_t>::max()));
    }
    if (compiled_ == nullptr || compiled_->allows(*parsed)) {
        return {};
    }
    return refusal(explain(compiled_->source, *parsed, field));
}

const std::string& Schema::type() const noexcept {
    static const std::string none;
    return compiled_ == nullptr ? none : compiled_->type;
}

const json::value& Schema::source() const noexcept {
    static const json::value anything(true);
    return compiled_ == nullptr ? anything : compiled_->source;
}

}  // namespace muster::core
