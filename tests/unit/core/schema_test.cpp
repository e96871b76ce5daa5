#include "daemon/core/schema_words.hpp"
#include "daemon/core/template.hpp"
#include "protocol/limits.hpp"
#include "tests/support/print.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace json = boost::json;
using muster::ErrorCode;
using muster::ErrorDetail;
using muster::Result;
using muster::core::Schema;

namespace {

Schema compiled(std::string_view schema) {
    return Schema::compile(json::parse(schema)).value();
}

// "field: message" for each detail; empty for success.
template <class T>
std::vector<std::string> complaints(const Result<T>& result) {
    std::vector<std::string> lines;
    if (result.has_error()) {
        CHECK(result.error().code == ErrorCode::invalid);
        CHECK_FALSE(result.error().message.empty());
        REQUIRE_FALSE(result.error().details.empty());
        for (const ErrorDetail& detail : result.error().details) {
            lines.push_back(detail.field + ": " + detail.message);
        }
    }
    return lines;
}

using Lines = std::vector<std::string>;

struct Case {
    std::string schema;
    std::string value;
    Lines complaints;
};

void check(const std::vector<Case>& cases) {
    for (const Case& one : cases) {
        CAPTURE(one.schema);
        CAPTURE(one.value);
        CHECK(complaints(compiled(one.schema).check(json::parse(one.value), "v")) == one.complaints);
    }
}

}  // namespace

TEST_CASE("schema: types in words") {
    check({
        {R"({"type":"integer"})", "3", {}},
        {R"({"type":"integer"})", "-3", {}},
        {R"({"type":"integer"})", "\"fast\"", {"v: is \"fast\"; must be an integer"}},
        {R"({"type":"integer"})", "\"3\"", {"v: is \"3\"; must be an integer"}},
        {R"({"type":"integer"})", "3.5", {"v: is 3.5; must be an integer"}},
        {R"({"type":"integer"})", "true", {"v: is true; must be an integer"}},
        {R"({"type":"integer"})", "null", {"v: is null; must be an integer"}},
        {R"({"type":"integer"})",
         "18446744073709551615",
         {"v: is 18446744073709551615; whole numbers go up to 9223372036854775807"}},
        {"{}",
         R"([{"a":9223372036854775808}])",
         {"v: is [{\"a\":9223372036854775808}]; whole numbers go up to 9223372036854775807"}},
        {R"({"type":"number"})", "3", {}},
        {R"({"type":"number"})", "3.5", {}},
        {R"({"type":"number"})", "[1]", {"v: is [1]; must be a number"}},
        {R"({"type":"string"})", "\"\"", {}},
        {R"({"type":"string"})", "3", {"v: is 3; must be text"}},
        {R"({"type":"boolean"})", "false", {}},
        {R"({"type":"boolean"})", "\"true\"", {"v: is \"true\"; must be true or false"}},
        {R"({"type":"null"})", "null", {}},
        {R"({"type":"array"})", "{}", {"v: is {}; must be a list"}},
        {R"({"type":"object"})", "[]", {"v: is []; must be an object"}},
        {R"({"type":["integer","string"]})", "\"a\"", {}},
        {R"({"type":["integer","string"]})", "null", {"v: is null; must be an integer or text"}},
        {"{}", R"({"anything":[1,"goes"]})", {}},
    });
}

