// What a device costs in memory: by count of the bytes allocated, so the same on
// every run. The daemon may take 400 for a device in a running job, with the
// execution's 64 and its deadline's 16 and whatever else it needs.
#include "daemon/core/matches.hpp"
#include "daemon/core/registry.hpp"
#include "tests/simulation/live_bytes.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <deque>
#include <string>
#include <utility>

namespace muster::core {
namespace {

constexpr std::size_t kDevices = 100'000;

enum class Fleet { alike, all_different };

// Like those of muster-sim.
Device device(std::size_t number, Fleet fleet) {
    const auto varied = fleet == Fleet::alike ? number % 8 : number;
    Device made;
    made.id = DeviceId::parse(fmt::format("sim-{:07}", number)).value();
    made.template_name = "refrigerator";
    made.tags = Values::from_text(
        fmt::format(R"({{"floor":{},"site":"{}"}})", 1 + varied % 4, varied % 2 == 0 ? "oslo" : "bergen"));
    made.settings = Values::from_text(R"({"fanSpeed":3})");
    made.reported = Values::from_text(
        fmt::format(R"({{"doorOpen":false,"fanSpeed":3,"firmware":"1.{}.0","mode":"eco","temperature":{}}})",
                    varied % 10, varied));
    made.remembers = 8;
    made.online = true;
    made.presence_since = TimePoint{Seconds{1'700'000'000 + number % 300}};
    return made;
}

double bytes_per_device(const Registry& registry, std::int64_t before) {
    return static_cast<double>(simulation::live_bytes() - before) / static_cast<double>(registry.size());
}

double bytes_when_added(Fleet fleet) {
    const auto before = simulation::live_bytes();
    Registry registry;
    for (std::size_t i = 0; i < kDevices; ++i) {
        registry.add(device(i * 7'919 % kDevices, fleet));  // in no order
    }
    return bytes_per_device(registry, before);
}

double bytes_when_loaded(Fleet fleet) {
    const auto before = simulation::live_bytes();
    std::deque<Device> devices;
    for (std::size_t i = 0; i < kDevices; ++i) {
        devices.push_back(device(i, fleet));
    }
    Registry registry;
    registry.load(std::move(devices));
    return bytes_per_device(registry, before);
}

bool counted() {
    const auto before = simulation::live_bytes();
    const std::string text(1'000, ' ');
    if (simulation::live_bytes() != before) {
        return true;
    }
    MESSAGE("skipped: a sanitizer's allocator counts nothing");
    return false;
}

}  // namespace

TEST_CASE("a device that is like others costs little") {
    if (!counted()) {
        return;
    }
    const auto added = bytes_when_added(Fleet::alike);
    const auto loaded = bytes_when_loaded(Fleet::alike);
    MESSAGE("bytes per device: " << added << " added one by one, " << loaded << " loaded");
    CHECK(added < 160);
    CHECK(loaded < 155);
}

TEST_CASE("a device whose values nobody else has costs them, and little more") {
    if (!counted()) {
        return;
    }
    const auto added = bytes_when_added(Fleet::all_different);
    MESSAGE("bytes per device: " << added);
    CHECK(added < 285);
}

TEST_CASE("questions cost bits") {
    if (!counted()) {
        return;
    }
    Registry registry;
    for (std::size_t i = 0; i < kDevices; ++i) {
        registry.add(device(i, Fleet::alike));
    }
    const auto before = simulation::live_bytes();
    for (int i = 0; i < 100; ++i) {
        const DeviceFilter filter{std::nullopt, std::nullopt, std::to_string(i)};
        auto effort = Effort::boundless();
        REQUIRE(registry.match_cache().of(filter, registry).settle(registry, effort));
    }
    CHECK(bytes_per_device(registry, before) < 6);
}

TEST_CASE("values that come and go leave nothing behind") {
    if (!counted()) {
        return;
    }
    Registry registry;
    for (std::size_t i = 0; i < 1'000; ++i) {
        registry.add(device(i, Fleet::alike));
    }
    const auto report = [&registry](std::size_t round) {
        for (std::size_t i = 0; i < 1'000; ++i) {
            registry.merge(static_cast<DeviceIndex>(i), &Device::reported,
                           {{"temperature", static_cast<std::int64_t>(round * 1'000 + i)}});
        }
    };
    report(1);
    const auto before = simulation::live_bytes();
    for (std::size_t round = 2; round < 30; ++round) {
        report(round);
    }
    CHECK(simulation::live_bytes() - before < 200'000);
}

}  // namespace muster::core
