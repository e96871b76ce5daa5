#include "daemon/api/fields.hpp"

#include "tests/unit/api/api_caller.hpp"

#include <doctest/doctest.h>

#include <string>

namespace muster::api {
namespace {

using Lines = std::vector<std::string>;

Lines mistakes(Fields& fields) {
    const auto checked = fields.finish();
    return checked ? Lines{} : test::details(checked.error());
}

}  // namespace

TEST_CASE("members that are there and right are read") {
    const auto body = test::object_of(
        R"({"t":"text","n":7,"b":true,"o":{"x":1},"a":[1],"any":null,"device":"fridge-1","list":["a","b-2"]})");
    Fields fields(body);
    CHECK(fields.text("t", 4) == "text");
    CHECK(fields.integer("n", 1, 7) == 7);
    CHECK(fields.boolean("b") == true);
    CHECK(fields.object("o")->size() == 1);
    CHECK(fields.array("a")->size() == 1);
    CHECK(fields.any("any")->is_null());
    CHECK(fields.required_device("device").text() == "fridge-1");
    CHECK(fields.devices("list").size() == 2);
    CHECK(mistakes(fields).empty());
}

TEST_CASE("optional members may be absent, required ones are named") {
    const boost::json::object body;
    Fields fields(body);
    CHECK_FALSE(fields.text("t", 4).has_value());
    CHECK_FALSE(fields.integer("n", 1, 7).has_value());
    CHECK_FALSE(fields.boolean("b").has_value());
    CHECK(fields.object("o") == nullptr);
    CHECK(fields.array("a") == nullptr);
    CHECK_FALSE(fields.job().has_value());
    CHECK(fields.devices("list").empty());
    CHECK(fields.required_text("name", 4).empty());
    CHECK(fields.required_job() == JobId::none);
    CHECK(fields.required_device("device") == DeviceId{});
    CHECK(mistakes(fields) == Lines{"name: is missing", "job: is missing", "device: is missing"});
}

TEST_CASE("every wrong member is named, with what was expected") {
    const auto body = test::object_of(
        R"({"t":1,"long":"12345","n":"7","big":8,"half":1.5,"b":1,"o":[],"a":{},"device":"-x","list":["a","b c"],"odd":[1]})");
    Fields fields(body, "policy.");
    CHECK_FALSE(fields.text("t", 4).has_value());
    CHECK_FALSE(fields.text("long", 4).has_value());
    CHECK_FALSE(fields.integer("n", 1, 7).has_value());
    CHECK_FALSE(fields.integer("big", 1, 7).has_value());
    CHECK_FALSE(fields.integer("half", 1, 7).has_value());
    CHECK_FALSE(fields.boolean("b").has_value());
    CHECK(fields.object("o") == nullptr);
    CHECK(fields.array("a") == nullptr);
    CHECK_FALSE(fields.device("device").has_value());
    static_cast<void>(fields.devices("list"));
    static_cast<void>(fields.devices("odd"));
    const auto lines = mistakes(fields);
    REQUIRE(lines.size() == 11);
    CHECK(lines[0] == "policy.t: must be text");
    CHECK(lines[1] == "policy.long: is longer than 4 bytes");
    CHECK(lines[2] == "policy.n: must be a whole number");
    CHECK(lines[3] == "policy.big: is 8; 1 to 7 is allowed");
    CHECK(lines[4] == "policy.half: must be a whole number");
    CHECK(lines[5] == "policy.b: must be true or false");
    CHECK(lines[6] == "policy.o: must be an object");
    CHECK(lines[7] == "policy.a: must be a list");
    CHECK(lines[8].starts_with("policy.device: is not a device id: "));
    CHECK(lines[9].starts_with("policy.list[1]: is not a device id: "));
    CHECK(lines[10] == "policy.odd[0]: is not a device id: must be text");
}

TEST_CASE("SPEC 6.2: members that nobody read are refused by name") {
    const auto body = test::object_of(R"({"name":"x","nmae":"y"})");
    Fields fields(body);
    static_cast<void>(fields.text("name", 4));
    CHECK(mistakes(fields) == Lines{"nmae: is not known here"});
}

TEST_CASE("the mistakes of a part come up in the whole") {
    const auto body = test::object_of(R"({"part":{"x":"1","y":2}})");
    Fields fields(body);
    Fields part(*fields.object("part"), "part.");
    static_cast<void>(part.integer("x", 1, 2));
    part.refuse_unread();
    fields.add(part);
    CHECK(mistakes(fields) == Lines{"part.x: must be a whole number", "part.y: is not known here"});
}

TEST_CASE("a job's number may be a number or text, and nothing else") {
    const auto job = [](std::string_view body) {
        const auto object = test::object_of(body);
        Fields fields(object);
        const auto id = fields.required_job();
        return fields.finish() ? id : JobId::none;
    };
    CHECK(job(R"({"job":42})") == JobId{42});
    CHECK(job(R"({"job":"42"})") == JobId{42});
    for (const auto* wrong :
         {R"({"job":0})", R"({"job":-1})", R"({"job":1.5})", R"({"job":"0"})", R"({"job":"042"})",
          R"({"job":"4 2"})", R"({"job":""})", R"({"job":null})", R"({"job":[42]})"}) {
        CAPTURE(wrong);
        CHECK(job(wrong) == JobId::none);
    }
}

}  // namespace muster::api
