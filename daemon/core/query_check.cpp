#include "daemon/core/query_check.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace muster::core {
namespace {

using Operator = QueryComparison::Operator;

// What a field or literal can be. `anything` where nobody knows before the
// query is run: tags, and schemas that allow several types.
enum class Type { anything, text, number, truth, other };

std::string_view in_words(Type type) {
    switch (type) {
        case Type::anything:
            return "of any type";
        case Type::text:
            return "text";
        case Type::number:
            return "a number";
        case Type::truth:
            return "true or false";
        case Type::other:
            return "a list or an object";
    }
    return {};
}

Type type_of_schema(const Schema& schema) {
    const std::string& name = schema.type();
    if (name.empty()) {
        return Type::anything;
    }
    if (name == "integer" || name == "number") {
        return Type::number;
    }
    return name == "string" ? Type::text : name == "boolean" ? Type::truth : Type::other;
}

Type type_of_literal(const QueryLiteral& literal) {
    return literal.value.is_string() ? Type::text : literal.value.is_bool() ? Type::truth : Type::number;
}

// nullptr: the template does not define it.
const Schema* schema_of(const QueryField& field, const Template& device_template) {
    if (field.group == QueryGroup::settings || field.group == QueryGroup::reported) {
        const auto setting = device_template.settings.find(field.name);
        if (setting != device_template.settings.end()) {
            return &setting->second.schema;
        }
    }
    if (field.group == QueryGroup::properties || field.group == QueryGroup::reported) {
        const auto property = device_template.properties.find(field.name);
        if (property != device_template.properties.end() &&
            (field.group == QueryGroup::properties || property->second.kept != PropertyKept::gateway)) {
            return &property->second.schema;
        }
    }
    if (field.group == QueryGroup::reported) {
        const auto reported = device_template.reported.find(field.name);
        if (reported != device_template.reported.end()) {
            return &reported->second.schema;
        }
    }
    return nullptr;
}

struct Side {
    std::string text;
    Type type;
    QueryColumn column;
};

class Checker {
public:
    explicit Checker(const Template* device_template) : template_(device_template) {}

    void operator()(const QueryComparison& one);
    void operator()(const QueryChoice& one);
    void operator()(const QueryMembership& one) { type_of(one.field); }
    void operator()(const QueryMethod& one) {
        require(one.field, Type::text, fmt::format("has no {}()", text_of(one.name)));
    }
    void operator()(const QueryFlag& one) { require(one.field, Type::truth, "needs a comparison"); }
    void operator()(const QueryCombination& one) {
        for (const QueryNode& part : one.parts) {
            std::visit(*this, part.test);
        }
    }
    std::vector<ErrorDetail> take() { return std::move(mistakes_); }

private:
    // nullopt: there is no such field, which has been noted.
    std::optional<Type> type_of(const QueryField& field);
    void require(const QueryField& field, Type required, std::string_view otherwise);
    std::optional<Side> side(const QueryOperand& operand);
    // False, and noted, when the two can never be equal.
    bool comparable(const Side& left, const Side& right);

    void mistake(QueryColumn column, std::string message) {
        mistakes_.push_back({fmt::format("query:{}", column.value), std::move(message)});
    }

    const Template* template_;
    std::vector<ErrorDetail> mistakes_;
};

std::optional<Type> Checker::type_of(const QueryField& field) {
    switch (field.group) {
        case QueryGroup::id:
        case QueryGroup::name:
            return Type::text;
        case QueryGroup::online:
            return Type::truth;
        case QueryGroup::tags:
            return Type::anything;
        case QueryGroup::properties:
        case QueryGroup::settings:
        case QueryGroup::reported:
            break;
    }
    if (template_ == nullptr) {
        return Type::anything;
    }
    if (const Schema* schema = schema_of(field, *template_)) {
        return type_of_schema(*schema);
    }
    mistake(field.column, fmt::format("template {} does not define {}", template_->name, text_of(field)));
    return std::nullopt;
}

void Checker::require(const QueryField& field, Type required, std::string_view otherwise) {
    const auto type = type_of(field);
    if (type && *type != required && *type != Type::anything) {
        mistake(field.column, fmt::format("{} is {}, which {}", text_of(field), in_words(*type), otherwise));
    }
}

std::optional<Side> Checker::side(const QueryOperand& operand) {
    if (const auto* literal = std::get_if<QueryLiteral>(&operand)) {
        return Side{"a value", type_of_literal(*literal), literal->column};
    }
    const auto& field = std::get<QueryField>(operand);
    const auto type = type_of(field);
    return type ? std::optional(Side{text_of(field), *type, field.column}) : std::nullopt;
}

bool Checker::comparable(const Side& left, const Side& right) {
    for (const Side* one : {&left, &right}) {
        if (one->type == Type::other) {
            mistake(one->column,
                    fmt::format("{} is {}, which cannot be compared", one->text, in_words(one->type)));
            return false;
        }
    }
    if (left.type == right.type || left.type == Type::anything || right.type == Type::anything) {
        return true;
    }
    mistake(right.column, fmt::format("{} is {}, which cannot be compared with {}", left.text,
                                      in_words(left.type), in_words(right.type)));
    return false;
}

void Checker::operator()(const QueryComparison& one) {
    const auto left = side(one.left);
    const auto right = side(one.right);
    if (!left || !right || !comparable(*left, *right)) {
        return;
    }
    const bool ordering = one.op != Operator::equal && one.op != Operator::not_equal;
    if (ordering && (left->type == Type::truth || right->type == Type::truth)) {
        mistake(left->column,
                fmt::format("true and false have no order: {} does not apply", text_of(one.op)));
    }
}

void Checker::operator()(const QueryChoice& one) {
    const auto left = side(one.field);
    if (!left) {
        return;
    }
    for (const QueryLiteral& literal : one.literals) {
        if (!comparable(*left, *side(literal))) {
            return;
        }
    }
}

}  // namespace

std::vector<ErrorDetail> check_query(const QueryNode& node, const Template* device_template) {
    Checker checker(device_template);
    std::visit(checker, node.test);
    return checker.take();
}

}  // namespace muster::core
