#include "config/yaml.hpp"

#include "tests/support/files.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/config/mistakes.hpp"
#include "tests/unit/protocol/random_bytes.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <chrono>

using namespace muster::config;
using muster::ErrorCode;
using muster::test::Lines;
using muster::test::RandomBytes;

namespace {

constexpr YamlLimits kLimits{10'000, 10'000, 4, 100, 3};

Lines refused(std::string_view text) {
    return muster::test::mistakes(parse_yaml(text, "f", kLimits));
}

std::string json(std::string_view text) {
    const auto file = parse_yaml(text, "f", kLimits);
    if (!file) {
        return "refused";
    }
    std::string all;
    for (const YamlNode& document : file.value().documents) {
        all += (all.empty() ? "" : " ") + boost::json::serialize(to_json(document));
    }
    return all;
}

}  // namespace

TEST_CASE("plain scalars have types, quoted ones are text") {
    CHECK(json("[3, '3', \"3\", true, 'true', ~, '', yes]") == R"([3,"3","3",true,"true",null,"","yes"])");
    CHECK(json("a: |\n  3\n") == R"({"a":"3\n"})");
    CHECK(json("a: >-\n  null\n") == R"({"a":"null"})");
    CHECK(json("3: x\ntrue: y\n") == R"({"3":"x","true":"y"})");
}

TEST_CASE("values may be left out, documents may be many or none") {
    CHECK(json("a:\nb:\n") == R"({"a":null,"b":null})");
    CHECK(json("- \n- 1\n") == "[null,1]");
    CHECK(json("") == "");
    CHECK(json("# only a comment\n") == "");
    CHECK(json("--- 1\n--- {a: 2}\n---\n") == R"(1 {"a":2} null)");
    CHECK(json("%YAML 1.2\n---\na: 1\n...\n") == R"({"a":1})");
    CHECK(json("\xEF\xBB\xBF"
               "a: 1\r\nb: 2\r\n") == R"({"a":1,"b":2})");
}

TEST_CASE("positions count lines and columns from 1") {
    const YamlNode tree =
        parse_yaml("a: 1\nb:\n  - x\n  - {c: 2}\nd:\n", "f", kLimits).value().documents.at(0);
    CHECK(tree.position == Position{1, 1});
    const auto& members = std::get<YamlNode::Mapping>(tree.value);
    CHECK(members.at(0).node.position == Position{1, 4});
    CHECK(members.at(1).position == Position{2, 1});
    CHECK(members.at(1).node.position == Position{3, 3});
    const auto& items = std::get<YamlNode::Sequence>(members.at(1).node.value);
    CHECK(items.at(1).position == Position{4, 5});
    CHECK(std::get<YamlNode::Mapping>(items.at(1).value).at(0).node.position == Position{4, 9});
    // A value that is left out stands at its key.
    CHECK(members.at(2).node.position == Position{5, 1});
}

TEST_CASE("anchors and aliases are refused") {
    CHECK(refused("a: &x 1\nb: *x\n") ==
          Lines{"f:1:4: anchors (&name) are not allowed",
                "f:2:4: aliases (*name) are not allowed; write the value out"});
    CHECK(refused("a: &x [1]\n") == Lines{"f:1:4: anchors (&name) are not allowed"});
    CHECK(refused("a: &x {b: 1}\n") == Lines{"f:1:4: anchors (&name) are not allowed"});
    CHECK(refused("a: &x\n") == Lines{"f:1:4: anchors (&name) are not allowed"});
    CHECK(refused("&x a: 1\n") == Lines{"f:1:1: anchors (&name) are not allowed"});
    CHECK(refused("a: *x\n") == Lines{"f:1:4: syntax: the referenced anchor is not defined"});
}

TEST_CASE("a bomb of aliases is refused at once") {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 30; ++i) {
        const std::string last = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
        for (int k = 0; k < 8; ++k) {
            bomb += ", " + last;
        }
        bomb += "]\n";
    }
    const auto begin = std::chrono::steady_clock::now();
    const Lines lines = refused(bomb);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
    REQUIRE(lines.size() == 3);
    CHECK(lines.at(2) == "f:2:10: aliases (*name) are not allowed; write the value out");
}

