#include "daemon/core/values.hpp"

#include "protocol/codec.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <iterator>
#include <random>
#include <string>

namespace json = boost::json;
using muster::core::Values;

namespace {

json::object object(std::string_view text) {
    return json::parse(text).get_object();
}

}  // namespace

TEST_CASE("values: text is canonical") {
    struct Case {
        std::string object;
        std::string text;
    };
    const Case cases[] = {
        {"{}", ""},
        {R"({"a":null})", ""},
        {R"({"b":1,"a":2})", R"({"a":2,"b":1})"},
        {R"({ "site" : "oslo", "retired" : true })", R"({"retired":true,"site":"oslo"})"},
        {R"({"B":1,"a":2,"_":3})", R"({"B":1,"_":3,"a":2})"},
        {R"({"a":{"z":[1,null],"b":"\u00e6\n"}})", "{\"a\":{\"z\":[1,null],\"b\":\"\xC3\xA6\\n\"}}"},
        {R"({"a":1.5,"b":-0.25})", R"({"a":1.5,"b":-0.25})"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.object);
        const Values values(object(one.object));
        CHECK(values.text() == one.text);
        CHECK(values.empty() == one.text.empty());
        CHECK(Values::from_text(values.text()) == values);
        CHECK(Values(values.object()) == values);
    }
}

TEST_CASE("values: an empty object is no text, however it was written") {
    CHECK(Values::from_text("{}") == Values());
    CHECK(Values::from_text("") == Values());
    CHECK(Values().object().empty());
    CHECK_FALSE(Values().find("a").has_value());
}

TEST_CASE("values: find") {
    const Values values(object(R"({"fanSpeed":3,"label":"a,\"b\":c","nested":{"fanSpeed":4},"on":false})"));
    CHECK(values.find("fanSpeed") == json::value(3));
    CHECK(values.find("label") == json::value("a,\"b\":c"));
    CHECK(values.find("nested") == json::value{{"fanSpeed", 4}});
    CHECK(values.find("on") == json::value(false));
    CHECK_FALSE(values.find("b").has_value());
    CHECK_FALSE(values.find("").has_value());
    CHECK_FALSE(values.find("fanSpee").has_value());

    const Values strange(object(R"({"\"":1,"\\":2,"\\\"":[3,{"a":4}],"\u0001":5})"));
    CHECK(strange.find("\"") == json::value(1));
    CHECK(strange.find("\\") == json::value(2));
    CHECK(strange.find("\\\"") == json::value{3, {{"a", 4}}});
    CHECK(strange.find("\x01") == json::value(5));
    CHECK_FALSE(strange.find("a").has_value());
}

TEST_CASE("values: the JSON of one is found by the name as JSON has it") {
    const Values values(object(R"({"a\"b":[1, 2],"fan":1,"fanSpeed":{"x": "y\n"},"z":null})"));
    CHECK(values.find_text(R"("fanSpeed")") == R"({"x":"y\n"})");
    CHECK(values.find_text(R"("fan")") == "1");
    CHECK(values.find_text(R"("a\"b")") == "[1,2]");
    CHECK(values.find_text("fan").empty());
    CHECK(values.find_text(R"("z")").empty());
    CHECK(Values().find_text(R"("fan")").empty());
}

TEST_CASE("values: a text that is not one of ours is refused") {
    for (const std::string text :
         {" ", "{", "{}}", R"({"a":1)", R"({"a":1}})", R"({"a":1} )", R"({"a": 1)", R"({"a"1})", R"({a:1})",
          R"({"a":})", R"({"a":1,})", R"({"a":"x})", R"({"a":[1})", R"({"a":1]})", R"([1])", R"(1)",
          "{\"a\":\n1}", R"({"a\"})", R"({"a":"\)"}) {
        CAPTURE(text);
        CHECK_FALSE(Values::read(text).has_value());
    }
    CHECK(Values::read(R"({"a":{"b":[1,"}"]},"c":2})") == Values(object(R"({"a":{"b":[1,"}"]},"c":2})")));
    CHECK(Values::read("") == Values());
}

TEST_CASE("values: parts that are not ours are refused") {
    const Values values(object(R"({"a":1,"b":"x"})"));
    const auto names = values.packed().head().view();
    CHECK(Values::read_packed(names, values.packed().view()) == values);
    CHECK(Values::read_packed("", "") == Values());
    for (const std::string wrong : {"", "1", "1\n2\n3"}) {
        CHECK_FALSE(Values::read_packed(names, wrong).has_value());
    }
    for (const std::string wrong : {"", "\"a\"\n", "\"a\"\n\"b\"", "\"a\"\n\n", "\"a\"\nb\n", "a\n\"b\"\n"}) {
        CHECK_FALSE(Values::read_packed(wrong, values.packed().view()).has_value());
    }
}

