#include "daemon/core/pattern.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <random>
#include <regex>
#include <string>

using muster::core::Pattern;

TEST_CASE("patterns: what is found") {
    struct Case {
        std::string pattern;
        std::string text;
        bool found;
    };
    const Case cases[] = {
        {"", "", true},
        {"", "abc", true},
        {"b", "abc", true},
        {"^b", "abc", false},
        {"c$", "abc", true},
        {"b$", "abc", false},
        {"^abc$", "abc", true},
        {"^$", "", true},
        {"^$", "a", false},
        {"a.c", "abc", true},
        {"a.c", "a\nc", false},
        {"^a*$", "", true},
        {"^a*$", "aaa", true},
        {"^a+$", "", false},
        {"^ab?c$", "ac", true},
        {"^ab?c$", "abbc", false},
        {"^a{2}$", "aa", true},
        {"^a{2}$", "aaa", false},
        {"^a{2,}$", "aaaa", true},
        {"^a{2,}$", "a", false},
        {"^a{1,3}$", "aaa", true},
        {"^a{1,3}$", "aaaa", false},
        {"^a{0}$", "", true},
        {"^a{0}$", "a", false},
        {"^(a|bc)+$", "abcbca", true},
        {"^(a|bc)+$", "abcb", false},
        {"^(?:a|b|)c$", "c", true},
        {"^()*$", "", true},
        {"^(a*)*$", "aaa", true},
        {"^(a*)*$", "aab", false},
        {"^(a?){3}$", "aa", true},
        {"^(a?){3}$", "aaaa", false},
        {"^[a-cx]$", "x", true},
        {"^[a-cx]$", "d", false},
        {"^[^a-c]$", "d", true},
        {"^[^a-c]$", "b", false},
        {"^[-a]$", "-", true},
        {"^[a-]$", "-", true},
        {"^[\\]]$", "]", true},
        {"^[.]$", "a", false},
        {"^[\\d-]$", "-", true},
        {"[]", "a", false},
        {"^[^]$", "\n", true},
        {"^\\d+\\.\\d+$", "2.0", true},
        {"^\\d+\\.\\d+$", "2x0", false},
        {"^\\w\\W\\s\\S\\D$", "_- a.", true},
        {"^\\t$", "\t", true},
        {"^æ.å$", "æøå", true},
        {"^.$", "ø", true},
        {"^([0-9]{1,3}\\.){3}[0-9]{1,3}$", "192.168.1.10", true},
        {"^([0-9]{1,3}\\.){3}[0-9]{1,3}$", "192.168.1", false},
        {"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", "123e4567-e89b-12d3-a456-426614174000", true},
    };
    for (const Case& one : cases) {
        CAPTURE(one.pattern);
        CAPTURE(one.text);
        const auto pattern = Pattern::compile(one.pattern);
        REQUIRE(pattern.has_value());
        CHECK(pattern.value().found_in(one.text) == one.found);
    }
}

TEST_CASE("patterns: mistakes say what and where") {
    struct Case {
        std::string pattern;
        std::string message;
    };
    const Case cases[] = {
        {"a)", "\")\" without \"(\" at character 2"},
        {"(a", "missing \")\" at character 3"},
        {"[a", "missing \"]\" at character 3"},
        {"*a", "a quantifier with nothing to repeat at character 1"},
        {"a|+", "a quantifier with nothing to repeat at character 3"},
        {"a**", "a quantifier after a quantifier at character 3"},
        {"a+?", "a quantifier after a quantifier at character 3"},
        {"a{,2}", "expected {n}, {n,} or {n,m} at character 5"},
        {"a{2", "expected {n}, {n,} or {n,m} at character 4"},
        {"a{3,2}", "{n,m} with m below n at character 7"},
        {"a{99999999999999999999}", "more than 1000 repeats at character 24"},
        {"a}", "an unmatched bracket (write \\ before it) at character 2"},
        {"[z-a]", "a range that ends before it begins at character 5"},
        {"[æ-å]", "a range that ends before it begins at character 5"},
        {"[\\d-z]", "a range that ends before it begins at character 6"},
        {"(?=a)", "look-around and named groups are not supported at character 3"},
        {"(?<n>a)", "look-around and named groups are not supported at character 3"},
        {"\\1", "an escape that is not supported at character 2"},
        {"\\bword", "an escape that is not supported at character 2"},
        {"a\\", "\"\\\" with nothing after it at character 3"},
        {"å**", "a quantifier after a quantifier at character 3"},
        {std::string(40, '('), "more than 32 groups within each other at character 34"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.pattern);
        const auto pattern = Pattern::compile(one.pattern);
        REQUIRE(pattern.has_error());
        CHECK(pattern.error().message == "is not a pattern: " + one.message);
    }
}

TEST_CASE("patterns: size is bounded") {
    CHECK(Pattern::compile(std::string(Pattern::kMostBytes, 'a')).has_value());
    CHECK(Pattern::compile(std::string(Pattern::kMostBytes + 1, 'a')).has_error());
    CHECK(Pattern::compile("(a{40}){40}").has_value());
    for (const std::string huge :
         {"a{1000}a{1000}", "((a{1000}){1000}){1000}", "(((a?){0,1000}){0,1000}){0,1000}",
          "((((){1000}){0,1000}){1000}a{1000}){1000}"}) {
        CAPTURE(huge);
        CHECK(Pattern::compile(huge).has_error());
    }
    CHECK(Pattern::compile("((((){1000}){1000}){1000}){1000}").has_value());
}

TEST_CASE("patterns: those that ruin a backtracking matcher are linear") {
    const std::string text = std::string(8000, 'a') + "!";
    for (const std::string pattern :
         {"^(a+)+$", "^(a|a)*$", "^(a|aa)+$", ".*.*.*.*.*=", "(a?){500}a{500}$"}) {
        CAPTURE(pattern);
        const auto begin = std::chrono::steady_clock::now();
        CHECK_FALSE(Pattern::compile(pattern).value().found_in(text));
        CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
    }
}

TEST_CASE("patterns: random ones agree with std::regex") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto pick = [&random](std::string_view from) {
        return from[std::uniform_int_distribution<std::size_t>(0, from.size() - 1)(random)];
    };
    int compared = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string pattern;
        for (int length = 0; length < 8; ++length) {
            pattern += pick("aabb.|()^$*+?[]-");
        }
        CAPTURE(pattern);
        const auto ours = Pattern::compile(pattern);
        if (ours.has_error()) {
            continue;
        }
        try {
            const std::regex theirs(pattern);
            for (int texts = 0; texts < 10; ++texts) {
                std::string text;
                for (int length = 0; length < texts; ++length) {
                    text += pick("aab-");
                }
                CAPTURE(text);
                CHECK(ours.value().found_in(text) == std::regex_search(text, theirs));
                ++compared;
            }
        } catch (const std::regex_error&) {
            continue;  // some that ECMA allows are refused there, such as "[]"
        }
    }
    CHECK(compared > 1000);
}

TEST_CASE("patterns: no bytes can crash the compiler") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 20000; ++round) {
        std::string bytes;
        for (auto length = random() % 40; length > 0; --length) {
            bytes += random() % 2 == 0 ? static_cast<char>(random()) : "(){}[]|*+?\\^$-,0129a"[random() % 20];
        }
        if (const auto pattern = Pattern::compile(bytes); pattern.has_value()) {
            (void)pattern.value().found_in(bytes);
        }
    }
}
