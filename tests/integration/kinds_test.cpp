// The kinds of job and of misbehaviour that main_job_test does not have.
#include "tests/integration/fleet.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

namespace muster::test {
namespace {

namespace json = boost::json;

json::object commands_job(json::array operations) {
    return {{"name", "Commands"},
            {"set", "refrigerators"},
            {"type", "commands"},
            {"operations", std::move(operations)}};
}

TEST_CASE("A01, A10: a sequence of commands, one after the other on each device") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, 10);
    Observer commands(gateway.broker().url(), "muster/v1/dev/+/cmd");
    const auto job = run_job(
        gateway, commands_job({{{"name", "defrost"}, {"args", {{"minutes", 10}}}}, {{"name", "reboot"}}}));
    gateway.await_job(job, "Completed");
    std::map<std::string, std::vector<std::string>> called;
    for (const auto& message : commands.messages()) {
        called[message.topic].push_back(text(parse(message.payload), "/call"));
    }
    CHECK(called.size() == 10);
    for (const auto& [topic, names] : called) {
        CAPTURE(topic);
        CHECK(names == std::vector<std::string>{"defrost", "reboot"});
    }
}

TEST_CASE("the first command that fails ends the sequence, and is named") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, 3, {"--reject", "100"});
    const auto job = run_job(
        gateway, commands_job({{{"name", "defrost"}, {"args", {{"minutes", 10}}}}, {{"name", "reboot"}}}));
    gateway.await_job(job, "Failed");
    for (const auto& execution : gateway.list("job/devices", {{"job", job}})) {
        CHECK(text(execution, "/message").find("defrost") != std::string::npos);
    }
    CHECK(number(simulator.stop(), "/totals/received") == 3);
}

TEST_CASE("commands to a device that is offline fail at once, unless told to wait") {
    Gateway gateway;
    put_fleet(gateway);
    put_silent_device(gateway, "fridge-1");
    const auto job = run_job(gateway, commands_job({{{"name", "reboot"}}}));
    gateway.await_job(job, "Failed");
    CHECK(count_executions(gateway, job)["offline"] == 1);
}

TEST_CASE("A01: a property kept by the gateway is set on devices that are offline") {
    Gateway gateway;
    put_fleet(gateway);
    put_silent_device(gateway, "fridge-1");
    put_silent_device(gateway, "fridge-2");
    Observer messages(gateway.broker().url(), "muster/v1/dev/+/cmd");
    const auto job =
        run_job(gateway, {{"name", "Move"},
                          {"set", "refrigerators"},
                          {"type", "properties"},
                          {"operations", json::array{{{"name", "location"}, {"value", "Lobby"}}}}});
    gateway.await_job(job, "Completed");
    for (const auto& device : gateway.list("device/list")) {
        CHECK(text(device, "/properties/location") == "Lobby");
    }
    CHECK(messages.messages().empty());
}

TEST_CASE("A01: a property kept by the device is written there; a read-only one is refused") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, 2);
    json::object specification{{"name", "Tag"},
                               {"set", "refrigerators"},
                               {"type", "properties"},
                               {"operations", json::array{{{"name", "assetTag"}, {"value", "A7"}}}}};
    Observer messages(gateway.broker().url(), "muster/v1/dev/+/cmd");
    const auto job = run_job(gateway, specification);
    gateway.await_job(job, "Completed");
    for (const auto& message : messages.messages()) {
        CHECK(text(parse(message.payload), "/write/assetTag") == "A7");
    }
    specification["operations"] = json::array{{{"name", "serial"}, {"value", "1"}}};
    const auto reply = gateway.ask("job/save", specification);
    CHECK(!member(reply, "/ok").as_bool());
    CHECK(json::serialize(reply).find("serial") != std::string::npos);
}

TEST_CASE("A38, B05, B07: failures are folded by reason and message") {
    Gateway gateway;
    put_fleet(gateway);
    put_silent_device(gateway, "fridge-silent");
    Simulator simulator(gateway, 20, {"--reject", "20"});
    const auto job = run_job(gateway, fan_speed_job(3, {{"offline", "fail"}}));
    const auto ended = gateway.await_job(job, "Failed");
    std::map<std::string, std::int64_t> counts;
    for (const auto& outcome : member(ended, "/outcomes").as_array()) {
        if (text(outcome, "/status") == "Failed") {
            CHECK(!text(outcome, "/message").empty());
            counts[text(outcome, "/reason")] += number(outcome, "/count");
        }
    }
    CHECK(counts == std::map<std::string, std::int64_t>{{"offline", 1}, {"rejected", 4}});
    CHECK(gateway.list("job/devices", {{"job", job}, {"status", "Failed"}, {"reason", "rejected"}}).size() ==
          4);
}

TEST_CASE("B04: devices that never answer fail by the deadline") {
    Gateway gateway({.overrides = {"jobs.resend_first_seconds=1"}});
    put_fleet(gateway);
    Simulator simulator(gateway, 5, {"--drop", "100"});
    const auto job = run_job(gateway, fan_speed_job(3, {{"timeout_seconds", 4}}));
    gateway.await_job(job, "Failed");
    CHECK(count_executions(gateway, job)["timeout"] == 5);
    for (const auto& execution : gateway.list("job/devices", {{"job", job}})) {
        CHECK(number(execution, "/attempts") >= 2);
    }
}

TEST_CASE("B13: devices that ask to wait are asked again") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, 20, {"--not-now", "50"});
    const auto job = run_job(gateway, fan_speed_job(3, {{"timeout_seconds", 60}}));
    gateway.await_job(job, "Completed");
    CHECK(number(simulator.stop(), "/totals/not_now") > 0);
}

TEST_CASE("promise 2: answers that are lost, doubled and late, and devices that come and go") {
    Gateway gateway({.overrides = {"jobs.resend_first_seconds=1"}});
    put_fleet(gateway);
    Simulator simulator(gateway, 50,
                        {"--drop", "20", "--duplicate", "20", "--delay", "1..300", "--churn", "1..3"});
    const auto job = run_job(gateway, fan_speed_job(3));
    gateway.await_job(job, "Completed");
    check_tally(gateway, job);
    const auto statistics = simulator.stop();
    CHECK(number(statistics, "/executed_more_than_once") == 0);
    CHECK(number(statistics, "/totals/executed") == 50);
}

}  // namespace
}  // namespace muster::test
