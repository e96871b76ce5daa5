#include "protocol/codec.hpp"
#include "tests/unit/protocol/random_bytes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace muster;
namespace json = boost::json;

namespace {

Result<json::value> read(std::string_view bytes) {
    return parse_json(bytes, 1000, 8);
}

std::string refusal(std::string_view bytes) {
    const Result<json::value> value = read(bytes);
    return value ? "" : value.error().message;
}

}  // namespace

TEST_CASE("JSON is read and written") {
    for (const char* text :
         {"null", "true", "false", "0", "-1", "18446744073709551615", "\"\"", "[]", "{}",
          R"({"a":[1,2.5,"x",null],"b":{"c":true}})", R"("\u0001\n\"\\/")", "\"\xC3\xA9\""}) {
        CHECK(format_json(read(text).value()) == text);
    }
    CHECK(read(" \t\r\n{ } \n").value().is_object());
}

TEST_CASE("numbers are written as people write them") {
    CHECK(format_json(json::value(3.5)) == "3.5");
    CHECK(format_json(json::value(0.1)) == "0.1");
    CHECK(format_json(json::value(-0.25)) == "-0.25");
    CHECK(format_json(json::value(5.0)) == "5.0");
    CHECK(format_json(json::value(1e300)) == "1e+300");
    CHECK(format_json(json::value(21)) == "21");
}

TEST_CASE("size and depth are bounded") {
    const std::string text(1000, ' ');
    CHECK(refusal("1" + text) == "1001 bytes; at most 1000 are allowed");
    CHECK(read("1" + text.substr(1)).has_value());
    CHECK(read("1" + text).error().code == ErrorCode::too_large);

    CHECK(read("[[[[[[[[1]]]]]]]]").has_value());
    CHECK(refusal("[[[[[[[[[1]]]]]]]]]") == "JSON nested deeper than 8");
    CHECK(read("[[[[[[[[[1]]]]]]]]]").error().code == ErrorCode::too_large);
    CHECK(!read(R"({"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}})"));
    CHECK(!parse_json(std::string(100'000, '['), 1'000'000, 16));
}

TEST_CASE("numbers that are not finite are refused") {
    for (const char* text : {"1e999", "-1e999", "[1e400]", "NaN", "Infinity", "-Infinity"}) {
        CAPTURE(text);
        CHECK(read(text).error().code == ErrorCode::invalid);
    }
    CHECK(refusal("1e999").find("too large") != std::string::npos);
    CHECK(read("1e308").has_value());
}

TEST_CASE("NUL is refused in strings and in names, wherever it stands") {
    const std::string long_text(600, 'x');
    for (const std::string& text :
         {std::string(R"("\u0000")"), std::string(R"({"a\u0000":1})"), '"' + long_text + R"(\u0000)" + '"',
          R"("\u0000)" + long_text + R"(\n")", std::string("\"a\0b\"", 5), std::string("1\0", 2)}) {
        CAPTURE(text);
        CHECK(!read(text));
    }
    CHECK(refusal(R"("\u0000")").find("NUL") != std::string::npos);
}

TEST_CASE("text that is not UTF-8 is refused") {
    for (const char* text : {"\"\xFF\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xF5\x80\x80\x80\"",
                             "\"\xC3\"", R"("\ud800")", R"("\ud800x")", R"("\udc00")", "{\"\xFF\":1}"}) {
        CAPTURE(text);
        CHECK(!read(text));
    }
}

TEST_CASE("an object with the same key twice is refused at any depth") {
    for (const char* text : {R"({"a":1,"a":1})", R"([{"x":{"a":1,"b":2,"a":3}}])", R"({"a":1,"\u0061":2})",
                             R"({"a":{"b":1,"b":2},"a":{}})"}) {
        CAPTURE(text);
        CHECK(refusal(text).find("same key twice") != std::string::npos);
    }
    CHECK(read(R"([{"a":1},{"a":2}])").has_value());
}

TEST_CASE("what is no JSON is refused, with the place") {
    for (const char* text : {"", " ", "nul", "01", "1.", ".5", "+1", "[1,]", "{\"a\":1,}", "{a:1}", "'a'",
                             "\"a\nb\"", "\"a", "1 2", "{}{}", "/**/1", "1//", "\"\\x\"", "[1 2]"}) {
        CAPTURE(text);
        CHECK(read(text).error().code == ErrorCode::invalid);
    }
    CHECK(refusal("[1,]").find("byte 4") != std::string::npos);
}

TEST_CASE("whatever is read is written and read again to the same value") {
    test::RandomBytes random;
    INFO(random.seed());
    const std::string valid =
        R"({"a":[1,-2.5e3,"x\u00e9\ud83d\ude00",null,true],"b":{"c":{"d":[[]]}},"e":0.1})";
    int accepted = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string text =
            i % 4 == 0 ? random.from("{}[]\":,019.eE-tn \\u", 24) : random.mutated(valid);
        const Result<json::value> value = read(text);
        if (!value) {
            continue;
        }
        ++accepted;
        const Result<json::value> again = parse_json(format_json(*value), 4000, 8);
        INFO(text);
        REQUIRE(again.has_value());
        REQUIRE(*again == *value);
    }
    CHECK(accepted > 100);
}
