// What must hold for every query: made at random, from a seed that a failing
// test prints.
#include "daemon/core/query.hpp"
#include "daemon/core/query_ast.hpp"
#include "daemon/core/query_match.hpp"
#include "daemon/core/query_parser.hpp"
#include "protocol/limits.hpp"

#include <boost/json/object.hpp>
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace json = boost::json;
using namespace muster::core;

namespace {

class Random {
public:
    explicit Random(std::uint32_t seed) : engine_(seed) {}

    std::size_t below(std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_);
    }
    template <class T, std::size_t Size>
    const T& pick(const T (&from)[Size]) {
        return from[below(Size)];
    }

    std::string name() {
        constexpr std::string_view kNames[] = {"a", "b", "in", "true", "site", "_", "A9_z"};
        return std::string(pick(kNames));
    }
    std::string text() {
        constexpr std::string_view kPieces[] = {
            "", "oslo", "\"", "'", "\\", "\n", "\x01", "æ", "\xF0\x9F\x98\x80", " && ", "a", "2.0"};
        return std::string(pick(kPieces)) + std::string(pick(kPieces));
    }
    json::value scalar() {
        switch (below(5)) {
            case 0:
                return below(2) == 0;
            case 1:
                return static_cast<std::int64_t>(below(5)) - 2;
            case 2:
                return std::uniform_int_distribution<std::int64_t>(INT64_MIN, INT64_MAX)(engine_);
            case 3:
                return std::uniform_real_distribution<double>(-2, 2)(engine_) + 0.1;
            default:
                return json::value(text());
        }
    }
    QueryField field() {
        const QueryGroup groups[] = {QueryGroup::id,      QueryGroup::name,       QueryGroup::online,
                                     QueryGroup::tags,    QueryGroup::properties, QueryGroup::settings,
                                     QueryGroup::reported};
        QueryField result{pick(groups), {}, {}};
        result.name = has_members(result.group) ? name() : "";
        return result;
    }
    QueryField member() {
        QueryField result = field();
        return has_members(result.group) ? result : member();
    }
    QueryLiteral literal() { return {scalar(), {}}; }

    QueryNode test() {
        switch (below(5)) {
            case 0: {
                const auto operation = static_cast<QueryComparison::Operator>(below(6));
                const bool field_first = below(2) == 0;
                QueryOperand other = below(2) == 0 ? QueryOperand(field()) : QueryOperand(literal());
                return field_first ? QueryNode{QueryComparison{field(), operation, std::move(other)}}
                                   : QueryNode{QueryComparison{std::move(other), operation, field()}};
            }
            case 1: {
                QueryChoice choice{field(), {}};
                for (std::size_t count = 1 + below(3); count > 0; --count) {
                    choice.literals.push_back(literal());
                }
                return {std::move(choice)};
            }
            case 2:
                return {QueryMembership{member()}};
            case 3:
                return {QueryMethod{field(), static_cast<QueryMethod::Name>(below(3)), text()}};
            default:
                return {QueryFlag{field()}};
        }
    }
    QueryNode node(std::size_t depth) {
        if (depth == 0 || below(3) == 0) {
            return test();
        }
        QueryCombination result{static_cast<QueryCombination::Kind>(below(3)), {}};
        const bool negation = result.kind == QueryCombination::Kind::negation;
        for (std::size_t count = negation ? 1 : 2 + below(3); count > 0; --count) {
            QueryNode part = node(depth - 1);
            const auto* inner = std::get_if<QueryCombination>(&part.test);
            const bool same_chain = inner != nullptr && !negation && inner->kind == result.kind;
            result.parts.push_back(same_chain ? test() : std::move(part));
        }
        return {std::move(result)};
    }
    Device device() {
        Device result;
        result.name = text();
        result.online = below(2) == 0;
        for (Values* values : {&result.tags, &result.properties, &result.settings, &result.reported}) {
            json::object members;
            for (std::size_t count = below(6); count > 0; --count) {
                members[name()] = scalar();
            }
            *values = Values(members);
        }
        return result;
    }

private:
    std::mt19937 engine_;
};

constexpr std::string_view kQueries[] = {
    R"(tags.site == "oslo" && reported.firmware < "2.0" && (online || !("retired" in tags)))",
    R"(id.startsWith("fridge-") || name.contains('x') && !settings.quiet)",
    R"(tags.site in ["oslo", "bergen", 3, -1.5e3, true] || settings.fanSpeed != reported.fanSpeed)",
    R"(!!((properties.a >= 1) || "\u00e6\n" <= tags.b))",
};

}  // namespace

TEST_CASE("query: the canonical text of any tree parses to the same tree") {
    const std::uint32_t seed = std::random_device{}();
    CAPTURE(seed);
    Random random(seed);
    int compared = 0;
    for (int round = 0; round < 5000; ++round) {
        const QueryNode tree = random.node(4);
        const std::string text = text_of(tree);
        if (text.size() > muster::limits::kQueryLength) {
            continue;
        }
        CAPTURE(text);
        const auto parsed = parse_query(text);
        REQUIRE(parsed.has_value());
        REQUIRE(parsed.value().has_value());
        CHECK(*parsed.value() == tree);
        ++compared;
    }
    CHECK(compared > 3000);
}

TEST_CASE("query: a negation is true exactly where the query is not") {
    const std::uint32_t seed = std::random_device{}();
    CAPTURE(seed);
    Random random(seed);
    std::size_t matches = 0;
    for (int round = 0; round < 5000; ++round) {
        const QueryNode tree = random.node(3);
        const Device device = random.device();
        CAPTURE(text_of(tree));
        QueryCombination negation{QueryCombination::Kind::negation, {}};
        negation.parts.push_back(tree);
        const bool found = matches_query(tree, device);
        CHECK(matches_query(QueryNode{std::move(negation)}, device) != found);
        matches += found ? 1 : 0;
    }
    CHECK(matches > 500);
    CHECK(matches < 4500);
}

TEST_CASE("query: no bytes can crash the parser") {
    const std::uint32_t seed = std::random_device{}();
    CAPTURE(seed);
    Random random(seed);
    for (int round = 0; round < 20000; ++round) {
        std::string bytes;
        for (std::size_t length = random.below(60); length > 0; --length) {
            bytes += static_cast<char>(random.below(256));
        }
        (void)Query::parse(bytes);
    }
}

TEST_CASE("query: no mutation of a query can crash anything, and what parses keeps its promises") {
    constexpr std::string_view kPieces[] = {"(",  ")", "!", "&&",   "||",     "\"",  "'",  "in",
                                            "[",  "]", ",", ".",    "1",      "-",   "==", "<",
                                            "\\", "é", " ", "tags", "online", "\xFF"};
    const std::uint32_t seed = std::random_device{}();
    CAPTURE(seed);
    Random random(seed);
    int parsed = 0;
    for (int round = 0; round < 30000; ++round) {
        std::string text(random.pick(kQueries));
        for (std::size_t changes = 1 + random.below(4); changes > 0; --changes) {
            const std::size_t position = random.below(text.size() + 1);
            text.replace(position, random.below(4), random.below(3) == 0 ? "" : random.pick(kPieces));
        }
        CAPTURE(text);
        const auto query = Query::parse(text);
        if (query.has_error()) {
            REQUIRE(query.error().details.size() >= 1);
            CHECK(query.error().details.front().field.starts_with("query:"));
            continue;
        }
        ++parsed;
        (void)query.value().matches(random.device());
        const auto again = Query::parse(query.value().text());
        REQUIRE(again.has_value());
        CHECK(again.value().text() == query.value().text());
    }
    CHECK(parsed > 100);
}
