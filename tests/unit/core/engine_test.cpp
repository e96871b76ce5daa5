#include "daemon/core/engine.hpp"

#include "protocol/limits.hpp"
#include "tests/support/engine_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace muster::core {
namespace {

namespace json = boost::json;
using test::device_id;
using test::EngineWorld;
using test::settings_job;

std::size_t count_of(const std::vector<Notice>& notices, NoticeKind kind) {
    return static_cast<std::size_t>(std::count_if(
        notices.begin(), notices.end(), [kind](const Notice& notice) { return notice.kind == kind; }));
}

std::deque<Device> stored_devices(EngineWorld& world) {
    return world.store().load().value().devices;
}

}  // namespace

TEST_CASE("no more devices are registered than allowed; those that are there go on") {
    EngineOptions options;
    options.most_devices = 2;
    EngineWorld world(options);
    world.add_devices(1, 2);
    static_cast<void>(world.take_notices());
    world.step(StatusReceived{device_id(3), true, false});
    world.step(InfoReceived{device_id(3), DeviceInfo{1, "fridge", {}, {}, 8}});
    world.step(StateReceived{device_id(3), {{"fanSpeed", 1}}});
    CHECK(count_of(world.take_notices(), NoticeKind::devices_full) == 3);
    CHECK(world.engine().registry().size() == 2);
    CHECK(stored_devices(world).size() == 2);

    const auto refused = world.ask(request::PutDevice{device_id(3), {}, {}, {}, {}});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::unavailable);
    world.presence(1, false);
    CHECK_FALSE(world.engine().registry().get("d00001")->online);
    REQUIRE(world.ask(request::DeleteDevice{device_id(1)}).has_value());
    world.presence(3, true);
    CHECK(world.engine().registry().get("d00003") != nullptr);
}

TEST_CASE("Promise 6: versions of templates, and what jobs list, do not add up without bound") {
    EngineOptions options;
    options.most_template_bytes = 5'000;
    options.most_listed_devices = 4;
    EngineWorld world(options);
    world.add_devices(1, 3);
    const auto put = [&world](int number) {
        const auto document = R"({"name":"edge","title":")" + std::to_string(number) + "\"}";
        return world.ask(request::PutTemplate{test::template_of(document)});
    };
    int versions = 0;
    while (versions < 100 && put(versions).has_value()) {
        ++versions;
    }
    CHECK(versions > 0);
    CHECK(versions < 5);
    CHECK(put(versions).error().code == ErrorCode::unavailable);
    CHECK(world.engine().catalog().find_template("edge")->version == static_cast<std::uint64_t>(versions));

    request::SaveJob save;
    save.spec = test::on_devices(settings_job("listed"), {1, 2, 3});
    REQUIRE(world.ask(save).has_value());
    REQUIRE(world.ask(save).has_value());
    const auto refused = world.ask(save);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::unavailable);
    save.job = JobId{1};
    CHECK_FALSE(world.ask(save).has_value());
    REQUIRE(world.ask(request::DeleteJob{JobId{2}}).has_value());
    CHECK(world.ask(save).has_value());
}

TEST_CASE("SPEC 1.6: what a device says of itself again and again stays within its bounds") {
    EngineWorld world;
    world.add_devices(1, 1);
    const std::string large(limits::kValuesBytes / 4, 'x');
    for (int i = 0; i < 20; ++i) {
        const auto name = "part" + std::to_string(i);
        world.step(InfoReceived{device_id(1), DeviceInfo{1, "fridge", {}, {{name, large}}, 8}});
        world.step(StateReceived{device_id(1), {{name, large}}});
    }
    const auto* device = world.engine().registry().get("d00001");
    CHECK(device->tags.find("part0").has_value());
    CHECK(device->reported.find("part0").has_value());
    CHECK(device->tags.text().size() <= limits::kValuesBytes);
    CHECK(device->reported.text().size() <= limits::kValuesBytes);
    CHECK(stored_devices(world).at(0) == *device);
}

TEST_CASE("SPEC 5.7: a device is in the store as soon as it is registered, whatever it said first") {
    EngineWorld world;
    world.step(StateReceived{device_id(1), {{"text", std::string(limits::kValuesBytes, 'x')}}});
    world.step(StateReceived{device_id(2), {}});
    world.step(StatusReceived{device_id(3), false, true});
    REQUIRE(world.engine().registry().size() == 3);
    CHECK(stored_devices(world).size() == 3);
}

TEST_CASE("A17: a saved job is there, with nothing sent, until it is run") {
    EngineWorld world;
    world.add_devices(1, 1);
    request::SaveJob asked;
    asked.spec = settings_job("s");
    const auto answer = world.ask(asked);
    REQUIRE(answer.has_value());
    const auto id = std::get<JobAnswer>(*answer).job;
    CHECK(world.job(id).state == JobState::pending);
    CHECK(world.take_sends().empty());
    CHECK(world.ask(request::RunJob{id, {}}).has_value());
    CHECK(world.take_sends().size() == 1);
}

TEST_CASE("A02: devices of a gateway template are refused, as a set and one by one") {
    EngineWorld world;
    world.add_devices(1, 1);
    REQUIRE(world.ask(request::PutTemplate{test::edge_template()}).has_value());
    auto edges = test::set_of("edges");
    edges.template_name = "edge";
    REQUIRE(world.ask(request::PutSet{edges, {}}).has_value());
    world.step(InfoReceived{device_id(2), DeviceInfo{1, "edge", {}, {}, 8}});
    auto on_set = settings_job("s");
    on_set.set = "edges";
    for (const auto& spec : {on_set, test::on_devices(settings_job("s"), {1, 2})}) {
        const auto refused = world.ask(request::SaveJob{JobId::none, {}, spec, false, {}});
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == ErrorCode::conflict);
        CHECK(refused.error().message.find("itself a gateway cannot be the target") != std::string::npos);
    }
}

TEST_CASE("B07: outcomes are counted alike before and after a restart") {
    EngineWorld world;
    world.add_devices(1, 4);
    const auto job = world.run(settings_job("s"));
    const auto sends = world.take_sends();
    world.answer(sends[0], 200);
    world.answer(sends[1], 400, "door open");
    world.answer(sends[2], 200);
    const auto before = world.job(job).outcomes;
    world.restart();
    auto after = world.job(job).outcomes;
    CHECK(after.size() == before.size());
    CHECK(std::is_permutation(after.begin(), after.end(), before.begin(), before.end()));
}

}  // namespace muster::core
