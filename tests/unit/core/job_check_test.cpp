#include "daemon/core/job_check.hpp"

#include "protocol/limits.hpp"
#include "tests/support/engine_world.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace muster::core {
namespace {

namespace json = boost::json;

JobSpec job(JobType type, std::vector<Operation> operations) {
    JobSpec spec;
    spec.name = "a job";
    spec.set = "fridges";
    spec.type = type;
    spec.operations = std::move(operations);
    return spec;
}

JobSpec good() {
    return job(JobType::settings, {{"fanSpeed", 3}});
}

std::vector<ErrorDetail> details_of(const Result<void>& result) {
    if (result) {
        return {};
    }
    CHECK(result.error().code == ErrorCode::invalid);
    return result.error().details;
}

// That there is exactly this one mistake.
void check_mistake(const Result<void>& result, const std::string& field, const std::string& message) {
    CAPTURE(field);
    const auto details = details_of(result);
    REQUIRE(details.size() == 1);
    CHECK(details[0].field == field);
    CHECK(details[0].message == message);
}

Result<void> check(JobType type, std::vector<Operation> operations) {
    return check_operations(job(type, std::move(operations)), *test::fridge_template());
}

}  // namespace

TEST_CASE("A05: a job needs a name, and both name and description have a length") {
    auto spec = good();
    CHECK(check_spec(spec).has_value());
    spec.name = std::string(limits::kJobNameLength, 'n');
    spec.description = std::string(limits::kDescriptionLength, 'd');
    CHECK(check_spec(spec).has_value());
    spec.name += 'n';
    check_mistake(check_spec(spec), "name", "is longer than 200 bytes");
    spec.name = "";
    check_mistake(check_spec(spec), "name", "is empty; a job needs a name");
    spec = good();
    spec.description = std::string(limits::kDescriptionLength + 1, 'd');
    check_mistake(check_spec(spec), "description", "is longer than 4000 bytes");
}

TEST_CASE("A06: a job names a device set, by a name that one can have") {
    auto spec = good();
    for (const std::string wrong : {"", "two words", "-fridges", "fridges/oslo"}) {
        spec.set = wrong;
        check_mistake(check_spec(spec), "set", "is not the name of a device set");
    }
}

TEST_CASE("SPEC 7.2: one to sixteen operations, none named twice but commands") {
    auto spec = job(JobType::commands, {});
    check_mistake(check_spec(spec), "operations", "is empty; a job needs at least one operation");
    spec.operations.assign(limits::kOperationsPerJob, {"beep", json::object{}});
    CHECK(check_spec(spec).has_value());
    spec.operations.push_back({"beep", json::object{}});
    check_mistake(check_spec(spec), "operations", "has 17 entries; at most 16 are allowed");
    for (const auto type : {JobType::settings, JobType::properties}) {
        check_mistake(check_spec(job(type, {{"a", 1}, {"b", 1}, {"a", 2}})), "operations[2].name",
                      "names a a second time");
    }
}

