// Who is there, as far as the engine knows, and what is sent because somebody
// comes: reconnects, one by one and of a whole fleet at once.
#include "tests/support/engine_world.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

namespace muster::core {
namespace {

using test::commands_job;
using test::device_id;
using test::EngineWorld;
using test::on_devices;
using test::settings_job;

constexpr std::uint32_t kWindow = 300;

// The broker was restarted: it retains nothing, and tells nothing.
void restart_broker(EngineWorld& world) {
    world.step(LinkDown{});
    world.step(LinkUp{kWindow});
}

std::size_t online(EngineWorld& world) {
    return world.engine().registry().online();
}

}  // namespace

TEST_CASE("rule 6: to a device that was online all the time, online repeats not sooner than after 2 s") {
    EngineWorld world;
    world.add_devices(1, 1);
    world.run(settings_job("fan", 3));
    world.advance(Milliseconds{2'000});
    REQUIRE(world.take_sends().size() == 2);  // the second repeat is due 4 s later, less a quarter at most
    world.advance(Milliseconds{500});
    for (int i = 0; i < 100; ++i) {
        world.presence(1, true);
    }
    CHECK(world.take_sends().empty());
    world.advance(Milliseconds{1'499});
    CHECK(world.take_sends().empty());
    world.advance(Milliseconds{1});
    CHECK(world.take_sends().size() == 1);
    world.advance(Milliseconds{2'500});
    world.presence(1, true);
    CHECK(world.take_sends().size() == 1);
}

TEST_CASE("rule 6: a device that comes back gets its repeat at once, and the timer does not add one") {
    EngineWorld world;
    world.add_devices(1, 1);
    world.run(settings_job("fan", 3));
    REQUIRE(world.take_sends().size() == 1);
    world.advance(Milliseconds{1'900});
    world.presence(1, false);
    world.presence(1, true);
    CHECK(world.take_sends().size() == 1);
    world.advance(Milliseconds{1'999});  // its first timer was due meanwhile
    CHECK(world.take_sends().empty());
}

TEST_CASE("B04: ten thousand devices come at once and never answer: each window is full, and no more") {
    EngineWorld world({}, kWindow);
    world.add_devices(1, 10'000, false);
    world.run(settings_job("fan", 3));
    world.advance(Seconds{1});
    CHECK(world.take_sends().empty());
    for (std::size_t number = 1; number <= 10'000; ++number) {
        world.presence(number, true);
    }
    std::map<std::string, int> times;
    std::size_t sent = world.take_sends().size();
    CHECK(sent == kWindow);
    constexpr std::size_t kHolds = 8;
    for (std::size_t hold = 1; hold <= kHolds; ++hold) {
        world.advance(kMostWindowHold);
        const auto sends = world.take_sends();
        sent += sends.size();
        CHECK(sent <= (hold + 1) * kWindow);
        CHECK(world.engine().executions().link().in_flight <= kWindow);
        for (const auto& send : sends) {
            ++times[send.device];
        }
    }
    CHECK(sent == (kHolds + 1) * kWindow);
    for (const auto& [device, count] : times) {
        CHECK_MESSAGE(count == 1, device);
    }
}

TEST_CASE("B03: after a lost connection nothing is sent to a device before it was heard of") {
    EngineWorld world;
    world.add_devices(1, 4);
    restart_broker(world);
    world.run(settings_job("fan", 3));
    CHECK(world.take_sends().empty());
    CHECK(online(world) == 4);  // as far as anybody knows
    world.presence(2, true);
    world.step(StatusReceived{device_id(3), true, true});
    CHECK(world.take_sends().size() == 2);
    world.step(StateReceived{device_id(1), {{"fanSpeed", 1}}});  // perhaps retained
    CHECK(world.take_sends().empty());
}

TEST_CASE("B03: an ack shows as well that a device is there") {
    EngineWorld world;
    world.add_devices(1, 1);
    world.run(settings_job("fan", 3));
    const auto sent = world.take_sends();
    REQUIRE(sent.size() == 1);
    world.run(settings_job("fan", 4));
    restart_broker(world);
    world.advance(Milliseconds{3'000});
    CHECK(world.take_sends().empty());
    world.answer(sent[0], 200);
    CHECK(world.take_sends().size() == 1);
}

TEST_CASE("B13: a command to a device without memory does not go to nobody while the device is on its way") {
    EngineWorld world;
    world.add_devices(1, 1, true, 0);
    restart_broker(world);
    const auto job = world.run(commands_job("beep", {"beep"}));
    world.advance(Milliseconds{5'000});
    CHECK(world.take_sends().empty());
    world.presence(1, true);
    const auto sent = world.take_sends();
    REQUIRE(sent.size() == 1);
    world.answer(sent[0], 200);
    CHECK(world.engine().find_job(job)->state == JobState::completed);
}

TEST_CASE("SPEC 5.5: who is silent until the roll call is over is offline, and commands to it fail") {
    EngineWorld world;
    world.add_devices(1, 3);
    static_cast<void>(world.take_announces());
    restart_broker(world);
    world.presence(2, true);
    const auto job = world.run(commands_job("beep", {"beep"}));
    REQUIRE(world.take_sends().size() == 1);
    world.advance(Seconds{21});
    CHECK(online(world) == 3);
    CHECK(world.take_announces() == std::vector<Seconds>{Seconds{1}, Seconds{2}, Seconds{4}});
    world.advance(Seconds{1});
    CHECK(online(world) == 1);
    CHECK(world.recount(job).failed == 2);
    CHECK(world.rows(job)[0].reason == Reason::offline);
    CHECK(world.store().load().value().devices.size() == 3);
    for (const auto& device : world.store().load().value().devices) {
        CHECK(device.online == (device.id == device_id(2)));
    }
}

TEST_CASE("many who do not come back are found missing in pieces, with everything else served between") {
    EngineWorld world;
    world.add_devices(1, 10'000);
    restart_broker(world);
    Seconds passed{0};
    while (online(world) == 10'000 && passed < Seconds{600}) {
        world.advance(Seconds{1});
        ++passed;
    }
    CHECK(online(world) == 0);
    CHECK(passed == Seconds{11 + 5 + 22 + 5 + 44 + 5});
    std::size_t gone = 0;
    for (const auto& notice : world.take_notices()) {
        gone += notice.kind == NoticeKind::device_offline ? 1U : 0U;
    }
    CHECK(gone == 10'000);
}

TEST_CASE("SPEC 5.9: a burst of devices is followed by a roll call when it is over") {
    EngineWorld world;
    world.advance(Seconds{60});
    static_cast<void>(world.take_announces());
    world.add_devices(1, RollCall::kBurst - 1, false);
    world.advance(Seconds{60});
    CHECK_FALSE(world.take_announces().empty());  // each is new, and says where it is: two news
    world.advance(Seconds{60});
    world.add_devices(1, 200, true);
    world.advance(Seconds{60});
    CHECK(world.take_announces().empty());
    world.step(MessagesLost{});
    world.advance(Seconds{60});
    CHECK(world.take_announces() == std::vector<Seconds>{Seconds{1}});
}

}  // namespace muster::core