TEST_CASE("schema: numbers in words") {
    check({
        {R"({"minimum":0,"maximum":5})", "0", {}},
        {R"({"minimum":0,"maximum":5})", "5", {}},
        {R"({"minimum":0,"maximum":5})", "9", {"v: is 9; at most 5 is allowed"}},
        {R"({"minimum":0,"maximum":5})", "-1", {"v: is -1; at least 0 is allowed"}},
        {R"({"maximum":0.5})", "0.75", {"v: is 0.75; at most 0.5 is allowed"}},
        {R"({"maximum":5})", "\"9\"", {}},
        {R"({"exclusiveMinimum":0})", "0", {"v: is 0; must be above 0"}},
        {R"({"exclusiveMaximum":5})", "5", {"v: is 5; must be below 5"}},
        {R"({"exclusiveMaximum":5})", "4.9", {}},
        {R"({"multipleOf":5})", "15", {}},
        {R"({"multipleOf":5})", "12", {"v: is 12; must be a multiple of 5"}},
        {R"({"multipleOf":1})", "3.5", {"v: is 3.5; must be a multiple of 1"}},
        {R"({"multipleOf":0.1})", "0.3", {}},
        {R"({"multipleOf":0.5})", "0.75", {"v: is 0.75; must be a multiple of 0.5"}},
        {R"({"multipleOf":0.01})", "1000000.07", {}},
        {R"({"minimum":10,"multipleOf":5})",
         "3",
         {"v: is 3; at least 10 is allowed", "v: is 3; must be a multiple of 5"}},
    });
}

TEST_CASE("schema: choices in words") {
    check({
        {R"({"enum":["red","green"]})", "\"red\"", {}},
        {R"({"enum":["red","green"]})", "\"blue\"", {"v: is \"blue\"; must be one of \"red\", \"green\""}},
        {R"({"enum":[1,2]})", "1.0", {}},
        {R"({"enum":[{"a":[1]}]})", R"({"a":[1.0]})", {}},
        {R"({"enum":[null,0]})", "false", {"v: is false; must be one of null, 0"}},
        {R"({"const":"on"})", "\"on\"", {}},
        {R"({"const":"on"})", "\"off\"", {"v: is \"off\"; must be \"on\""}},
    });
}

TEST_CASE("schema: text in words") {
    check({
        {R"({"minLength":2,"maxLength":3})", "\"ab\"", {}},
        {R"({"minLength":2,"maxLength":3})", "\"a\"", {"v: is \"a\"; must have at least 2 characters"}},
        {R"({"minLength":2,"maxLength":3})", "\"abcd\"", {"v: is \"abcd\"; must have at most 3 characters"}},
        {R"({"maxLength":1})", "\"ab\"", {"v: is \"ab\"; must have at most 1 character"}},
        {R"({"maxLength":3})", "\"æøå\"", {}},
        {R"({"pattern":"^[A-Z]{2}[0-9]+$"})", "\"AB12\"", {}},
        {R"({"pattern":"^[A-Z]{2}[0-9]+$"})",
         "\"ab12\"",
         {"v: is \"ab12\"; must match the pattern ^[A-Z]{2}[0-9]+$"}},
        {R"({"pattern":"b"})", "\"abc\"", {}},
        {R"({"pattern":"b"})", "3", {}},
    });
}

TEST_CASE("schema: objects in words") {
    const char* defrost = R"({"type":"object","required":["minutes"],"additionalProperties":false,
        "properties":{"minutes":{"type":"integer","maximum":30},"mode":{"enum":["soft","hard"]}}})";
    check({
        {defrost, R"({"minutes":10})", {}},
        {defrost, R"({"minutes":10,"mode":"soft"})", {}},
        {defrost, "{}", {"v.minutes: is missing"}},
        {defrost, R"({"minute":10})", {"v.minutes: is missing", "v.minute: is not known here"}},
        {defrost,
         R"({"minutes":99,"mode":"x"})",
         {"v.minutes: is 99; at most 30 is allowed", "v.mode: is \"x\"; must be one of \"soft\", \"hard\""}},
        {R"({"additionalProperties":{"type":"string"}})", R"({"a":1})", {"v.a: is 1; must be text"}},
        {R"({"properties":{"a":false}})", R"({"a":1})", {"v.a: is not allowed"}},
        {R"({"properties":{"a":{"properties":{"b":{"minimum":2}}}}})",
         R"({"a":{"b":1}})",
         {"v.a.b: is 1; at least 2 is allowed"}},
        {R"({"minProperties":1})", "{}", {"v: is {}; must have at least 1 member"}},
        {R"({"maxProperties":1})",
         R"({"a":1,"b":2})",
         {"v: is {\"a\":1,\"b\":2}; must have at most 1 member"}},
    });
}