TEST_CASE("tags are refused, those that do not show too") {
    const std::string complaint = "tags (!name) are not allowed; quotes make a value text";
    CHECK(refused("a: !!str 3\n") == Lines{"f:1:4: " + complaint});
    CHECK(refused("a: !x {b: 1}\n") == Lines{"f:1:4: " + complaint});
    CHECK(refused("a: !x [1]\n") == Lines{"f:1:4: " + complaint});
    CHECK(refused("a: ! 3\n") == Lines{"f:1:4: " + complaint});
    CHECK(refused("a: !<x> 3\n") == Lines{"f:1:4: " + complaint});
    CHECK(refused("!x\n") == Lines{"f:1:1: " + complaint});
    CHECK(refused("!x a: 1\n") == Lines{"f:1:1: " + complaint});
    CHECK(refused("a: &y !x 3\n") == Lines{"f:1:4: anchors (&name) are not allowed", "f:1:4: " + complaint});
}

TEST_CASE("keys have to be text, each once") {
    CHECK(refused("a: 1\nb: 2\na: 3\n\"b\": 4\n") == Lines{R"(f:3:1: the key "a" is here a second time)",
                                                           R"(f:4:1: the key "b" is here a second time)"});
    CHECK(refused("x: {a: 1, a: 2}\n") == Lines{R"(f:1:11: the key "a" is here a second time)"});
    CHECK(json("x: {a: 1}\ny: {a: 1}\n") == R"({"x":{"a":1},"y":{"a":1}})");
    CHECK(refused("? [a]\n: 1\n") == Lines{"f:1:3: is a list as a key; only text can be one"});
    CHECK(refused("? {a: 1}\n: 1\n") == Lines{"f:1:3: is a mapping as a key; only text can be one"});
    CHECK(refused("~: 1\n") == Lines{"f:1:1: a key is expected, in quotes if it is empty or null"});
    CHECK(json("\"\": 1\n") == R"({"":1})");
}

TEST_CASE("errors of syntax are placed") {
    CHECK(refused("a: 1\n b: 2\n") == Lines{"f:2:3: syntax: illegal map value"});
    CHECK(refused("a: [1, 2\n") == Lines{"f:2:1: syntax: end of sequence flow not found"});
    CHECK(refused("a: [1, 2") == Lines{"f:1:9: syntax: end of sequence flow not found"});
    CHECK(refused("a: \"x") == Lines{"f:1:6: syntax: illegal EOF in scalar"});
    CHECK(refused("a: 1\n- b\n") == Lines{"f:2:1: syntax: end of map not found"});
    CHECK(refused("a:\n\t- b\n") == Lines{"f:2:2: syntax: illegal block entry"});
    CHECK(refused("a: @x\n") == Lines{"f:1:4: syntax: unknown token"});
}

TEST_CASE("text after a document that no --- opens is refused") {
    const std::string complaint = ": does not belong to the document above; a new one begins with ---";
    CHECK(refused("- a\nb: c\n") == Lines{"f:2:1" + complaint});
    CHECK(refused("{a: 1} b\n") == Lines{"f:1:8" + complaint});
    CHECK(refused("\"a\" \"b\"\n") == Lines{"f:1:5" + complaint});
    CHECK(refused("a: 1\n...\nb: 2\n") == Lines{"f:3:1" + complaint});
    // The library would give documents for ever here.
    CHECK(refused("&? nnnnx\n? c").at(1) == "f:2:1" + complaint);
}

TEST_CASE("every mistake that can be is reported at once, and not without end") {
    CHECK(refused("a: .inf\nb: 99999999999999999999\na: !x 1\nc: [") ==
          Lines{R"(f:1:4: ".inf" is not a number that JSON can carry)",
                R"(f:2:4: "99999999999999999999" is beyond the integers that 64 bits can hold)",
                R"(f:3:1: the key "a" is here a second time)",
                "f:3:4: tags (!name) are not allowed; quotes make a value text",
                "f:4:5: syntax: end of sequence flow not found"});
    std::string many;
    for (int i = 0; i < 90; ++i) {
        many += "- .inf\n";
    }
    CHECK(refused(many).size() == kMostMistakes);
    CHECK(parse_yaml(many, "f", kLimits).error().message == "f has 50 mistakes");
    CHECK(parse_yaml("- .inf", "f", kLimits).error().message == "f has a mistake");
}

