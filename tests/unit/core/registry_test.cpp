#include "daemon/core/registry.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

namespace muster::core {
namespace {

Device device(const std::string& id, bool online = false) {
    Device made;
    made.id = DeviceId::parse(id).value();
    made.online = online;
    return made;
}

std::vector<std::string> ids_after(const Registry& registry, std::string_view after,
                                   std::size_t most = 1'000) {
    std::vector<std::string> ids;
    if (most == 0) {
        return ids;
    }
    registry.for_each_after(after, [&](DeviceIndex, const Device& visited) {
        ids.push_back(visited.id.text());
        return ids.size() < most;
    });
    return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("devices are found by their whole id") {
    Registry registry;
    const auto index = registry.add(device("fridge-1"));
    CHECK(registry.find("fridge-1") == index);
    CHECK(registry.get("fridge-1")->id.text() == "fridge-1");
    CHECK_FALSE(registry.find("fridge-").has_value());
    CHECK_FALSE(registry.find("fridge-10").has_value());
    CHECK(registry.get("Fridge-1") == nullptr);
    CHECK(registry.size() == 1);
}

TEST_CASE("the devices come in order of id, a page after another, whenever they were added") {
    Registry registry;
    for (const auto* id : {"m", "b", "x"}) {
        registry.add(device(id));
    }
    CHECK(ids_after(registry, "") == Ids{"b", "m", "x"});
    registry.add(device("a"));
    registry.add(device("n"));
    CHECK(ids_after(registry, "") == Ids{"a", "b", "m", "n", "x"});
    CHECK(ids_after(registry, "", 2) == Ids{"a", "b"});
    CHECK(ids_after(registry, "b", 2) == Ids{"m", "n"});
    CHECK(ids_after(registry, "n", 2) == Ids{"x"});
    CHECK(ids_after(registry, "x", 2).empty());
    CHECK(ids_after(registry, "c") == Ids{"m", "n", "x"});  // the last of a page may be gone since
}

TEST_CASE("online devices are counted, deleted ones are not") {
    Registry registry;
    const auto a = registry.add(device("a", true));
    const auto b = registry.add(device("b"));
    CHECK(registry.online() == 1);
    registry.set_online(b, true, TimePoint{Seconds{5}});
    registry.set_online(b, true, TimePoint{Seconds{6}});
    CHECK(registry.online() == 2);
    CHECK(registry.at(b).device.presence_since == TimePoint{Seconds{6}});
    registry.set_online(a, false, TimePoint{Seconds{7}});
    registry.set_online(a, false, TimePoint{Seconds{7}});
    CHECK(registry.online() == 1);
    registry.erase(b);
    CHECK(registry.online() == 0);
    CHECK(registry.size() == 1);
}

TEST_CASE("A40: a deleted device leaves its id behind, until nothing needs it") {
    Registry registry;
    const auto index = registry.add(device("a", true));
    auto named = registry.at(index).device;
    named.name = "Lobby";
    registry.put(index, named);
    registry.erase(index);
    CHECK_FALSE(registry.find("a").has_value());
    CHECK(registry.get("a") == nullptr);
    CHECK(bool{registry.at(index).deleted});
    CHECK(registry.at(index).device == device("a"));
    CHECK(ids_after(registry, "").empty());

    const auto again = registry.add(device("a"));
    CHECK(again != index);
    CHECK(ids_after(registry, "") == Ids{"a"});
    CHECK(bool{registry.at(index).deleted});
}

TEST_CASE("what executions of the store say of devices that are gone counts nowhere") {
    Registry registry;
    const auto gone = registry.add_deleted(DeviceId::parse("gone").value());
    CHECK(bool{registry.at(gone).deleted});
    CHECK(registry.at(gone).device.id.text() == "gone");
    CHECK(registry.size() == 0);
    CHECK(registry.get("gone") == nullptr);
    CHECK(ids_after(registry, "").empty());
}

TEST_CASE("places of deleted devices are used again, but not before reclaim") {
    Registry registry;
    const auto a = registry.add(device("a"));
    registry.add(device("b"));
    registry.erase(a);
    CHECK(registry.add(device("c")) != a);
    registry.reclaim();
    CHECK(registry.add(device("d")) == a);
    CHECK(ids_after(registry, "") == Ids{"b", "c", "d"});
    CHECK_FALSE(bool{registry.at(a).deleted});
}

TEST_CASE("a random history agrees with a sorted set") {
    for (std::uint32_t seed = 0; seed < 50; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        Registry registry;
        std::set<std::string> expected;
        for (int i = 0; i < 300; ++i) {
            const auto id = "d" + std::to_string(random() % 60);
            const auto found = registry.find(id);
            REQUIRE(found.has_value() == expected.contains(id));
            if (random() % 20 == 0) {
                registry.reclaim();
            } else if (found) {
                registry.erase(*found);
                expected.erase(id);
            } else {
                registry.add(device(id, random() % 2 == 0));
                expected.insert(id);
            }
            const auto after = "d" + std::to_string(random() % 60);
            REQUIRE(ids_after(registry, after) == Ids(expected.upper_bound(after), expected.end()));
            REQUIRE(registry.size() == expected.size());
            std::size_t online = 0;
            for (const auto& one : expected) {
                online += registry.get(one)->online ? 1U : 0U;
            }
            REQUIRE(registry.online() == online);
        }
    }
}

}  // namespace muster::core
