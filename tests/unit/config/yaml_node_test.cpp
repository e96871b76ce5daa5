#include "config/yaml_node.hpp"

#include "config/yaml.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace muster::config;

namespace {

YamlNode tree_of(std::string_view text) {
    return parse_yaml(text, "test.yaml", kFleetLimits).value().documents.at(0);
}

constexpr std::string_view kTemplate = R"(name: refrigerator
settings:
  fanSpeed:
    schema:
      type: integer
      minimum: 0
operations:
  - name: fanSpeed
    value: 3
  - name: light
    value: [1, {deep: x}]
query: tags.site == "oslo"
a.b: 1
a:
  b.c: 2
  b: {c: 3}
)";

Position at(std::string_view path) {
    return position_of(tree_of(kTemplate), path);
}

}  // namespace

TEST_CASE("a tree becomes the JSON that the same text is in JSON") {
    const YamlNode node = tree_of(R"({"a": [1, -2.5, true, null, "x"], "b": {"c": {}}, "d": []})");
    CHECK(to_json(node) == boost::json::parse(R"({"a":[1,-2.5,true,null,"x"],"b":{"c":{}},"d":[]})"));
}

TEST_CASE("the field of an error is found where its key or item stands") {
    CHECK(at("name") == Position{1, 1});
    CHECK(at("settings") == Position{2, 1});
    CHECK(at("settings.fanSpeed") == Position{3, 3});
    CHECK(at("settings.fanSpeed.schema.minimum") == Position{6, 7});
    CHECK(at("operations[0]") == Position{8, 5});
    CHECK(at("operations[0].value") == Position{9, 5});
    CHECK(at("operations[1].value[1].deep") == Position{11, 17});
}

TEST_CASE("a field that is missing is placed at what should hold it") {
    CHECK(at("") == Position{1, 1});
    CHECK(at("title") == Position{1, 1});
    CHECK(at("settings.fanSpeed.title") == Position{3, 3});
    CHECK(at("operations[2].name") == Position{7, 1});
    CHECK(at("operations[x]") == Position{7, 1});
    CHECK(at("operations[99999999999999999999999]") == Position{7, 1});
    CHECK(at("operations[") == Position{7, 1});
    CHECK(at("name.first") == Position{1, 1});
    CHECK(at("nam") == Position{1, 1});
}

TEST_CASE("keys may hold dots, and the longest that fits is meant") {
    CHECK(at("a.b") == Position{13, 1});
    CHECK(at("a.b.c") == Position{13, 1});
}

TEST_CASE("the column of a query leads to the query") {
    CHECK(at("query:14") == Position{12, 1});
}

TEST_CASE("a node says what it is") {
    const auto described = [](std::string_view text) { return describe(tree_of(text)); };
    CHECK(described("~") == "nothing");
    CHECK(described("true") == "true or false");
    CHECK(described("3") == "an integer");
    CHECK(described("3.5") == "a decimal number");
    CHECK(described("'3'") == "text");
    CHECK(described("[]") == "a list");
    CHECK(described("{}") == "a mapping");
}