TEST_CASE("schema: lists in words") {
    check({
        {R"({"items":{"type":"integer"}})", "[1,2]", {}},
        {R"({"items":{"type":"integer"}})", R"([1,"b"])", {"v[1]: is \"b\"; must be an integer"}},
        {R"({"items":[{"type":"integer"},{"type":"string"}]})", R"([1,2])", {"v[1]: is 2; must be text"}},
        {R"({"items":[{"type":"integer"}],"additionalItems":false})", R"([1,2])", {"v[1]: is not allowed"}},
        {R"({"minItems":2})", "[1]", {"v: is [1]; must have at least 2 items"}},
        {R"({"maxItems":1})", "[1,2]", {"v: is [1,2]; must have at most 1 item"}},
        {R"({"uniqueItems":true})", "[1,2,1.0]", {"v: is [1,2,1E0]; must not hold the same item twice"}},
        {R"({"uniqueItems":true})", "[1,\"1\",true]", {}},
        {R"({"uniqueItems":false})", "[1,1]", {}},
    });
}

TEST_CASE("schema: combinations") {
    check({
        {R"({"allOf":[{"minimum":1},{"maximum":3}]})", "2", {}},
        {R"({"allOf":[{"minimum":1},{"maximum":3}]})", "5", {"v: is 5; at most 3 is allowed"}},
        {R"({"anyOf":[{"type":"integer"},{"const":"auto"}]})", "\"auto\"", {}},
        {R"({"anyOf":[{"type":"integer"},{"const":"auto"}]})",
         "\"off\"",
         {"v: is \"off\"; must be of at least one of the forms in anyOf"}},
        {R"({"oneOf":[{"minimum":1},{"maximum":3}]})",
         "2",
         {"v: is 2; must be of exactly one of the forms in oneOf"}},
        {R"({"not":{"const":0}})", "0", {"v: is 0; must not be of the form in not"}},
        {R"({"not":{"const":0}})", "1", {}},
        {R"({"if":{"required":["a"]},"then":{"required":["b"]}})", R"({"a":1,"b":1})", {}},
        {R"({"if":{"required":["a"]},"then":{"required":["b"]}})",
         R"({"a":1})",
         {"v: is {\"a\":1}; must keep the rule of if, then and else"}},
        {R"({"contains":{"const":1}})", "[2]", {"v: is [2]; must hold an item of the form in contains"}},
        {R"({"propertyNames":{"pattern":"^[a-z]+$"}})", R"({"a":1})", {}},
        {R"({"propertyNames":{"pattern":"^[a-z]+$"}})",
         R"({"A":1})",
         {"v: is {\"A\":1}; must keep the rule of propertyNames"}},
        // Words for the simple rule that is broken, none for a guess.
        {R"({"maximum":5,"anyOf":[{"multipleOf":2}]})", "8", {"v: is 8; at most 5 is allowed"}},
    });
}

TEST_CASE("schema: the field is put before, and may be empty") {
    const Schema schema = compiled(R"({"properties":{"a":{"type":"integer"}},"required":["b"]})");
    CHECK(complaints(schema.check(json::parse(R"({"a":"x"})"), "operations[0].args")) ==
          Lines{"operations[0].args.b: is missing", "operations[0].args.a: is \"x\"; must be an integer"});
    CHECK(complaints(schema.check(json::parse(R"({"a":"x"})"), "")) ==
          Lines{"b: is missing", "a: is \"x\"; must be an integer"});
}

TEST_CASE("schema: long values are shortened between characters") {
    std::string text;
    for (int i = 0; i < 50; ++i) {
        text += "å";
    }
    const auto lines = complaints(compiled(R"({"type":"integer"})").check(json::value(text), "v"));
    REQUIRE(lines.size() == 1);
    CHECK(lines[0] == "v: is \"" + text.substr(0, 62) + "…; must be an integer");
}

TEST_CASE("schema: small numbers count as integers however they were built") {
    CHECK(complaints(compiled(R"({"type":"integer","maximum":5})").check(json::value(std::uint64_t{3}), "v"))
              .empty());
}

