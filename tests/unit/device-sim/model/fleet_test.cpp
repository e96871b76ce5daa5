#include "device-sim/model/fleet.hpp"

#include "protocol/ids.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

using namespace muster;
using namespace muster::sim;

namespace {

FleetOptions refrigerators(std::size_t devices, Faults faults = {}) {
    FleetOptions options;
    options.devices = devices;
    options.template_name = "refrigerator";
    options.prefix = "fridge-";
    options.tags = {{"site", {"oslo", "bergen", "trondheim"}}, {"floor", {1, 2, 3}}};
    options.faults = faults;
    return options;
}

std::set<std::string> ids_where(const Fleet& fleet, bool DeviceTraits::*trait) {
    std::set<std::string> ids;
    for (const DeviceModel& device : fleet.devices()) {
        if (device.traits().*trait) {
            ids.insert(device.id());
        }
    }
    return ids;
}

}  // namespace

TEST_CASE("SPEC 2.1: ids are as wide as the largest and keep the grammar") {
    const Fleet fleet(refrigerators(200));
    CHECK(fleet.devices().front().id() == "fridge-001");
    CHECK(fleet.devices().back().id() == "fridge-200");
    for (const DeviceModel& device : fleet.devices()) {
        CHECK(DeviceId::parse(device.id()).has_value());
    }
}

TEST_CASE("A device is found by its id, and nothing else is") {
    const Fleet fleet(refrigerators(50));
    CHECK(fleet.find("fridge-07") == 6);
    CHECK(fleet.find("fridge-7") == std::nullopt);
    CHECK(fleet.find("") == std::nullopt);
}

TEST_CASE("Shares are exact, and nobody is both offline and rejecting") {
    Faults faults;
    faults.offline = 6;
    faults.reject = 1.5;
    faults.text_acks = 25;
    const Fleet fleet(refrigerators(200, faults));
    const auto offline = ids_where(fleet, &DeviceTraits::offline);
    const auto rejecting = ids_where(fleet, &DeviceTraits::rejects);
    CHECK(offline.size() == 12);
    CHECK(fleet.online() == 188);
    CHECK(rejecting.size() == 3);
    CHECK(ids_where(fleet, &DeviceTraits::text_acks).size() == 50);
    CHECK(std::none_of(offline.begin(), offline.end(),
                       [&rejecting](const std::string& id) { return rejecting.contains(id); }));

    faults.offline = 100;
    faults.reject = 100;
    const Fleet nobody(refrigerators(10, faults));
    CHECK(nobody.online() == 0);
    CHECK(ids_where(nobody, &DeviceTraits::rejects).empty());
}

TEST_CASE("Who rejects depends on the seed: the same ones in a second run, others with another seed") {
    Faults faults;
    faults.reject = 10;
    FleetOptions options = refrigerators(200, faults);
    const Fleet first(options);
    const Fleet second(options);
    CHECK(ids_where(first, &DeviceTraits::rejects) == ids_where(second, &DeviceTraits::rejects));
    options.seed = 2;
    const Fleet other(options);
    CHECK(ids_where(first, &DeviceTraits::rejects) != ids_where(other, &DeviceTraits::rejects));
}

TEST_CASE("What a device is does not depend on how many others there are") {
    const Fleet small(refrigerators(150));
    const Fleet large(refrigerators(900));
    for (std::size_t index = 99; index < 150; ++index) {
        CHECK(small.devices()[index].id() == large.devices()[index].id());
        CHECK(small.devices()[index].state() == large.devices()[index].state());
        CHECK(small.devices()[index].info().tags == large.devices()[index].info().tags);
    }
}

TEST_CASE("Tags and firmware are spread over the fleet") {
    const Fleet fleet(refrigerators(300));
    std::map<std::string, int> sites;
    std::map<std::string, int> firmware;
    for (const DeviceModel& device : fleet.devices()) {
        const DeviceInfo info = device.info();
        ++sites[std::string(info.tags.at("site").as_string())];
        ++firmware[std::string(device.state().at("firmware").as_string())];
        CHECK(info.tags.at("floor").is_int64());
    }
    CHECK(sites.size() == 3);
    CHECK(firmware.size() == 2);
    for (const auto& [site, count] : sites) {
        CAPTURE(site);
        CHECK(count > 60);
    }
}
