#include "daemon/core/query_ast.hpp"

#include <fmt/format.h>

namespace muster::core {
namespace json = boost::json;
namespace {

using Kind = QueryCombination::Kind;

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char character : text) {
        if (character == '"' || character == '\\') {
            result += '\\';
            result += character;
        } else if (static_cast<unsigned char>(character) < 0x20) {
            result += fmt::format("\\u{:04x}", character);
        } else {
            result += character;
        }
    }
    return result + '"';
}

std::string text_of_literal(const QueryLiteral& literal) {
    if (literal.value.is_string()) {
        return quoted(literal.value.get_string());
    }
    if (literal.value.is_bool()) {
        return literal.value.get_bool() ? "true" : "false";
    }
    return literal.value.is_int64() ? fmt::format("{}", literal.value.get_int64())
                                    : fmt::format("{}", literal.value.get_double());
}

std::string text_of_operand(const QueryOperand& operand) {
    const auto* field = std::get_if<QueryField>(&operand);
    return field != nullptr ? text_of(*field) : text_of_literal(std::get<QueryLiteral>(operand));
}

struct Writer {
    std::string operator()(const QueryComparison& one) const {
        return fmt::format("{} {} {}", text_of_operand(one.left), text_of(one.op),
                           text_of_operand(one.right));
    }

    std::string operator()(const QueryChoice& one) const {
        std::string list;
        for (const QueryLiteral& literal : one.literals) {
            list += list.empty() ? "" : ", ";
            list += text_of_literal(literal);
        }
        return fmt::format("{} in [{}]", text_of(one.field), list);
    }

    std::string operator()(const QueryMembership& one) const {
        return fmt::format("{} in {}", quoted(one.field.name), text_of(one.field.group));
    }

    std::string operator()(const QueryMethod& one) const {
        return fmt::format("{}.{}({})", text_of(one.field), text_of(one.name), quoted(one.argument));
    }

    std::string operator()(const QueryFlag& one) const { return text_of(one.field); }

    std::string operator()(const QueryCombination& one) const {
        if (one.kind == Kind::negation) {
            return "!" + part(one.parts.front(), one.kind);
        }
        std::string result;
        for (const QueryNode& node : one.parts) {
            result += result.empty() ? "" : one.kind == Kind::all ? " && " : " || ";
            result += part(node, one.kind);
        }
        return result;
    }

private:
    // A part of a combination, in parentheses where it binds looser.
    static std::string part(const QueryNode& node, Kind within) {
        const auto* combination = std::get_if<QueryCombination>(&node.test);
        bool looser = false;
        switch (within) {
            case Kind::any:
                break;
            case Kind::all:
                looser = combination != nullptr && combination->kind == Kind::any;
                break;
            case Kind::negation:
                looser = combination != nullptr ? combination->kind != Kind::negation
                                                : !std::holds_alternative<QueryFlag>(node.test) &&
                                                      !std::holds_alternative<QueryMethod>(node.test);
                break;
        }
        return looser ? fmt::format("({})", text_of(node)) : text_of(node);
    }
};

}  // namespace

std::string_view text_of(QueryGroup group) noexcept {
    switch (group) {
        case QueryGroup::id:
            return "id";
        case QueryGroup::name:
            return "name";
        case QueryGroup::online:
            return "online";
        case QueryGroup::tags:
            return "tags";
        case QueryGroup::properties:
            return "properties";
        case QueryGroup::settings:
            return "settings";
        case QueryGroup::reported:
            return "reported";
    }
    return {};
}

std::string_view text_of(QueryComparison::Operator operation) noexcept {
    switch (operation) {
        case QueryComparison::Operator::equal:
            return "==";
        case QueryComparison::Operator::not_equal:
            return "!=";
        case QueryComparison::Operator::less:
            return "<";
        case QueryComparison::Operator::less_equal:
            return "<=";
        case QueryComparison::Operator::greater:
            return ">";
        case QueryComparison::Operator::greater_equal:
            return ">=";
    }
    return {};
}

std::string_view text_of(QueryMethod::Name method) noexcept {
    switch (method) {
        case QueryMethod::Name::starts_with:
            return "startsWith";
        case QueryMethod::Name::ends_with:
            return "endsWith";
        case QueryMethod::Name::contains:
            return "contains";
    }
    return {};
}

std::string text_of(const QueryField& field) {
    return has_members(field.group) ? fmt::format("{}.{}", text_of(field.group), field.name)
                                    : std::string(text_of(field.group));
}

bool has_members(QueryGroup group) noexcept {
    switch (group) {
        case QueryGroup::id:
        case QueryGroup::name:
        case QueryGroup::online:
            return false;
        case QueryGroup::tags:
        case QueryGroup::properties:
        case QueryGroup::settings:
        case QueryGroup::reported:
            return true;
    }
    return false;
}

std::string text_of(const QueryNode& node) {
    return std::visit(Writer(), node.test);
}

}  // namespace muster::core
