#include "config/yaml_text.hpp"

#include "config/yaml.hpp"
#include "tests/unit/protocol/random_bytes.hpp"

#include <doctest/doctest.h>

using namespace muster::config;
using muster::test::RandomBytes;

namespace {

template <class T>
bool means(std::string_view text, const T& value) {
    const auto meaning = resolve_plain(text);
    const T* held = meaning ? std::get_if<T>(&meaning.value()) : nullptr;
    return held != nullptr && *held == value;
}

std::string refusal(std::string_view text) {
    const auto meaning = resolve_plain(text);
    return meaning ? "" : meaning.error().message;
}

}  // namespace

TEST_CASE("YAML 1.2 core schema: null and booleans") {
    for (const char* text : {"", "~", "null", "Null", "NULL"}) {
        CHECK(means(text, nullptr));
    }
    for (const char* text : {"true", "True", "TRUE"}) {
        CHECK(means(text, true));
    }
    for (const char* text : {"false", "False", "FALSE"}) {
        CHECK(means(text, false));
    }
}

TEST_CASE("YAML 1.2 core schema: integers") {
    CHECK(means("0", std::int64_t{0}));
    CHECK(means("-3", std::int64_t{-3}));
    CHECK(means("+3", std::int64_t{3}));
    CHECK(means("007", std::int64_t{7}));
    CHECK(means("0o17", std::int64_t{15}));
    CHECK(means("0x1F", std::int64_t{31}));
    CHECK(means("9223372036854775807", std::int64_t{9223372036854775807}));
    CHECK(means("-9223372036854775808", std::numeric_limits<std::int64_t>::min()));
}

TEST_CASE("YAML 1.2 core schema: decimal numbers") {
    CHECK(means("3.5", 3.5));
    CHECK(means("-0.25", -0.25));
    CHECK(means("+.5", 0.5));
    CHECK(means("5.", 5.0));
    CHECK(means("1e3", 1000.0));
    CHECK(means("1.5E-2", 0.015));
}

TEST_CASE("YAML 1.2 core schema: all else is text") {
    for (const std::string text : {"yes", "no",  "on",  "off", "y",         "nULL", "tRue", "12:30", "1_000",
                                   "0b1", "0o8", "0x",  "0xG", "1.2.3",     "1e",   "1e+",  "e5",    ".",
                                   "-",   "+",   "--1", "+-1", ".infinity", "inf",  "nan",  "1.4.0", "- 1"}) {
        CAPTURE(text);
        CHECK(means(text, text));
    }
}

TEST_CASE("numbers that JSON cannot carry are refused") {
    CHECK(refusal("9223372036854775808") ==
          R"("9223372036854775808" is beyond the integers that 64 bits can hold)");
    CHECK(refusal("-9223372036854775809") != "");
    CHECK(refusal("+9223372036854775808") != "");
    CHECK(refusal("0xFFFFFFFFFFFFFFFF") != "");
    CHECK(refusal("0o7777777777777777777777") != "");
    CHECK(refusal("1e999") == R"("1e999" is beyond the numbers that 64 bits can hold)");
    CHECK(refusal("-1e999") != "");
    for (const char* text : {".inf", "-.inf", "+.Inf", ".INF", ".nan", ".NaN", ".NAN"}) {
        CAPTURE(text);
        CHECK(refusal(text).ends_with("is not a number that JSON can carry"));
    }
}

TEST_CASE("bytes that a file may not hold are found where they are") {
    CHECK(first_bad_byte("a: \xC3\xA9\t\r\n\xE2\x82\xAC \xF0\x9F\x98\x80") == std::nullopt);
    CHECK(first_bad_byte(std::string_view("ab\0c", 4)) == 2);
    CHECK(first_bad_byte("ab\x1B[0m") == 2);
    CHECK(first_bad_byte("ab\x7F") == 2);
    CHECK(first_bad_byte("ab\x80") == 2);
    CHECK(first_bad_byte("ab\xC3") == 2);
    CHECK(first_bad_byte("ab\xC0\xAF") == 2);
    CHECK(first_bad_byte("ab\xED\xA0\x80") == 2);
    CHECK(first_bad_byte("ab\xF4\x90\x80\x80") == 2);
    CHECK(first_bad_byte("\xFF\xFE") == 0);
}

TEST_CASE("scalars are written plain where that reads back the same, else in quotes") {
    CHECK(write_scalar("/var/lib/muster.db") == "/var/lib/muster.db");
    CHECK(write_scalar("mqtt://127.0.0.1:1883") == "mqtt://127.0.0.1:1883");
    CHECK(write_scalar("") == R"("")");
    CHECK(write_scalar("3") == R"("3")");
    CHECK(write_scalar("true") == R"("true")");
    CHECK(write_scalar("null") == R"("null")");
    CHECK(write_scalar("a: b") == R"("a: b")");
    CHECK(write_scalar("a:") == R"("a:")");
    CHECK(write_scalar("# x") == R"("# x")");
    CHECK(write_scalar("a \"quoted\" \\ word") == R"("a \"quoted\" \\ word")");
    CHECK(write_scalar(3) == "3");
    CHECK(write_scalar(false) == "false");
    CHECK(write_scalar(nullptr) == "null");
}

TEST_CASE("any text is read back as it was written") {
    RandomBytes random;
    INFO(random.seed());
    for (int round = 0; round < 2000; ++round) {
        const std::string text = random.from("aN0.x-:/#,[]{}&*!|>'\"%@`~? \t\n\\\xC3\xA9", 12);
        if (first_bad_byte(text)) {
            continue;
        }
        CAPTURE(text);
        const auto file =
            parse_yaml("key: " + write_scalar(boost::json::value(text)), "x", kConfigurationLimits);
        REQUIRE(file.has_value());
        CHECK(to_json(file.value().documents.at(0)).at("key") == boost::json::value(text));
    }
}

TEST_CASE("what is quoted in a message is short and on one line") {
    CHECK(quoted("a\nb") == R"("a\nb")");
    CHECK(quoted(std::string(60, 'x')) == '"' + std::string(60, 'x') + '"');
    CHECK(quoted(std::string(61, 'x')) == '"' + std::string(60, 'x') + "…\"");
    // Never half a character.
    CHECK(quoted(std::string(59, 'x') + "\xC3\xA9") == '"' + std::string(59, 'x') + "…\"");
}
