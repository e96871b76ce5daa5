#include "daemon/core/planner.hpp"

#include "protocol/codec.hpp"
#include "tests/support/engine_world.hpp"

#include <boost/json/object.hpp>
#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace muster::core {
namespace {

using boost::json::value;

std::vector<value> some_values() {
    return {nullptr,
            3,
            3U,
            -3,
            3.0,
            2.5,
            0.0,
            -0.0,
            true,
            "",
            "3",
            "a \"quoted\" {text},",
            boost::json::array{1, boost::json::array{2}},
            boost::json::object{{"a", 1}, {"b", "x"}},
            boost::json::object{{"b", "x"}, {"a", 1}}};
}

// Every pair of what the device reports and what it was asked for; each device twice, as in a fleet
// whose devices share their values.
std::vector<Device> some_devices() {
    std::vector<Device> devices;
    for (const auto& reported : some_values()) {
        for (const auto& recorded : some_values()) {
            Device device;
            device.online = devices.size() % 6 < 4;
            device.reported = Values({{"before", "{"}, {"mode", reported}, {"other", 1}});
            device.settings = Values({{"mode", recorded}});
            for (int copy = 0; copy < 2; ++copy) {
                device.id = test::device_id(devices.size() + 1);
                devices.push_back(device);
            }
        }
    }
    return devices;
}

JobSpec job_of(const value& wanted) {
    auto spec = test::settings_job("s");
    spec.operations = {{"mode", wanted}, {"fanSpeed", 3}};
    return spec;
}

StoredTemplate any_template() {
    return {test::template_of(
                R"({"name": "fridge", "settings": {"mode": {"schema": {}}, "fanSpeed": {"schema": {}}}})"),
            7,
            false,
            {}};
}

std::shared_ptr<const Plan> plan_of(const JobSpec& spec, const std::vector<Device>& devices) {
    Planner planner(spec, any_template());
    auto effort = Effort::boundless();
    for (const auto& device : devices) {
        planner.add(device, effort);
    }
    return planner.finish();
}

// As the first version made it: a digest that was printed before an update means the same after it.
std::string digest_of(const JobSpec& spec, const std::vector<Device>& devices) {
    Digest digest;
    std::string operations = "settings";
    for (const auto& operation : spec.operations) {
        operations += '\n' + operation.name + '=' + format_json(operation.value);
    }
    digest.add(operations);
    digest.add("default 0");
    digest.add("fridge");
    digest.add("7");
    for (const auto& device : devices) {
        auto text =
            device.id.text() + '\n' + std::string(to_string(effect_on(spec, *any_template().body, device)));
        for (const auto& old : old_values(spec, device)) {
            text += '\n' + format_json(old);
        }
        digest.add(std::to_string(hash64(text)));
    }
    return digest.hex();
}

}  // namespace

TEST_CASE("B06 B11: what the planner says of a device follows from its old values, and so does the digest") {
    const auto devices = some_devices();
    for (const auto& wanted : some_values()) {
        CAPTURE(format_json(wanted));
        const auto spec = job_of(wanted);
        const auto plan = plan_of(spec, devices);
        REQUIRE(plan->devices.size() == devices.size());
        for (std::size_t i = 0; i < devices.size(); ++i) {
            CAPTURE(devices[i].reported.text());
            CAPTURE(devices[i].settings.text());
            CHECK(plan->devices[i].device == devices[i].id.text());
            CHECK(plan->devices[i].effect == effect_on(spec, *any_template().body, devices[i]));
        }
        CHECK(plan->digest == digest_of(spec, devices));
    }
}

TEST_CASE("a device with values that were not seen since devices changed last costs more of the effort") {
    Planner planner(test::settings_job("s"), any_template());
    Device device;
    device.id = test::device_id(1);
    device.reported = Values({{"fanSpeed", 3}, {"text", std::string(10'000, 'x')}});
    Effort first(20'000);
    planner.add(device, first);
    CHECK(first.spent());
    Effort second(20'000);
    planner.add(device, second);
    CHECK_FALSE(second.spent());
    planner.devices_may_have_changed();  // another text may be in the same place
    Effort third(20'000);
    planner.add(device, third);
    CHECK(third.spent());
}

TEST_CASE("a plan's devices are kept in blocks, with their ids as they are") {
    PlannedDevices devices;
    constexpr std::size_t kMany = 5'000;
    for (std::size_t number = 0; number < kMany; ++number) {
        const auto id = std::string(number % 64 + 1, 'a') + std::to_string(number);
        devices.add({id, static_cast<PlanEffect>(number % kPlanEffects), number * number});
    }
    REQUIRE(devices.size() == kMany);
    for (std::size_t number = 0; number < kMany; ++number) {
        const auto device = devices[number];
        CHECK(device.device == std::string(number % 64 + 1, 'a') + std::to_string(number));
        CHECK(device.effect == static_cast<PlanEffect>(number % kPlanEffects));
        CHECK(device.hash == number * number);
    }
}

TEST_CASE("B11: the differences of two plans name each device once, in order of id") {
    auto devices = some_devices();
    devices.resize(6);
    const auto spec = job_of(3);
    const auto reviewed = plan_of(spec, devices);
    auto now = devices;
    now.erase(now.begin() + 1);
    now[0].online = !now[0].online;
    now.back().settings = Values({{"mode", "another"}});
    now.push_back(now.back());
    now.back().id = test::device_id(99);
    std::swap(now.front(), now.back());
    const auto found = differences(*reviewed, *plan_of(spec, now), 3);
    CHECK(found.count == 4);
    REQUIRE(found.details.size() == 3);
    CHECK(found.details[0].field == "d00001");
    CHECK(found.details[1] == ErrorDetail{"d00002", "is no longer selected"});
    CHECK(found.details[2] == ErrorDetail{"d00006", "has another value now than when it was planned"});
    std::swap(devices[0], devices[1]);
    const auto order = differences(*reviewed, *plan_of(spec, devices), 3);
    CHECK(order.details == std::vector<ErrorDetail>{{"selection", "is in another order"}});
}

}  // namespace muster::core
