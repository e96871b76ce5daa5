#include "daemon/core/template.hpp"

#include "tests/support/print.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace json = boost::json;
using muster::ErrorCode;
using muster::ErrorDetail;
using muster::Seconds;
using namespace muster::core;

namespace {

constexpr const char* kRefrigerator = R"({
    "name": "refrigerator", "title": "Refrigerated vending machine", "description": "Keeps drinks cold",
    "settings":   {"fanSpeed": {"title": "Fan speed", "unit": "level", "description": "0 is off",
                                "schema": {"type": "integer", "minimum": 0, "maximum": 5}}},
    "properties": {"location": {"schema": {"type": "string"}},
                   "owner":    {"kept": "gateway", "schema": {"type": "string"}},
                   "assetTag": {"kept": "device", "readOnly": false, "schema": {"type": "string"}},
                   "serial":   {"readOnly": true, "title": "Serial number", "schema": {"type": "string"}}},
    "reported":   {"firmware": {"schema": {"type": "string"}}},
    "commands":   {"reboot": {},
                   "defrost": {"title": "Defrost", "timeout_seconds": 60,
                               "args": {"type": "object", "required": ["minutes"],
                                        "properties": {"minutes": {"type": "integer"}}}}}})";

std::vector<std::string> complaints(std::string_view document) {
    const auto parsed = Template::parse(json::parse(document));
    std::vector<std::string> lines;
    if (parsed.has_error()) {
        CHECK(parsed.error().code == ErrorCode::invalid);
        for (const ErrorDetail& detail : parsed.error().details) {
            lines.push_back(detail.field + ": " + detail.message);
        }
    }
    return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("template: everything in a document is read") {
    const json::value document = json::parse(kRefrigerator);
    const Template refrigerator = Template::parse(document).value();
    CHECK(refrigerator.name == "refrigerator");
    CHECK(refrigerator.title == "Refrigerated vending machine");
    CHECK(refrigerator.description == "Keeps drinks cold");
    CHECK_FALSE(refrigerator.gateway);
    CHECK(refrigerator.source == document);

    const Setting& fan = refrigerator.settings.at("fanSpeed");
    CHECK(fan.title == "Fan speed");
    CHECK(fan.unit == "level");
    CHECK(fan.description == "0 is off");
    CHECK(fan.schema.type() == "integer");
    CHECK(fan.schema.check(json::value(9), "fanSpeed").has_error());

    CHECK(refrigerator.properties.at("location").kept == PropertyKept::gateway);
    CHECK(refrigerator.properties.at("owner").kept == PropertyKept::gateway);
    CHECK(refrigerator.properties.at("assetTag").kept == PropertyKept::device);
    CHECK(refrigerator.properties.at("serial").kept == PropertyKept::read_only);
    CHECK(refrigerator.properties.at("serial").title == "Serial number");
    CHECK(refrigerator.reported.at("firmware").schema.type() == "string");

    const Command& defrost = refrigerator.commands.at("defrost");
    CHECK(defrost.title == "Defrost");
    CHECK(defrost.timeout == Seconds(60));
    CHECK(defrost.args.check(json::parse(R"({"minutes":1})"), "args").has_value());
    CHECK(defrost.args.check(json::object(), "args").has_error());
}

TEST_CASE("template: a command without args takes none") {
    const Template refrigerator = Template::parse(json::parse(kRefrigerator)).value();
    const Command& reboot = refrigerator.commands.at("reboot");
    CHECK_FALSE(reboot.timeout.has_value());
    CHECK(reboot.args.check(json::object(), "args").has_value());
    const auto refused = reboot.args.check(json::parse(R"({"now":true})"), "args");
    REQUIRE(refused.has_error());
    CHECK(refused.error().details == std::vector<ErrorDetail>{{"args.now", "is not known here"}});
}

TEST_CASE("A02: a template can be marked as a gateway") {
    CHECK(Template::parse(json::parse(R"({"name":"edge","gateway":true})")).value().gateway);
    CHECK_FALSE(Template::parse(json::parse(R"({"name":"edge"})")).value().gateway);
}

TEST_CASE("template: mistakes are named with their paths") {
    struct Case {
        std::string document;
        Lines complaints;
    };
    const Case cases[] = {
        {R"({"name":"a"})", {}},
        {"[]", {": a template must be an object"}},
        {"{}", {"name: is missing"}},
        {R"({"name":3})",
         {"name: must be 1 to 64 letters, digits, \"-\" and \"_\", the first a letter or digit"}},
        {R"({"name":"no space"})",
         {"name: must be 1 to 64 letters, digits, \"-\" and \"_\", the first a letter or digit"}},
        {R"({"name":"a","gateway":"yes"})", {"gateway: must be true or false"}},
        {R"({"name":"a","title":1})", {"title: must be text"}},
        {R"({"name":"a","color":1})",
         {"color: is not known here; known are name, title, description, gateway, settings, properties, "
          "reported, commands"}},
        {R"({"name":"a","settings":[]})", {"settings: must be an object"}},
        {R"({"name":"a","settings":{"fan":1}})", {"settings.fan: must be an object"}},
        {R"({"name":"a","settings":{"fan-speed":{"schema":{}}}})",
         {"settings.fan-speed: must be named with 1 to 64 letters, digits and \"_\", the first no digit"}},
        {R"({"name":"a","settings":{"fan":{}}})", {"settings.fan.schema: is missing"}},
        {R"({"name":"a","settings":{"fan":{"schema":[]}}})",
         {"settings.fan.schema: a schema must be an object"}},
        {R"({"name":"a","settings":{"fanSpeed":{"schema":{"minimum":"0"}}}})",
         {"settings.fanSpeed.schema.minimum: must be a number"}},
        {R"({"name":"a","settings":{"fan":{"schema":{},"kept":"device"}}})",
         {"settings.fan.kept: is not known here; known are title, unit, description, schema"}},
        {R"({"name":"a","properties":{"p":{"kept":"cloud","schema":{}}}})",
         {"properties.p.kept: must be \"gateway\" or \"device\""}},
        {R"({"name":"a","properties":{"p":{"kept":"device","readOnly":true,"schema":{}}}})",
         {"properties.p.kept: has no meaning together with readOnly: the device keeps it"}},
        {R"({"name":"a","properties":{"p":{"readOnly":1,"schema":{}}}})",
         {"properties.p.readOnly: must be true or false"}},
        {R"({"name":"a","commands":{"c":{"timeout_seconds":0}}})",
         {"commands.c.timeout_seconds: must be a whole number from 1 to 2592000"}},
        {R"({"name":"a","commands":{"c":{"timeout":5}}})",
         {"commands.c.timeout: is not known here; known are title, description, timeout_seconds, args"}},
        {R"({"name":"a","commands":{"c":{"args":{"type":"string"}}}})",
         {"commands.c.args.type: must be \"object\": arguments have names"}},
        {R"({"name":"a","commands":{"c":{"args":{}}}})",
         {"commands.c.args.type: must be \"object\": arguments have names"}},
        {R"({"name":"a","commands":{"c":{"args":{"type":"object","properties":{"x":{"type":"int"}}}}}})",
         {"commands.c.args.properties.x.type: must be one of array, boolean, integer, null, number, object, "
          "string"}},
        {R"({"name":"a","settings":{"x":{"schema":{}}},"reported":{"x":{"schema":{}}}})",
         {"reported.x: is also a setting, which a device reports already"}},
        {R"({"name":"a","properties":{"x":{"readOnly":true,"schema":{}}},"reported":{"x":{"schema":{}}}})",
         {"reported.x: is also a property that the device reports already"}},
        {R"({"name":"a","settings":{"x":{"schema":{}}},"properties":{"x":{"kept":"device","schema":{}}}})",
         {"properties.x: is also a setting: a device would report both under one name"}},
        {R"({"name":"a","settings":{"x":{"schema":{}}},"properties":{"x":{"schema":{}}}})", {}},
    };
    for (const Case& one : cases) {
        CAPTURE(one.document);
        CHECK(complaints(one.document) == one.complaints);
    }
}

TEST_CASE("template: all mistakes are named at once") {
    CHECK(
        complaints(R"({"title":1,"settings":{"a":{"schema":{"type":"int","minimum":"x"}},"b":{}},"extra":0})")
            .size() == 6);
}

TEST_CASE("template: texts and sections are bounded") {
    CHECK(complaints(R"({"name":")" + std::string(65, 'a') + R"("})") ==
          Lines{"name: must be 1 to 64 letters, digits, \"-\" and \"_\", the first a letter or digit"});
    CHECK(complaints(R"({"name":"a","title":")" + std::string(201, 'a') + R"("})") ==
          Lines{"title: is longer than 200 bytes"});
    std::string settings;
    for (int i = 0; i < 257; ++i) {
        settings += (settings.empty() ? "" : ",") + ("\"s" + std::to_string(i) + "\":{\"schema\":{}}");
    }
    CHECK(complaints(R"({"name":"a","settings":{)" + settings + "}}") ==
          Lines{"settings: has more than 256 members"});
}
