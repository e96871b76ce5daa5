#include "daemon/api/job_spec.hpp"

#include "protocol/codec.hpp"
#include "tests/unit/api/api_caller.hpp"

#include <doctest/doctest.h>

#include <string>

namespace muster::api {
namespace {

using Lines = std::vector<std::string>;

core::JobSpec read(std::string_view text) {
    const auto body = test::object_of(text);
    Fields fields(body);
    auto spec = read_job_spec(fields);
    REQUIRE(fields.finish().has_value());
    return spec;
}

Lines mistakes(std::string_view text) {
    const auto body = test::object_of(text);
    Fields fields(body);
    static_cast<void>(read_job_spec(fields));
    const auto checked = fields.finish();
    return checked ? Lines{} : test::details(checked.error());
}

constexpr const char* kSpecs[] = {
    R"({"name":"Fan speed 3","description":"","set":"fridges","selection":{"all":true},"type":"settings",
        "operations":[{"name":"fanSpeed","value":3}],"policy":{}})",
    R"({"name":"n","description":"d","set":"s","selection":{"all":true,"except":["a","b"]},"type":"properties",
        "operations":[{"name":"x","value":null},{"name":"y","value":{"z":[1,2.5]}}],
        "policy":{"timeout_seconds":86400,"offline":"fail","window":100}})",
    R"({"name":"n","description":"d","set":"s","selection":{"devices":["a"]},"type":"commands",
        "operations":[{"name":"defrost","args":{"minutes":10}},{"name":"defrost","args":{}}],
        "policy":{"offline":"wait"}})",
};

// A right specification with one member replaced.
std::string with(std::string_view member, std::string_view value) {
    auto body = test::object_of(kSpecs[0]);
    body[member] = parse_json(value, 1'000, 8).value();
    return format_json(body);
}

}  // namespace

TEST_CASE("SPEC 7.2: a specification that is written reads back as it was") {
    for (const auto* text : kSpecs) {
        boost::json::object written;
        write_job_spec(read(text), written);
        CHECK(format_json(written) == format_json(test::object_of(text)));
    }
}

TEST_CASE("SPEC 7.2: what may be left out, and what it then is") {
    const auto spec = read(R"({"name":"n","set":"s","type":"commands","operations":[{"name":"beep"}]})");
    CHECK(spec.description.empty());
    CHECK(spec.selection == core::Selection{});
    CHECK(spec.policy == core::Policy{});
    CHECK(spec.operations == std::vector<core::Operation>{{"beep", boost::json::object{}}});
}

TEST_CASE("SPEC 7.2: what is required is named when it is missing, all at once") {
    CHECK(mistakes("{}") ==
          Lines{"name: is missing", "set: is missing", "type: is missing", "operations: is missing"});
}

TEST_CASE("A10: the types are settings, properties and commands, and there is no other") {
    CHECK(read(kSpecs[0]).type == core::JobType::settings);
    CHECK(read(kSpecs[1]).type == core::JobType::properties);
    CHECK(read(kSpecs[2]).type == core::JobType::commands);
    for (const std::string type : {"Settings", "setting", "command", "firmware"}) {
        CHECK(mistakes(with("type", '"' + type + '"')) ==
              Lines{"type: is " + type + "; settings, properties and commands are allowed"});
    }
}

TEST_CASE("SPEC 7.2: a job holds several operations, each with its own members") {
    CHECK(mistakes(with("operations", R"([{"name":"a","value":1},{"name":"b"}])")) ==
          Lines{"operations[1].value: is missing"});
    CHECK(mistakes(with("operations", R"([{"value":1}])")) == Lines{"operations[0].name: is missing"});
    CHECK(mistakes(with("operations", R"([7])")) == Lines{"operations[0]: must be an object"});
    CHECK(mistakes(with("operations", "{}")) == Lines{"operations: must be a list"});
    CHECK(mistakes(with("operations", R"([{"name":"a","value":1,"args":{}}])")) ==
          Lines{"operations[0].args: is not known here"});
    auto commands = test::object_of(kSpecs[2]);
    commands["operations"] = boost::json::array{boost::json::object{{"name", "a"}, {"args", 1}}};
    CHECK(mistakes(format_json(commands)) == Lines{"operations[0].args: must be an object"});
}

TEST_CASE("A12: a selection is all devices but some, or a list") {
    CHECK(read(with("selection", R"({"except":["a"]})")).selection ==
          core::Selection{true, {DeviceId::parse("a").value()}});
    CHECK(read(with("selection", R"({"all":false,"devices":["a"]})")).selection ==
          core::Selection{false, {DeviceId::parse("a").value()}});
    CHECK(mistakes(with("selection", R"({"all":true,"devices":["a"]})")).at(0) ==
          "selection.devices: cannot be given with all; all takes except");
    CHECK(mistakes(with("selection", R"({"devices":["a"],"except":["b"]})")).at(0) ==
          "selection.except: is for all; a list of devices has no exceptions");
    CHECK(mistakes(with("selection", R"({"all":false})")) == Lines{"selection.devices: is missing"});
    CHECK(mistakes(with("selection", R"({"all":true,"exept":["a"]})")) ==
          Lines{"selection.exept: is not known here"});
    CHECK(mistakes(with("selection", R"({"devices":["a b"]})")).size() == 1);
    CHECK(mistakes(with("selection", R"(["a"])")) == Lines{"selection: must be an object"});
}

TEST_CASE("SPEC 7.2: a policy has bounds, and known members alone") {
    CHECK(mistakes(with("policy", R"({"timeout_seconds":0})")) ==
          Lines{"policy.timeout_seconds: is 0; 1 to 2592000 is allowed"});
    CHECK(mistakes(with("policy", R"({"window":65536})")) ==
          Lines{"policy.window: is 65536; 1 to 65535 is allowed"});
    CHECK(mistakes(with("policy", R"({"offline":"later"})")) ==
          Lines{"policy.offline: is later; wait and fail are allowed"});
    CHECK(mistakes(with("policy", R"({"retries":3})")) == Lines{"policy.retries: is not known here"});
}

}  // namespace muster::api