TEST_CASE("schema: size and depth of a value are bounded before anything looks at it") {
    const Schema anything = compiled("{}");
    const std::string longest(muster::limits::kOperationBytes - 2, 'x');
    CHECK(anything.check(json::value(longest), "v").has_value());
    CHECK(complaints(anything.check(json::value(longest + "x"), "v")) ==
          Lines{"v: is 8193 bytes long; at most 8192 are allowed"});
    json::value deep = 1;
    for (int level = 0; level < 1000; ++level) {
        deep = json::array{deep};
    }
    CHECK(complaints(anything.check(deep, "v")) == Lines{"v: is not JSON of at most 8 levels"});
}

TEST_CASE("schema: the words never disagree with the verdict") {
    const char* rules[] = {
        R"("type":"integer")",
        R"("type":"number")",
        R"("type":["string","null"])",
        R"("minimum":1)",
        R"("maximum":2)",
        R"("exclusiveMinimum":1)",
        R"("exclusiveMaximum":2)",
        R"("multipleOf":0.5)",
        R"("multipleOf":2)",
        R"("enum":[1,"a",[1],{"a":1},null])",
        R"("const":1.0)",
        R"("minLength":1)",
        R"("maxLength":1)",
        R"("pattern":"^[a-b]*$")",
        R"("items":{"maximum":1})",
        R"("minItems":1)",
        R"("maxItems":1)",
        R"("uniqueItems":true)",
        R"("required":["a"])",
        R"("minProperties":1)",
        R"("maxProperties":1)",
        R"("properties":{"a":{"type":"integer"},"b":false})",
        R"("additionalProperties":false)",
        R"("additionalProperties":{"minimum":1})",
        R"("allOf":[{"minimum":0},{"type":["integer","object"]}])",
    };
    const char* candidates[] = {
        "0",          "1",
        "1.0",        "1.5",
        "2",          "3",
        "-1",         "9223372036854775807",
        "1e300",      "null",
        "true",       R"("")",
        R"("a")",     R"("ab")",
        R"("c")",     R"("æ")",
        R"("1")",     "[]",
        "[1]",        "[1.0]",
        "[1,1]",      "[1,2]",
        R"(["a"])",   "{}",
        R"({"a":1})", R"({"a":"x"})",
        R"({"b":1})", R"({"a":1,"c":0})",
    };
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 random(seed);
    int refused = 0;
    for (int round = 0; round < 5000; ++round) {
        json::object schema;
        for (auto count = 1 + random() % 3; count > 0; --count) {
            const auto rule = json::parse("{" + std::string(rules[random() % std::size(rules)]) + "}");
            schema[rule.get_object().begin()->key()] = rule.get_object().begin()->value();
        }
        const auto compiled = Schema::compile(schema);
        if (compiled.has_error()) {
            continue;  // such as a minimum above the maximum
        }
        const json::value value = json::parse(candidates[random() % std::size(candidates)]);
        CAPTURE(json::serialize(schema));
        CAPTURE(json::serialize(value));
        const bool allowed = compiled.value().check(value, "v").has_value();
        const auto words = muster::core::explain(schema, value, "v");
        REQUIRE_FALSE(words.empty());
        CHECK((words.front().message == "does not fit the schema") == allowed);
        refused += allowed ? 0 : 1;
    }
    CHECK(refused > 500);
}

TEST_CASE("schema: many equal items neither hang nor fill the memory") {
    json::array items;
    for (int i = 0; i < 4000; ++i) {
        items.push_back(1);
    }
    const Schema schema = compiled(R"({"anyOf":[{"uniqueItems":true},{"type":"integer"}]})");
    CHECK(complaints(schema.check(items, "v")).size() == 1);
}

TEST_CASE("schema: one that was not compiled allows everything") {
    const Schema schema;
    CHECK(schema.check(json::value(1), "v").has_value());
    CHECK(schema.type().empty());
    CHECK(schema.source() == json::value(true));
}

