#include "tests/integration/fleet.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <array>

namespace muster::test {
namespace {

namespace json = boost::json;

constexpr std::string_view kTemplate = R"({
    "name": "refrigerator", "title": "Refrigerated vending machine",
    "settings": {
        "fanSpeed": {"schema": {"type": "integer", "minimum": 0, "maximum": 5}},
        "light": {"schema": {"type": "boolean"}},
        "targetTemperature": {"schema": {"type": "number", "minimum": -30, "maximum": 20}}},
    "properties": {
        "location": {"kept": "gateway", "schema": {"type": "string"}},
        "assetTag": {"kept": "device", "schema": {"type": "string"}},
        "serial": {"readOnly": true, "schema": {"type": "string"}}},
    "reported": {"firmware": {"schema": {"type": "string"}}, "temperature": {"schema": {"type": "number"}}},
    "commands": {
        "defrost": {"timeout_seconds": 20, "args": {"type": "object",
                    "properties": {"minutes": {"type": "integer", "minimum": 1, "maximum": 60}},
                    "additionalProperties": false}},
        "reboot": {"timeout_seconds": 20}}
})";

constexpr std::array<std::string_view, 7> kReasons{"rejected", "device_error", "timeout",  "offline",
                                                   "deleted",  "unsupported",  "uncertain"};

}  // namespace

void put_fleet(Gateway& gateway) {
    gateway.request("template/put", {{"document", parse(kTemplate)}});
    gateway.request("set/put", {{"set", "refrigerators"}, {"template", "refrigerator"}, {"query", ""}});
}

json::object fan_speed_job(int speed, json::object policy) {
    json::object specification{{"name", "Fan speed " + std::to_string(speed)},
                               {"set", "refrigerators"},
                               {"type", "settings"},
                               {"operations", json::array{{{"name", "fanSpeed"}, {"value", speed}}}}};
    if (!policy.empty()) {
        specification["policy"] = std::move(policy);
    }
    return specification;
}

std::int64_t run_job(Gateway& gateway, json::object specification) {
    specification["run"] = true;
    return number(gateway.request("job/save", specification), "/job");
}

void put_silent_device(Gateway& gateway, const std::string& device) {
    gateway.request("device/put", {{"device", device}, {"template", "refrigerator"}});
}

std::string device_of(const std::string& topic) {
    const auto begin = std::string_view("muster/v1/dev/").size();
    return topic.substr(begin, topic.rfind('/') - begin);
}

void check_tally(Gateway& gateway, std::int64_t job) {
    const auto tally = member(gateway.job(job), "/tally");
    auto counts = count_executions(gateway, job);
    CHECK(number(tally, "/selected") ==
          number(tally, "/succeeded") + number(tally, "/failed") + number(tally, "/pending"));
    CHECK(number(tally, "/succeeded") == counts["Completed"]);
    CHECK(number(tally, "/failed") == counts["Failed"]);
    CHECK(number(tally, "/pending") == counts["Pending"]);
}

std::map<std::string, int> count_executions(Gateway& gateway, std::int64_t job) {
    std::map<std::string, int> counts;
    for (const auto& execution : gateway.list("job/devices", {{"job", job}})) {
        const auto status = text(execution, "/status");
        ++counts[status];
        if (status == "Failed") {
            const auto reason = text(execution, "/reason");
            CHECK_MESSAGE(std::ranges::find(kReasons, reason) != kReasons.end(), json::serialize(execution));
            CHECK_MESSAGE(!text(execution, "/message").empty(), json::serialize(execution));
            ++counts[reason];
        } else {
            CHECK_MESSAGE(member(execution, "/reason").is_null(), json::serialize(execution));
        }
        if (status == "Pending") {
            CHECK_MESSAGE(!text(execution, "/detail").empty(), json::serialize(execution));
        }
    }
    return counts;
}

}  // namespace muster::test
