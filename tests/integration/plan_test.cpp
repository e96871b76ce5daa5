// What was planned is what is published.
#include "tests/integration/fleet.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <map>

namespace muster::test {
namespace {

namespace json = boost::json;

// Device and effect, of a whole plan.
std::map<std::string, std::string> effects_of(const std::vector<json::value>& items) {
    std::map<std::string, std::string> effects;
    for (const auto& item : items) {
        effects[text(item, "/device")] = text(item, "/effect");
    }
    return effects;
}

// One device that reports fan speed 1, one 3, one nothing, one that is offline.
void put_four_devices(Gateway& gateway) {
    for (const char* const device : {"fridge-1", "fridge-3", "fridge-unknown"}) {
        const std::string base = std::string("muster/v1/dev/") + device;
        gateway.publish(base + "/info", R"({"proto":1,"template":"refrigerator","remembers":8})", true);
        gateway.publish(base + "/status", "online", true);
    }
    gateway.publish("muster/v1/dev/fridge-1/state", R"({"fanSpeed":1})", true);
    gateway.publish("muster/v1/dev/fridge-3/state", R"({"fanSpeed":3})", true);
    put_silent_device(gateway, "fridge-offline");
    const auto all_there = [&] {
        const auto status = gateway.request("status");
        const auto device = json::serialize(gateway.ask("device/get", {{"device", "fridge-3"}}));
        return number(status, "/devices/online") == 3 && device.find("fanSpeed") != std::string::npos;
    };
    REQUIRE(eventually(all_there));
}

TEST_CASE("B06: a plan tells what a run would do to each device, and publishes nothing") {
    Gateway gateway;
    put_fleet(gateway);
    put_four_devices(gateway);
    Observer messages(gateway.broker().url(), "muster/v1/dev/+/cmd");

    const auto plan = gateway.request("job/plan", fan_speed_job(3));
    const auto effects = effects_of(gateway.list("job/plan", fan_speed_job(3)));
    CHECK(effects == std::map<std::string, std::string>{{"fridge-1", "change"},
                                                        {"fridge-3", "equal"},
                                                        {"fridge-offline", "offline"},
                                                        {"fridge-unknown", "unknown"}});
    CHECK(number(plan, "/messages") == 4);
    for (const auto& item : member(plan, "/items").as_array()) {
        if (text(item, "/device") == "fridge-1") {
            CHECK(text(item, "/changes/0/name") == "fanSpeed");
            CHECK(number(item, "/changes/0/old") == 1);
            CHECK(number(item, "/changes/0/new") == 3);
        }
    }
    CHECK(messages.messages().empty());
    CHECK(gateway.list("job/list").empty());

    auto run = fan_speed_job(3);
    run["digest"] = text(plan, "/digest");
    const auto job = run_job(gateway, run);
    const auto sent_to = [&] {
        std::map<std::string, std::string> sent;
        for (const auto& message : messages.messages()) {
            sent[message.topic] = json::serialize(member(parse(message.payload), "/set"));
        }
        return sent;
    };
    CHECK(eventually([&] { return sent_to().size() == 3; }));
    CHECK(sent_to() ==
          std::map<std::string, std::string>{{"muster/v1/dev/fridge-1/cmd", R"({"fanSpeed":3})"},
                                             {"muster/v1/dev/fridge-3/cmd", R"({"fanSpeed":3})"},
                                             {"muster/v1/dev/fridge-unknown/cmd", R"({"fanSpeed":3})"}});
    CHECK(text(gateway.job(job), "/status") == "Running");
}

TEST_CASE(
    "B11: a run with the digest of a plan is refused when the fleet has changed, and names the device") {
    Gateway gateway;
    put_fleet(gateway);
    put_four_devices(gateway);
    auto specification = fan_speed_job(3);
    const auto digest = text(gateway.request("job/plan", specification), "/digest");
    CHECK(text(gateway.request("job/plan", specification), "/digest") == digest);
    put_silent_device(gateway, "fridge-late");

    specification["run"] = true;
    specification["digest"] = digest;
    const auto reply = gateway.ask("job/save", specification);
    CHECK(!member(reply, "/ok").as_bool());
    CHECK(text(reply, "/error/code") == "conflict");
    CHECK_MESSAGE(json::serialize(reply).find("fridge-late") != std::string::npos, json::serialize(reply));
    CHECK(gateway.list("job/list").empty());

    specification["digest"] = text(gateway.request("job/plan", fan_speed_job(3)), "/digest");
    CHECK(number(gateway.request("job/save", specification), "/tally/selected") == 5);
}

TEST_CASE("A12: a job runs on the chosen devices, and on no other") {
    Gateway gateway;
    put_fleet(gateway);
    put_four_devices(gateway);
    Observer messages(gateway.broker().url(), "muster/v1/dev/+/cmd");
    auto some = fan_speed_job(2);
    some["selection"] = {{"devices", json::array{"fridge-1", "fridge-offline"}}};
    CHECK(number(gateway.job(run_job(gateway, some)), "/tally/selected") == 2);
    auto all_but = fan_speed_job(2);
    all_but["selection"] = {{"all", true}, {"except", json::array{"fridge-1", "fridge-offline"}}};
    CHECK(number(gateway.job(run_job(gateway, all_but)), "/tally/selected") == 2);
    CHECK(eventually([&] { return messages.messages().size() >= 3; }));

    auto unknown = fan_speed_job(2);
    unknown["selection"] = {{"devices", json::array{"fridge-1", "fridge-nowhere"}}};
    const auto reply = gateway.ask("job/save", unknown);
    CHECK(!member(reply, "/ok").as_bool());
    CHECK(json::serialize(reply).find("fridge-nowhere") != std::string::npos);
}

}  // namespace
}  // namespace muster::test
