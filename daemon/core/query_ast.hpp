// What a query says, as a tree.
//
// Threads: plain values.
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace muster::core {

struct QueryNode;

// Where a part stood in the text, in bytes from 1; no part of what it says.
struct QueryColumn {
    std::size_t value = 1;
    friend bool operator==(QueryColumn, QueryColumn) noexcept { return true; }
};

enum class QueryGroup : std::uint8_t { id, name, online, tags, properties, settings, reported };

struct QueryField {
    QueryGroup group = QueryGroup::id;
    std::string name;  // within the group; empty for id, name and online
    QueryColumn column;

    friend bool operator==(const QueryField&, const QueryField&) = default;
};

struct QueryLiteral {
    boost::json::value value;  // text, int64, double, or bool
    QueryColumn column;

    friend bool operator==(const QueryLiteral&, const QueryLiteral&) = default;
};

using QueryOperand = std::variant<QueryField, QueryLiteral>;

// settings.fanSpeed >= 3
struct QueryComparison {
    enum class Operator : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };
    QueryOperand left;
    Operator op = Operator::equal;
    QueryOperand right;

    friend bool operator==(const QueryComparison&, const QueryComparison&) = default;
};

// tags.site in ["oslo", "bergen"]
struct QueryChoice {
    QueryField field;
    std::vector<QueryLiteral> literals;  // one or more

    friend bool operator==(const QueryChoice&, const QueryChoice&) = default;
};

// "retired" in tags
struct QueryMembership {
    QueryField field;  // column: of the name

    friend bool operator==(const QueryMembership&, const QueryMembership&) = default;
};

// id.startsWith("fridge-")
struct QueryMethod {
    enum class Name : std::uint8_t { starts_with, ends_with, contains };
    QueryField field;
    Name name = Name::starts_with;
    std::string argument;

    friend bool operator==(const QueryMethod&, const QueryMethod&) = default;
};

// online
struct QueryFlag {
    QueryField field;

    friend bool operator==(const QueryFlag&, const QueryFlag&) = default;
};

// all and any have two parts or more, none of them of the same kind, so that a
// chain of any length is one level; negation has one part.
struct QueryCombination {
    enum class Kind : std::uint8_t { all, any, negation };
    Kind kind = Kind::all;
    std::vector<QueryNode> parts;

    friend bool operator==(const QueryCombination&, const QueryCombination&);
};

struct QueryNode {
    std::variant<QueryComparison, QueryChoice, QueryMembership, QueryMethod, QueryFlag, QueryCombination>
        test;

    friend bool operator==(const QueryNode&, const QueryNode&) = default;
};

inline bool operator==(const QueryCombination& left, const QueryCombination& right) {
    return left.kind == right.kind && left.parts == right.parts;
}

// The words of the language.
[[nodiscard]] std::string_view text_of(QueryGroup group) noexcept;                     // "tags"
[[nodiscard]] std::string_view text_of(QueryComparison::Operator operation) noexcept;  // "<="
[[nodiscard]] std::string_view text_of(QueryMethod::Name method) noexcept;             // "startsWith"
[[nodiscard]] std::string text_of(const QueryField& field);                            // "tags.site"
// Whether the fields of the group have names: tags.*, but not id.
[[nodiscard]] bool has_members(QueryGroup group) noexcept;

// Canonical text; parse_query() of it gives the same tree.
[[nodiscard]] std::string text_of(const QueryNode& node);

}  // namespace muster::core