TEST_CASE("values: zero and less than zero are equal, whatever else changes") {
    Values values(object(R"({"a":0.0,"b":1})"));
    CHECK_FALSE(values.merge({{"a", -0.0}}));
    CHECK(values.merge({{"a", -0.0}, {"b", 2}}));
    CHECK(values == Values(object(R"({"a":0.0,"b":2})")));
}

TEST_CASE("values: find returns a value that outlives its buffers, large ones too") {
    json::object large;
    for (int i = 0; i < 200; ++i) {
        large["member" + std::to_string(i)] = std::string(80, static_cast<char>('a' + i % 26));
    }
    const Values values(large);
    const auto found = values.find("member199");
    REQUIRE(found.has_value());
    CHECK(*found == large.at("member199"));
    CHECK(values.object() == Values::from_text(values.text()).object());
}

TEST_CASE("values: merge sets, replaces and removes") {
    struct Case {
        std::string before;
        std::string patch;
        std::string after;
        bool changed;
    };
    const Case cases[] = {
        {"{}", "{}", "", false},
        {"{}", R"({"a":1})", R"({"a":1})", true},
        {"{}", R"({"a":null})", "", false},
        {R"({"a":1})", R"({"a":1})", R"({"a":1})", false},
        {R"({"a":1})", R"({"a":2})", R"({"a":2})", true},
        {R"({"a":1})", R"({"a":"1"})", R"({"a":"1"})", true},
        {R"({"a":1})", R"({"a":null})", "", true},
        {R"({"b":1})", R"({"a":1,"c":1})", R"({"a":1,"b":1,"c":1})", true},
        {R"({"a":1,"b":2,"c":3})", R"({"a":null,"d":4})", R"({"b":2,"c":3,"d":4})", true},
        {R"({"a":{"x":1,"y":2}})", R"({"a":{"x":1}})", R"({"a":{"x":1}})", true},
        {R"({"a":{"x":1,"y":2}})", R"({"a":{"y":2,"x":1}})", R"({"a":{"x":1,"y":2}})", false},
        {R"({"a":"}\",{","b":[{"c":"]"}],"d":1})", R"({"d":2,"a":"\\"})",
         R"({"a":"\\","b":[{"c":"]"}],"d":2})", true},
        {R"({"a":1,"b":true,"c":1.5})", R"({"c":1.5,"a":1})", R"({"a":1,"b":true,"c":1.5})", false},
        {R"({"a":1,"b":true,"c":1.5})", R"({"c":2.0,"b":1})", R"({"a":1,"b":1,"c":2.0})", true},
        {R"({"\"":1,"a":1})", R"({"\"":2})", R"({"\"":2,"a":1})", true},
        {R"({"\"":1,"a":1})", R"({"\\\"":2})", R"({"\"":1,"\\\"":2,"a":1})", true},
    };
    for (const Case& one : cases) {
        CAPTURE(one.before);
        CAPTURE(one.patch);
        Values values(object(one.before));
        CHECK(values.merge(object(one.patch)) == one.changed);
        CHECK(values.text() == one.after);
        CHECK_FALSE(values.merge(object(one.patch)));
    }
}

TEST_CASE("values: merge does what taking all apart would") {
    const std::string names[] = {"a", "b", "fan", "fanSpeed", "\"", "\\"};
    const json::value some[] = {
        1, -1.5, "x", "\"},{", true, nullptr, json::array{1, "]"}, {{"x", 1}, {"y", "}"}}};
    for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        const auto draw = [&] {
            json::object drawn;
            for (const auto& name : names) {
                if (random() % 2 == 0) {
                    drawn[name] = some[random() % std::size(some)];
                }
            }
            return drawn;
        };
        auto expected = draw();
        const auto patch = draw();
        Values values(expected);
        const auto before = values;
        for (const auto& [name, value] : patch) {
            expected[name] = value;
        }
        CHECK(values.merge(patch) == (Values(expected) != before));
        CHECK(values == Values(expected));
        for (const auto& name : names) {
            const auto* there = expected.if_contains(name);
            CHECK(values.find(name).value_or(nullptr) == (there == nullptr ? json::value() : *there));
        }
    }
}

TEST_CASE("Promise 6: values are kept to the last digit, however often they are looked at") {
    // Boost's own parser reads some of these one off in the last digit, each time anew.
    for (const std::string number : {"1.844674407370955e+140", "1.7976931348623157e+308", "0.1", "5e-324",
                                     "123456789012345680.0", "2.2250738585072014e-308", "9007199254740993"}) {
        CAPTURE(number);
        Values values(muster::parse_json("{\"a\":" + number + "}", 100, 2).value().as_object());
        const Values first = values;
        CHECK(first.text() == "{\"a\":" + number + "}");
        for (int i = 0; i < 5; ++i) {
            CHECK(values.merge({{"b", i}}));
            CHECK(values.merge({{"b", nullptr}}));
        }
        CHECK(values == first);
        CHECK_FALSE(values.merge(first.object()));
    }
}
