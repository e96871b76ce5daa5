#include "daemon/cli/job_specification.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <map>

using namespace muster::cli;

namespace {

Arguments given(const std::map<std::string, std::vector<std::string>>& options) {
    Arguments arguments;
    for (const auto& [name, values] : options) {
        arguments.set(name, values);
    }
    return arguments;
}

std::string made(const std::map<std::string, std::vector<std::string>>& options) {
    const auto specification = new_specification(given(options));
    return specification ? boost::json::serialize(*specification) : specification.error().error.message;
}

}  // namespace

TEST_CASE("A15: the fan speed of all refrigerators") {
    CHECK(made({{"set", {"refrigerators"}}, {"settings", {"fanSpeed=3", "light=eco"}}, {"name", {"Fan"}}}) ==
          R"({"name":"Fan","set":"refrigerators","type":"settings",)"
          R"("operations":[{"name":"fanSpeed","value":3},{"name":"light","value":"eco"}]})");
}

TEST_CASE("SPEC 7.2: commands in the order given, each with its arguments") {
    CHECK(made({{"set", {"s"}}, {"command", {"defrost", "minutes=10", "reboot"}}, {"name", {"n"}}}) ==
          R"({"name":"n","set":"s","type":"commands",)"
          R"("operations":[{"name":"defrost","args":{"minutes":10}},{"name":"reboot","args":{}}]})");
    CHECK(made({{"set", {"s"}}, {"command", {"minutes=10"}}}).find("name comes first") != std::string::npos);
    CHECK(made({{"set", {"s"}}, {"command", {"a", "x=1", "x=2"}}}).find("twice") != std::string::npos);
}

TEST_CASE("SPEC 7.2: selection and policy") {
    CHECK(made({{"set", {"s"}}, {"properties", {"a=1"}}, {"name", {"n"}}, {"devices", {"d1,d2", "d3"}}}) ==
          R"({"name":"n","set":"s","type":"properties","operations":[{"name":"a","value":1}],)"
          R"("selection":{"devices":["d1","d2","d3"]}})");
    CHECK(made({{"set", {"s"}},
                {"settings", {"a=1"}},
                {"name", {"n"}},
                {"except", {"d1"}},
                {"timeout", {"1h"}},
                {"offline", {"fail"}},
                {"window", {"10"}}})
              .ends_with(R"("selection":{"all":true,"except":["d1"]},)"
                         R"("policy":{"timeout_seconds":3600,"offline":"fail","window":10}})"));
}

TEST_CASE("a job without a name is named after what it does") {
    CHECK(made({{"set", {"s"}}, {"command", {"defrost", "minutes=10", "reboot"}}})
              .find(R"("name":"defrost(minutes=10) reboot")") != std::string::npos);
}

TEST_CASE("slips are refused before anything is sent") {
    const std::vector<std::map<std::string, std::vector<std::string>>> wrong{
        {},
        {{"set", {"s"}}},
        {{"settings", {"a=1"}}},
        {{"set", {"s"}}, {"settings", {"a"}}},
        {{"set", {"s"}}, {"settings", {"a=1"}}, {"command", {"b"}}},
        {{"set", {"s"}}, {"settings", {"a=1"}}, {"devices", {"d"}}, {"except", {"e"}}},
        {{"set", {"s"}}, {"settings", {"a=1"}}, {"devices", {"d/e"}}},
        {{"set", {"s"}}, {"settings", {"a=1"}}, {"offline", {"maybe"}}},
        {{"set", {"s"}}, {"settings", {"a=1"}}, {"window", {"0"}}},
        {{"set", {"s"}}, {"settings", {"a=1"}}, {"timeout", {"0"}}},
    };
    for (const auto& options : wrong) {
        const auto failed = new_specification(given(options));
        REQUIRE_FALSE(failed.has_value());
        CHECK(failed.error().exit == ExitCode::usage_or_connection);
    }
}

TEST_CASE("an edit changes what is given and keeps the rest") {
    const auto job = boost::json::parse(
                         R"({"job":42,"revision":3,"status":"Pending","name":"n","description":"d","set":"s",
                             "selection":{"devices":["d1"]},"type":"settings",
                             "operations":[{"name":"a","value":1}],
                             "policy":{"timeout_seconds":60,"offline":"wait"},"tally":{}})")
                         .as_object();
    const auto edited = edited_specification(job, given({{"offline", {"fail"}}, {"all-devices", {"true"}}}));
    REQUIRE(edited.has_value());
    CHECK(boost::json::serialize(*edited) ==
          R"({"name":"n","description":"d","set":"s","selection":{"all":true},"type":"settings",)"
          R"("operations":[{"name":"a","value":1}],"policy":{"timeout_seconds":60,"offline":"fail"}})");
    const auto retyped = edited_specification(job, given({{"command", {"reboot"}}}));
    CHECK(retyped.value().at("type") == "commands");
}