TEST_CASE("SPEC 7.2: a policy has bounds") {
    auto spec = good();
    for (const auto seconds : {std::int64_t{1}, limits::kTimeoutSeconds}) {
        spec.policy.timeout = Seconds{seconds};
        CHECK(check_spec(spec).has_value());
    }
    spec.policy.timeout = Seconds{0};
    check_mistake(check_spec(spec), "policy.timeout_seconds", "is 0; 1 to 2592000 is allowed");
    spec.policy.timeout = Seconds{limits::kTimeoutSeconds + 1};
    check_mistake(check_spec(spec), "policy.timeout_seconds", "is 2592001; 1 to 2592000 is allowed");
    spec = good();
    for (const auto window : {1U, 65'535U}) {
        spec.policy.window = window;
        CHECK(check_spec(spec).has_value());
    }
    for (const auto window : {0U, 65'536U}) {
        spec.policy.window = window;
        check_mistake(check_spec(spec), "policy.window",
                      "is " + std::to_string(window) + "; 1 to 65535 is allowed");
    }
}

TEST_CASE("every mistake of a job is named at once") {
    JobSpec spec;
    spec.policy.timeout = Seconds{0};
    spec.policy.window = 0;
    std::vector<std::string> fields;
    for (const auto& detail : details_of(check_spec(spec))) {
        fields.push_back(detail.field);
    }
    CHECK(fields ==
          std::vector<std::string>{"name", "set", "operations", "policy.timeout_seconds", "policy.window"});
}

TEST_CASE("A09: an operation has to be of the job's type") {
    CHECK(check(JobType::settings, {{"fanSpeed", 3}, {"mode", "eco"}}).has_value());
    CHECK(check(JobType::properties, {{"location", "Oslo"}, {"assetTag", "A7"}}).has_value());
    CHECK(check(JobType::commands, {{"defrost", json::object{{"minutes", 10}}}}).has_value());
    check_mistake(check(JobType::settings, {{"defrost", 3}}), "operations[0].name",
                  "is defrost; the template fridge has no such setting");
    check_mistake(check(JobType::settings, {{"firmware", "2"}}), "operations[0].name",
                  "is firmware; the template fridge has no such setting");
    check_mistake(check(JobType::properties, {{"location", "x"}, {"fanSpeed", 3}}), "operations[1].name",
                  "is fanSpeed; the template fridge has no such property");
    check_mistake(check(JobType::commands, {{"fanSpeed", json::object{}}}), "operations[0].name",
                  "is fanSpeed; the template fridge has no such command");
}

TEST_CASE("A01: a read-only property is refused") {
    check_mistake(check(JobType::properties, {{"serial", "7"}}), "operations[0].name",
                  "is serial; this property is read-only");
}

TEST_CASE("a value has to keep the schema, and the refusal names the field and the rule") {
    check_mistake(check(JobType::settings, {{"fanSpeed", 9}}), "operations[0].value",
                  "is 9; at most 5 is allowed");
    CHECK(details_of(check(JobType::settings, {{"fanSpeed", "3"}}))[0].field == "operations[0].value");
    CHECK(details_of(check(JobType::properties, {{"location", 1}}))[0].field == "operations[0].value");
    CHECK(details_of(check(JobType::commands, {{"defrost", json::object{{"minutes", 99}}}}))[0].field ==
          "operations[0].args.minutes");
    CHECK(details_of(check(JobType::commands, {{"defrost", json::object{{"hours", 1}}}})).size() == 1);
    CHECK(details_of(check(JobType::commands, {{"beep", json::object{{"loud", true}}}})).size() == 1);
    check_mistake(check(JobType::commands, {{"beep", 1}}), "operations[0].args", "must be an object");
    CHECK(details_of(check(JobType::settings, {{"fanSpeed", 9}, {"mode", 1}, {"nothing", 1}})).size() == 3);
}

TEST_CASE("SPEC 1.6: what would be longer than a message may be is refused before it is sent") {
    const json::string half(limits::kOperationBytes / 2, 'x');
    CHECK(check(JobType::settings, {{"mode", json::value(half)}}).has_value());
    const json::string whole(limits::kOperationBytes - 32, 'x');
    check_mistake(check(JobType::settings, {{"mode", json::value(whole)}}), "operations[0].value",
                  "makes the message longer than 8192 bytes");
    check_mistake(
        check(JobType::properties, {{"assetTag", json::value(half)}, {"location", json::value(half)}}),
        "operations[1].value", "makes the message longer than 8192 bytes");
}

TEST_CASE("capabilities are looked at without the values") {
    const auto fridge = test::fridge_template();
    CHECK(has_capabilities(*fridge, job(JobType::settings, {{"fanSpeed", 99}})));
    CHECK_FALSE(has_capabilities(*fridge, job(JobType::settings, {{"fanSpeed", 1}, {"gone", 1}})));
    CHECK(has_capabilities(*fridge, job(JobType::properties, {{"assetTag", 1}})));
    CHECK_FALSE(has_capabilities(*fridge, job(JobType::properties, {{"serial", 1}})));
    CHECK_FALSE(has_capabilities(*fridge, job(JobType::properties, {{"gone", 1}})));
    CHECK(has_capabilities(*fridge, job(JobType::commands, {{"beep", {}}})));
    CHECK_FALSE(has_capabilities(*fridge, job(JobType::commands, {{"gone", {}}})));
}

namespace {

JobRun prepared(JobSpec spec) {
    JobRun run;
    run.job = std::make_shared<Job>();
    run.job->spec = std::move(spec);
    run.device_template = test::fridge_template();
    prepare_messages(run, EngineOptions{});
    return run;
}

}  // namespace

TEST_CASE("settings and properties go in one message, those kept by the gateway in none") {
    const auto settings = prepared(job(JobType::settings, {{"fanSpeed", 3}, {"mode", "eco"}}));
    REQUIRE(settings.frames.size() == 1);
    CHECK(settings.frames[0].payload("i", std::nullopt) == R"({"id":"i","set":{"fanSpeed":3,"mode":"eco"}})");
    CHECK(settings.timeouts == std::vector<Milliseconds>{Seconds{24 * 3600}});
    CHECK(settings.offline == OfflineRule::wait);

    const auto properties = prepared(job(JobType::properties, {{"location", "Oslo"}, {"assetTag", "A7"}}));
    REQUIRE(properties.frames.size() == 1);
    CHECK(properties.frames[0].payload("i", std::nullopt) == R"({"id":"i","write":{"assetTag":"A7"}})");
    CHECK(properties.gateway_values == json::object{{"location", "Oslo"}});

    const auto of_gateway = prepared(job(JobType::properties, {{"location", "Oslo"}}));
    CHECK(of_gateway.frames.empty());
    CHECK(of_gateway.deadlines.empty());
}

TEST_CASE("each command is a message of its own, with its own deadline") {
    auto spec =
        job(JobType::commands, {{"defrost", json::object{{"minutes", 10}}}, {"beep", json::object{}}});
    const auto run = prepared(spec);
    REQUIRE(run.frames.size() == 2);
    CHECK(run.frames[0].payload("i", 7) == R"({"id":"i","call":"defrost","args":{"minutes":10},"exp":7})");
    CHECK(run.frames[1].payload("i", std::nullopt) == R"({"id":"i","call":"beep"})");
    CHECK(run.timeouts == std::vector<Milliseconds>{Seconds{60}, Seconds{30}});
    CHECK(run.deadlines.size() == 2);
    CHECK(run.offline == OfflineRule::fail);

    spec.policy.timeout = Seconds{5};
    spec.policy.offline = OfflineRule::wait;
    const auto by_policy = prepared(spec);
    CHECK(by_policy.timeouts == std::vector<Milliseconds>{Seconds{5}, Seconds{5}});
    CHECK(by_policy.offline == OfflineRule::wait);
}

}  // namespace muster::core