TEST_CASE("schema: type and source") {
    CHECK(compiled(R"({"type":"integer"})").type() == "integer");
    CHECK(compiled(R"({"type":["integer","null"]})").type().empty());
    CHECK(compiled("{}").type().empty());
    CHECK(compiled(R"({"title":"x"})").source() == json::parse(R"({"title":"x"})"));
}

TEST_CASE("schema: documents are checked strictly") {
    struct Document {
        std::string schema;
        Lines complaints;
    };
    const Document cases[] = {
        {R"({"title":"t","description":"d","default":1,"examples":[1],"$comment":"c","readOnly":true})", {}},
        {R"({"$schema":"http://json-schema.org/draft-07/schema#"})", {}},
        {"3", {": a schema must be an object"}},
        {"true", {": a schema must be an object"}},
        {R"({"type":"int"})", {"type: must be one of array, boolean, integer, null, number, object, string"}},
        {R"({"type":3})", {"type: must be one of array, boolean, integer, null, number, object, string"}},
        {R"({"type":[]})", {"type: must name at least one type"}},
        {R"({"type":["integer","str"]})",
         {"type[1]: must be one of array, boolean, integer, null, number, object, string"}},
        {R"({"minimum":"0"})", {"minimum: must be a number"}},
        {R"({"minimum":5,"maximum":3})", {"minimum: is above maximum: nothing would be allowed"}},
        {R"({"multipleOf":0})", {"multipleOf: must be above 0"}},
        {R"({"multipleOf":-1})", {"multipleOf: must be above 0"}},
        {R"({"minLength":-1})", {"minLength: must be a whole number from 0"}},
        {R"({"minLength":1.5})", {"minLength: must be a whole number from 0"}},
        {R"({"enum":[]})", {"enum: must be a list of at least one value"}},
        {R"({"enum":"red"})", {"enum: must be a list of at least one value"}},
        {R"({"required":"a"})", {"required: must be a list of names"}},
        {R"({"required":["a",1,"a"]})", {"required[1]: must be text", "required[2]: is listed twice"}},
        {R"({"uniqueItems":1})", {"uniqueItems: must be true or false"}},
        {R"({"pattern":"["})", {"pattern: is not a pattern: missing \"]\" at character 2"}},
        {R"({"pattern":1})", {"pattern: must be text"}},
        {R"({"items":3})", {"items: must be a schema: an object, or true or false"}},
        {R"({"items":[{"type":"x"}]})",
         {"items[0].type: must be one of array, boolean, integer, null, number, object, string"}},
        {R"({"properties":[]})", {"properties: must be an object of names and schemas"}},
        {R"({"properties":{"minutes":{"minimum":"x"}}})", {"properties.minutes.minimum: must be a number"}},
        {R"({"anyOf":[]})", {"anyOf: must be a list of at least one schema"}},
        {R"({"minimun":3})", {"minimun: is not a keyword of JSON Schema draft 7"}},
        {R"({"$ref":"#/a"})", {"$ref: references are not supported: write the schema out in full"}},
        {R"({"items":{"$ref":"http://example.com/x"}})",
         {"items.$ref: references are not supported: write the schema out in full"}},
        {R"({"format":"date"})", {"format: is not supported: use pattern"}},
        {R"({"$schema":"http://json-schema.org/draft-04/schema#"})",
         {"$schema: must be \"http://json-schema.org/draft-07/schema#\""}},
        {R"({"type":"int","minimum":"a"})",
         {"type: must be one of array, boolean, integer, null, number, object, string",
          "minimum: must be a number"}},
    };
    for (const Document& one : cases) {
        CAPTURE(one.schema);
        CHECK(complaints(Schema::compile(json::parse(one.schema))) == one.complaints);
    }
}

TEST_CASE("schema: the depth of a document is bounded") {
    json::value deep = json::object{};
    for (int level = 0; level < 1000; ++level) {
        deep = json::object{{"not", std::move(deep)}};
    }
    const auto lines = complaints(Schema::compile(deep));
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].ends_with("nests deeper than 16 schemas"));
}
