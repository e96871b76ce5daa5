#include "daemon/core/selection.hpp"

#include "tests/support/engine_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace muster::core {
namespace {

using test::device_id;
using test::EngineWorld;
using test::on_devices;
using test::settings_job;

using Ids = std::vector<std::string>;

Fleet fleet_of(EngineWorld& world) {
    return {world.engine().registry(), world.engine().catalog()};
}

// The devices that it selects, looked for in pieces of so much effort, with `between` after each.
template <class Between>
Result<Ids> selected(EngineWorld& world, const JobSpec& spec, Effort piece, Between between) {
    SelectionWalk walk(spec);
    Ids ids;
    for (int pieces = 0; pieces < 1'000; ++pieces) {
        const auto target = target_of(spec, world.engine().catalog());
        auto effort = piece;
        const auto over =
            walk.go_on(fleet_of(world), target.value(), effort,
                       [&](DeviceIndex, const Device& device) { ids.push_back(device.id.text()); });
        if (!over) {
            return over.error();
        }
        if (*over) {
            return ids;
        }
        between();
    }
    FAIL("the walk does not end");
    return ids;
}

Result<Ids> selected(EngineWorld& world, const JobSpec& spec) {
    return selected(world, spec, Effort::boundless(), [] {});
}

Ids fields_and_messages(const Error& error) {
    Ids lines;
    for (const auto& detail : error.details) {
        lines.push_back(detail.field + " " + detail.message);
    }
    return lines;
}

}  // namespace

TEST_CASE("all of a set come in order of id, but for the exceptions, which may be gone") {
    EngineWorld world;
    world.add_devices(3, 5);
    world.add_devices(1, 2);
    auto spec = settings_job("s");
    CHECK(selected(world, spec).value() == Ids{"d00001", "d00002", "d00003", "d00004", "d00005"});
    spec.selection.devices = {device_id(2), device_id(9), device_id(5)};
    CHECK(selected(world, spec).value() == Ids{"d00001", "d00003", "d00004"});
    CHECK(selected(world, spec, Effort(0), [] {}).value() == Ids{"d00001", "d00003", "d00004"});
}

TEST_CASE("a list comes as it is listed, in pieces too") {
    EngineWorld world;
    world.add_devices(1, 4);
    const auto spec = on_devices(settings_job("s"), {4, 1, 3});
    CHECK(selected(world, spec).value() == Ids{"d00004", "d00001", "d00003"});
    CHECK(selected(world, spec, Effort(0), [] {}).value() == Ids{"d00004", "d00001", "d00003"});
}

TEST_CASE("a list's mistakes are all named, however it is gone through") {
    EngineWorld world;
    world.add_devices(1, 3);
    REQUIRE(world.ask(request::PutSet{test::set_of("few", R"(id == "d00001")"), {}}).has_value());
    auto spec = on_devices(settings_job("s"), {1, 2, 1, 9});
    spec.set = "few";
    const Ids named{"selection.devices names d00002; it is not in the device set few",
                    "selection.devices names d00001 twice",
                    "selection.devices names d00009; there is no such device"};
    CHECK(fields_and_messages(selected(world, spec).error()) == named);
    CHECK(fields_and_messages(selected(world, spec, Effort(0), [] {}).error()) == named);
    const auto target = target_of(spec, world.engine().catalog());
    CHECK(fields_and_messages(check_selection(spec, fleet_of(world), *target).error()) == named);
}

TEST_CASE("a list with a gateway is refused for that") {
    EngineWorld world;
    world.add_devices(1, 3);
    REQUIRE(world.ask(request::PutTemplate{test::edge_template()}).has_value());
    world.step(InfoReceived{device_id(2), DeviceInfo{1, "edge", {}, {}, 8}});
    const auto refused = selected(world, on_devices(settings_job("s"), {9, 1, 2}));
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(refused.error().message.find("d00002 is a gateway (template edge)") == 0);
}

TEST_CASE("of a list that is wrong throughout, no more than a hundred are named") {
    EngineWorld world;
    std::vector<std::size_t> numbers(500);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        numbers[i] = i + 1;
    }
    CHECK(selected(world, on_devices(settings_job("s"), numbers)).error().details.size() == 100);
}

TEST_CASE("a walk comes to its end though what was found out about its set is always forgotten again") {
    EngineWorld world;
    world.add_devices(1, 50);
    REQUIRE(world.ask(request::PutSet{test::set_of("even", R"(id.endsWith("0"))"), {}}).has_value());
    auto spec = settings_job("s");
    spec.set = "even";
    const auto forget = [&world] {
        const auto& registry = world.engine().registry();
        for (int other = 0; other < 20; ++other) {
            static_cast<void>(registry.match_cache().of({std::nullopt, {}, std::to_string(other)}, registry));
        }
    };
    CHECK(selected(world, spec, Effort(1), forget).value() ==
          Ids{"d00010", "d00020", "d00030", "d00040", "d00050"});
}

TEST_CASE("an effort that is split and joined again is what it was") {
    Effort effort(10);
    auto half = effort.split();
    half.spend(5);
    CHECK(half.spent());
    CHECK_FALSE(effort.spent());
    effort.join(half);
    effort.spend(4);
    CHECK_FALSE(effort.spent());
    effort.spend(1);
    CHECK(effort.spent());
    auto most = Effort::boundless();
    auto part = most.split();
    CHECK_FALSE(part.spent());
    most.join(part);
    CHECK_FALSE(most.spent());
}

}  // namespace muster::core
