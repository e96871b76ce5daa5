#include "daemon/core/query_match.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace muster::core {
namespace json = boost::json;
namespace {

using Kind = QueryCombination::Kind;
using Operator = QueryComparison::Operator;

// A value that can be compared; monostate is none: missing, null, a list or an
// object. Text points into the device, its values or the query.
using Scalar = std::variant<std::monostate, bool, std::int64_t, double, std::string_view>;

Scalar scalar_of(const json::value& value) {
    switch (value.kind()) {
        case json::kind::bool_:
            return value.get_bool();
        case json::kind::int64:
            return value.get_int64();
        case json::kind::uint64:
            return static_cast<double>(value.get_uint64());
        case json::kind::double_:
            return value.get_double();
        case json::kind::string:
            return std::string_view(value.get_string());
        case json::kind::null:
        case json::kind::array:
        case json::kind::object:
            return {};
    }
    return {};
}

std::optional<double> number_of(const Scalar& scalar) {
    if (const auto* whole = std::get_if<std::int64_t>(&scalar)) {
        return static_cast<double>(*whole);
    }
    const auto* number = std::get_if<double>(&scalar);
    return number != nullptr ? std::optional(*number) : std::nullopt;
}

// unordered: of different types, or nothing that compares.
std::partial_ordering compare(const Scalar& left, const Scalar& right) {
    if (left.index() == right.index()) {
        return std::holds_alternative<std::monostate>(left) ? std::partial_ordering::unordered
                                                            : left <=> right;
    }
    const auto left_number = number_of(left);
    const auto right_number = number_of(right);
    return left_number && right_number ? *left_number <=> *right_number : std::partial_ordering::unordered;
}

bool holds(Operator operation, std::partial_ordering order) {
    switch (operation) {
        case Operator::equal:
            return std::is_eq(order);
        case Operator::not_equal:
            return std::is_lt(order) || std::is_gt(order);
        case Operator::less:
            return std::is_lt(order);
        case Operator::less_equal:
            return std::is_lteq(order);
        case Operator::greater:
            return std::is_gt(order);
        case Operator::greater_equal:
            return std::is_gteq(order);
    }
    return false;
}

class Matcher {
public:
    explicit Matcher(const Device& device) : device_(device), memory_(buffer_, sizeof buffer_) {}

    bool operator()(const QueryComparison& one) {
        return holds(one.op, compare(value_of(one.left), value_of(one.right)));
    }

    bool operator()(const QueryChoice& one) {
        const Scalar value = value_of(one.field);
        return std::ranges::any_of(one.literals, [&value](const QueryLiteral& literal) {
            return std::is_eq(compare(value, scalar_of(literal.value)));
        });
    }

    bool operator()(const QueryMembership& one) { return member(one.field) != nullptr; }

    bool operator()(const QueryMethod& one) {
        const Scalar value = value_of(one.field);
        const auto* text = std::get_if<std::string_view>(&value);
        if (text == nullptr) {
            return false;
        }
        switch (one.name) {
            case QueryMethod::Name::starts_with:
                return text->starts_with(one.argument);
            case QueryMethod::Name::ends_with:
                return text->ends_with(one.argument);
            case QueryMethod::Name::contains:
                return text->find(one.argument) != std::string_view::npos;
        }
        return false;
    }

    bool operator()(const QueryFlag& one) { return value_of(one.field) == Scalar(true); }

    bool operator()(const QueryCombination& one) {
        const auto test = [this](const QueryNode& part) { return std::visit(*this, part.test); };
        switch (one.kind) {
            case Kind::all:
                return std::ranges::all_of(one.parts, test);
            case Kind::any:
                return std::ranges::any_of(one.parts, test);
            case Kind::negation:
                return !test(one.parts.front());
        }
        return false;
    }

private:
    static constexpr std::size_t kGroups = 4;
    static constexpr std::size_t kStackBytes = 8192;

    Scalar value_of(const QueryOperand& operand) {
        const auto* literal = std::get_if<QueryLiteral>(&operand);
        return literal != nullptr ? scalar_of(literal->value) : value_of(std::get<QueryField>(operand));
    }

    Scalar value_of(const QueryField& field) {
        switch (field.group) {
            case QueryGroup::id:
                return std::string_view(device_.id.text());
            case QueryGroup::name:
                return device_.name.view();
            case QueryGroup::online:
                return device_.online;
            case QueryGroup::tags:
            case QueryGroup::properties:
            case QueryGroup::settings:
            case QueryGroup::reported:
                break;
        }
        const json::value* value = member(field);
        return value != nullptr ? scalar_of(*value) : Scalar();
    }

    // nullptr: the device has none of that name.
    const json::value* member(const QueryField& field) {
        auto& group =
            groups_[static_cast<std::size_t>(field.group) - static_cast<std::size_t>(QueryGroup::tags)];
        if (!group) {
            group.emplace(values_of(field.group).object(&memory_));
        }
        return group->if_contains(field.name);
    }

    const Values& values_of(QueryGroup group) const {
        switch (group) {
            case QueryGroup::tags:
                return device_.tags;
            case QueryGroup::properties:
                return device_.properties;
            case QueryGroup::settings:
                return device_.settings;
            case QueryGroup::id:
            case QueryGroup::name:
            case QueryGroup::online:
            case QueryGroup::reported:
                break;
        }
        return device_.reported;
    }

    const Device& device_;
    std::byte buffer_[kStackBytes];
    json::monotonic_resource memory_;
    std::optional<json::object> groups_[kGroups];
};

Aspect aspect_of(QueryGroup group) {
    switch (group) {
        case QueryGroup::id:
            return Aspect::id;
        case QueryGroup::name:
            return Aspect::name;
        case QueryGroup::online:
            return Aspect::presence;
        case QueryGroup::tags:
            return Aspect::tags;
        case QueryGroup::properties:
            return Aspect::properties;
        case QueryGroup::settings:
            return Aspect::settings;
        case QueryGroup::reported:
            break;
    }
    return Aspect::reported;
}

struct AspectFinder {
    Aspects operator()(const QueryField& field) const { return aspect_of(field.group); }
    Aspects operator()(const QueryLiteral&) const { return {}; }
    Aspects operator()(const QueryComparison& one) const {
        return std::visit(*this, one.left) | std::visit(*this, one.right);
    }
    Aspects operator()(const QueryChoice& one) const { return (*this)(one.field); }
    Aspects operator()(const QueryMembership& one) const { return (*this)(one.field); }
    Aspects operator()(const QueryMethod& one) const { return (*this)(one.field); }
    Aspects operator()(const QueryFlag& one) const { return (*this)(one.field); }
    Aspects operator()(const QueryCombination& one) const {
        Aspects aspects;
        for (const auto& part : one.parts) {
            aspects |= aspects_of(part);
        }
        return aspects;
    }
};

}  // namespace

bool matches_query(const QueryNode& node, const Device& device) {
    Matcher matcher(device);
    return std::visit(matcher, node.test);
}

Aspects aspects_of(const QueryNode& node) {
    return std::visit(AspectFinder(), node.test);
}

}  // namespace muster::core
