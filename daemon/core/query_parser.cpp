#include "daemon/core/query_parser.hpp"

#include "daemon/core/query_lexer.hpp"
#include "protocol/limits.hpp"
#include "protocol/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace muster::core {
namespace {

using Kind = QueryCombination::Kind;
using Operator = QueryComparison::Operator;
using TokenKind = QueryToken::Kind;

constexpr std::size_t kShownBytes = 24;

constexpr std::array kGroups{QueryGroup::id,      QueryGroup::name,       QueryGroup::online,
                             QueryGroup::tags,    QueryGroup::properties, QueryGroup::settings,
                             QueryGroup::reported};
constexpr std::array kOperators{Operator::equal,      Operator::not_equal, Operator::less,
                                Operator::less_equal, Operator::greater,   Operator::greater_equal};
constexpr std::array kMethods{QueryMethod::Name::starts_with, QueryMethod::Name::ends_with,
                              QueryMethod::Name::contains};

constexpr std::string_view kFields =
    "a field (id, name, online, tags.…, properties.…, settings.…, reported.…)";
constexpr std::string_view kAfterField = "a comparison (== != < <= > >=), \"in\", \"&&\" or \"||\"";

std::string shown(const QueryToken& token) {
    if (token.kind == TokenKind::end) {
        return "the end";
    }
    std::string_view source = token.source;
    if (source.size() > kShownBytes) {
        std::size_t end = kShownBytes;
        while ((static_cast<unsigned char>(source[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        return fmt::format("{}…", source.substr(0, end));
    }
    return token.kind == TokenKind::text ? std::string(source) : fmt::format("\"{}\"", source);
}

QueryNode combination(Kind kind, std::vector<QueryNode> parts) {
    if (parts.size() == 1) {
        return std::move(parts.front());
    }
    QueryCombination result{kind, {}};
    for (QueryNode& part : parts) {
        auto* inner = std::get_if<QueryCombination>(&part.test);
        if (inner != nullptr && inner->kind == kind) {
            std::ranges::move(inner->parts, std::back_inserter(result.parts));
        } else {
            result.parts.push_back(std::move(part));
        }
    }
    return {std::move(result)};
}

// Recursive descent. The first mistake is kept and ends the text, so that
// everything returns.
class Parser {
public:
    explicit Parser(std::string_view text) : lexer_(text) { advance(); }

    std::optional<QueryNode> whole();
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

private:
    QueryNode any();
    QueryNode all();
    QueryNode test();
    QueryNode negation();
    QueryNode parentheses();
    QueryNode comparison();
    QueryNode choice(QueryField field);
    QueryNode membership(const QueryLiteral& name);
    QueryNode method(QueryField field);
    QueryNode flag_or_method();
    QueryOperand operand(std::string_view expected);
    QueryField field(std::string_view expected);
    std::optional<QueryLiteral> literal();
    bool deeper();

    template <class Enum, std::size_t Size>
    std::optional<Enum> one_of(const std::array<Enum, Size>& values) const {
        for (const Enum value : values) {
            if (token_.is(text_of(value))) {
                return value;
            }
        }
        return std::nullopt;
    }
    void advance() {
        if (!error_) {
            token_ = lexer_.next();
        }
        if (token_.kind == TokenKind::wrong && !token_.problem.empty()) {
            mistake(token_.problem);
        }
    }
    bool accept(std::string_view word_or_symbol) {
        const bool found = token_.is(word_or_symbol);
        if (found) {
            advance();
        }
        return found;
    }
    void expect(std::string_view symbol, std::string_view expected) {
        if (!accept(symbol)) {
            unexpected(expected);
        }
    }
    void unexpected(std::string_view expected) {
        mistake(fmt::format("found {}, expected {}", shown(token_), expected));
    }
    void mistake(std::string message) {
        if (!error_) {
            error_ = invalid(fmt::format("query:{}", token_.column), std::move(message));
        }
        token_ = {};
    }

    QueryLexer lexer_;
    QueryToken token_;
    std::size_t depth_ = 0;
    std::optional<Error> error_;
};

std::optional<QueryNode> Parser::whole() {
    if (token_.kind == TokenKind::end) {
        return std::nullopt;
    }
    QueryNode node = any();
    if (token_.kind != TokenKind::end) {
        unexpected("\"&&\", \"||\" or the end");
    }
    return node;
}

QueryNode Parser::any() {
    std::vector<QueryNode> parts;
    do {
        parts.push_back(all());
    } while (accept("||"));
    return combination(Kind::any, std::move(parts));
}

QueryNode Parser::all() {
    std::vector<QueryNode> parts;
    do {
        parts.push_back(test());
    } while (accept("&&"));
    return combination(Kind::all, std::move(parts));
}

QueryNode Parser::test() {
    if (token_.is("!")) {
        return negation();
    }
    return token_.is("(") ? parentheses() : comparison();
}

// Counts a "(" or "!" more; false when there are too many within each other.
bool Parser::deeper() {
    if (depth_ == limits::kQueryDepth) {
        mistake(fmt::format("more than {} \"(\" and \"!\" within each other", limits::kQueryDepth));
        return false;
    }
    ++depth_;
    return true;
}

QueryNode Parser::negation() {
    if (!deeper()) {
        return {};
    }
    advance();
    QueryNode part = token_.is("!") ? negation() : token_.is("(") ? parentheses() : flag_or_method();
    --depth_;
    QueryCombination result{Kind::negation, {}};
    result.parts.push_back(std::move(part));
    return {std::move(result)};
}

QueryNode Parser::parentheses() {
    if (!deeper()) {
        return {};
    }
    advance();
    QueryNode inside = any();
    --depth_;
    expect(")", "\"&&\", \"||\" or \")\"");
    return inside;
}

// After "!", which binds tighter than a comparison.
QueryNode Parser::flag_or_method() {
    QueryField subject = field("\"(\" or a field");
    if (token_.is(".")) {
        return method(std::move(subject));
    }
    if (one_of(kOperators) || token_.is("in")) {
        unexpected("\"&&\" or \"||\" (to negate a comparison, write it in parentheses)");
    }
    return {QueryFlag{std::move(subject)}};
}

QueryNode Parser::comparison() {
    QueryOperand left = operand("a field or a value");
    auto* subject = std::get_if<QueryField>(&left);
    if (const auto operation = one_of(kOperators)) {
        advance();
        if (subject != nullptr) {
            return {QueryComparison{std::move(left), *operation, operand("a value or a field")}};
        }
        return {QueryComparison{std::move(left), *operation, field(kFields)}};
    }
    if (subject == nullptr) {
        const auto& value = std::get<QueryLiteral>(left);
        if (value.value.is_string() && accept("in")) {
            return membership(value);
        }
        unexpected(value.value.is_string() ? "a comparison (== != < <= > >=) or \"in\""
                                           : "a comparison (== != < <= > >=)");
        return {};
    }
    if (accept("in")) {
        return choice(std::move(*subject));
    }
    if (token_.is(".")) {
        return method(std::move(*subject));
    }
    if (!token_.is("&&") && !token_.is("||") && !token_.is(")") && token_.kind != TokenKind::end) {
        unexpected(kAfterField);
    }
    return {QueryFlag{std::move(*subject)}};
}

QueryNode Parser::choice(QueryField field) {
    QueryChoice result{std::move(field), {}};
    expect("[", "a list: [\"a\", \"b\"]");
    do {
        auto one = literal();
        if (!one) {
            unexpected("a value");
            return {};
        }
        result.literals.push_back(std::move(*one));
    } while (accept(","));
    expect("]", "\",\" or \"]\"");
    return {std::move(result)};
}

QueryNode Parser::membership(const QueryLiteral& name) {
    const auto group = one_of(kGroups);
    if (!group || !has_members(*group)) {
        unexpected("tags, properties, settings or reported");
        return {};
    }
    advance();
    return {QueryMembership{{*group, std::string(name.value.get_string()), name.column}}};
}

QueryNode Parser::method(QueryField field) {
    QueryMethod result{std::move(field), {}, {}};
    advance();
    const auto name = one_of(kMethods);
    if (!name) {
        unexpected("startsWith, endsWith or contains");
        return {};
    }
    result.name = *name;
    advance();
    expect("(", "\"(\"");
    if (token_.kind != TokenKind::text) {
        unexpected("text in quotes");
        return {};
    }
    result.argument = std::string(token_.value.get_string());
    advance();
    expect(")", "\")\"");
    return {std::move(result)};
}

QueryOperand Parser::operand(std::string_view expected) {
    if (auto value = literal()) {
        return std::move(*value);
    }
    return field(expected);
}

QueryField Parser::field(std::string_view expected) {
    const auto group = one_of(kGroups);
    if (!group) {
        unexpected(token_.kind == TokenKind::word ? kFields : expected);
        return {};
    }
    QueryField result{*group, {}, {token_.column}};
    advance();
    if (!has_members(*group)) {
        return result;
    }
    expect(".", fmt::format("\".\" and the name of one of the {}", text_of(*group)));
    if (token_.kind != TokenKind::word) {
        unexpected("a name");
        return {};
    }
    result.name = std::string(token_.source);
    advance();
    return result;
}

std::optional<QueryLiteral> Parser::literal() {
    QueryLiteral result{nullptr, {token_.column}};
    if (token_.kind == TokenKind::text || token_.kind == TokenKind::number) {
        result.value = token_.value;
    } else if (token_.is("true") || token_.is("false")) {
        result.value = token_.is("true");
    } else {
        return std::nullopt;
    }
    advance();
    return result;
}

}  // namespace

Result<std::optional<QueryNode>> parse_query(std::string_view text) {
    if (text.size() > limits::kQueryLength) {
        return invalid(fmt::format("query:{}", limits::kQueryLength + 1),
                       fmt::format("is longer than {} bytes", limits::kQueryLength));
    }
    if (!text.empty() && !is_text(text)) {
        return invalid("query:1", "is not UTF-8 text");
    }
    Parser parser(text);
    std::optional<QueryNode> node = parser.whole();
    if (parser.error()) {
        return *parser.error();
    }
    return node;
}

}  // namespace muster::core