TEST_CASE("bytes that are not text are refused") {
    const std::string complaint = "is not a character that a file in UTF-8 may hold here";
    CHECK(refused("a: 1\nb: \xFF\n") == Lines{"f:2:4: " + complaint});
    CHECK(refused(std::string_view("a: \0", 4)) == Lines{"f:1:4: " + complaint});
    CHECK(refused("\xFF\xFE"
                  "a") == Lines{"f:1:1: " + complaint});
    CHECK(refused("a: \x1B[31m\n") == Lines{"f:1:4: " + complaint});
    CHECK(refused("a: \"x\\0y\"\n") == Lines{"f:1:4: holds a NUL character, which is not allowed"});
    CHECK(refused("\"x\\0y\": 1\n") == Lines{"f:1:1: holds a NUL character, which is not allowed"});
}

TEST_CASE("limits: bytes, depth, values, documents") {
    CHECK(json("a: [[[1]]]") == R"({"a":[[[1]]]})");
    CHECK(refused("a: [[[[1]]]]") == Lines{"f:1:7: is nested over 4 deep"});
    CHECK(refused(std::string(4'900, '[') + std::string(4'900, ']')) ==
          Lines{"f:1:5: is nested over 4 deep"});
    CHECK(refused(std::string(9'000, '-')).size() == 0);
    CHECK(refused("--- 1\n--- 2\n--- 3\n").empty());
    CHECK(refused("--- 1\n--- 2\n--- 3\n--- 4\n") == Lines{"f:4:1: is over 3 documents"});
    std::string values;
    for (int i = 0; i < 99; ++i) {
        values += "- 1\n";
    }
    CHECK(refused(values).empty());
    CHECK(refused(values + "- 1\n- 1\n") == Lines{"f:101:3: is over 100 values in one file"});
    CHECK(refused(std::string(10'001, ' ')) == Lines{"f is over 10000 bytes, the most that is read"});
    CHECK(parse_yaml(std::string(10'001, ' '), "f", kLimits).error().code == ErrorCode::too_large);

    const auto second = parse_yaml("a: 1\n---\nb: 2\n", "f", kConfigurationLimits);
    CHECK(muster::test::mistakes(second) == Lines{"f:2:1: is a second document; one is expected"});
}

TEST_CASE("limits: one value, which the parser holds in memory until it ends") {
    constexpr YamlLimits limits{100'000, 10'000, 4, 10'000, 1};
    const auto mistakes = [&](const std::string& text) {
        return muster::test::mistakes(parse_yaml(text, "f", limits));
    };
    const std::string text(9'000, 'x');
    CHECK(mistakes("a: " + text + "\nb: " + text + "\nc: [" + text + "]\n").empty());
    CHECK(mistakes("a: 1\nb: " + std::string(20'000, '[')) ==
          Lines{"f:2:4: here or next begins a value of over 10000 bytes"});
    CHECK(mistakes(std::string(20'000, '{')) ==
          Lines{"f:1:1: here or next begins a value of over 10000 bytes"});
    CHECK(mistakes("- a\n- " + std::string(20'000, 'x')) ==
          Lines{"f:1:3: here or next begins a value of over 10000 bytes"});
}

TEST_CASE("a file is read with the name that the user gave it") {
    const muster::test::TempDir directory;
    const std::string path = (directory / "fleet.yaml").string();
    muster::test::write_file(path, "a: 1\na: 2\n");
    const auto file = read_yaml(path, kLimits);
    CHECK(muster::test::mistakes(file) == Lines{path + R"(:2:1: the key "a" is here a second time)"});
    CHECK(read_yaml(path + "x", kLimits).error().code == ErrorCode::not_found);
}

TEST_CASE("random mutations are read or refused with a place, and never crash") {
    RandomBytes random;
    INFO(random.seed());
    const std::string good =
        "%YAML 1.2\n---\na: 1\nb: [x, {c: -2.5e3, d: \"q\\n\"}]\n? e\n: |2-\n  text\n   more\n"
        "f: &g !h 'i'\nj: *g\n---\n- - k\n  - >\n   folded\n\n- {? l : m, n}\n...\n# end\n";
    for (int round = 0; round < 20'000; ++round) {
        std::string text = random.mutated(good);
        if (random.below(2) == 0) {
            text = random.from("ab1 :-?[]{},&*!|>'\"%@`#~.\n\n\t  \\", 60);
        }
        CAPTURE(text);
        const auto file = parse_yaml(text, "f", kLimits);
        if (!file) {
            const bool placed =
                !file.error().details.empty() && file.error().details.front().field.starts_with("f:");
            CHECK(placed);
        }
    }
}
