// When what was published is published again (SPEC 4.6).
#include "daemon/core/answer_lag.hpp"
#include "daemon/core/executions.hpp"
#include "tests/support/engine_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace muster::core {
namespace {

using test::device_id;
using test::EngineWorld;
using test::settings_job;

// So many that their answers queue up.
constexpr std::size_t kMany = 1'000;
constexpr std::uint32_t kRoomForAll = 10 * kMany;

core::JobSpec job_on(std::size_t first, std::size_t last) {
    auto spec = settings_job("s");
    for (auto number = first; number <= last; ++number) {
        spec.selection.devices.push_back(device_id(number));
    }
    spec.selection.all = false;
    return spec;
}

void answer_all(EngineWorld& world, const std::vector<SendOperation>& sends) {
    for (const auto& send : sends) {
        world.answer(send, 200);
    }
}

// The times between the messages to devices that never answer.
std::vector<Milliseconds> gaps_between_sends(EngineWorld& world, std::size_t count) {
    std::vector<Milliseconds> gaps;
    auto last = world.now();
    while (gaps.size() < count) {
        REQUIRE(world.due().has_value());
        world.advance(*world.due() - world.now());
        if (!world.take_sends().empty()) {
            gaps.push_back(world.now() - last);
            last = world.now();
        }
    }
    return gaps;
}

// One device that was sent the same message so often that the next is a minute away.
struct SilentDevice {
    SilentDevice() {
        world.add_devices(1, 1);
        world.run(settings_job("s"));
        CHECK(gaps_between_sends(world, 7).back() > Seconds{40});
    }
    // The waits after a message that went out just now.
    void check_waits_begin_anew() {
        REQUIRE(world.take_sends().size() == 1);
        const auto gaps = gaps_between_sends(world, 2);
        CHECK(gaps[0] == Seconds{2});
        CHECK(gaps[1] >= Seconds{3});
        CHECK(gaps[1] <= Seconds{4});
    }
    EngineWorld world;
};

}  // namespace

TEST_CASE("rule 6 SPEC 4.6: repeats after 2 s, then after twice as long, less up to a quarter, up to 5 min") {
    EngineWorld world;
    world.add_devices(1, 1);
    world.run(settings_job("s"));
    REQUIRE(world.take_sends().size() == 1);
    const auto gaps = gaps_between_sends(world, 12);
    CHECK(gaps[0] == Seconds{2});
    Milliseconds whole = Seconds{4};
    for (std::size_t i = 1; i < gaps.size(); ++i, whole = std::min<Milliseconds>(whole * 2, Seconds{300})) {
        CAPTURE(i);
        CHECK(gaps[i] <= whole);
        CHECK(gaps[i] >= whole * 3 / 4);
    }
}

TEST_CASE("SPEC 4.6: the waits between repeats begin anew when the device comes online") {
    SilentDevice silent;
    silent.world.presence(1, false);
    silent.world.presence(1, true);
    silent.check_waits_begin_anew();
}

TEST_CASE("SPEC 4.6: the waits between repeats begin anew when the device is heard of on a new connection") {
    SilentDevice silent;
    silent.world.step(LinkDown{});
    silent.world.advance(Seconds{10});
    silent.world.link_up(300);
    silent.check_waits_begin_anew();
}

TEST_CASE("SPEC 4.6: the waits between repeats begin anew when the gateway starts") {
    SilentDevice silent;
    silent.world.advance(Seconds{10});
    silent.world.restart();
    silent.check_waits_begin_anew();
}

TEST_CASE("SPEC 4.6: the waits between repeats begin anew when the device asks to wait") {
    EngineWorld world;
    world.add_devices(1, 1);
    world.run(settings_job("s"));
    const auto first = world.take_sends();
    CHECK(gaps_between_sends(world, 7).back() > Seconds{40});
    world.answer_not_now(first.at(0), 100);
    CHECK(gaps_between_sends(world, 1)[0] == Seconds{100});
    CHECK(gaps_between_sends(world, 1)[0] == Seconds{2});
}

// The device had said that it is there since, so a repeat was due sooner: of the attempt that never was.
TEST_CASE("SPEC 4.6: what the link refused because it broke is sent when the device is heard of again") {
    EngineWorld world;
    world.add_devices(1, 1);
    world.run(settings_job("s"));
    REQUIRE(world.take_sends().size() == 1);
    world.advance(Seconds{2});
    const auto again = world.take_sends();
    REQUIRE(again.size() == 1);
    world.presence(1, true);
    world.step(SendRefused{again[0].operation});
    world.step(LinkDown{});
    world.advance(kWindowHold);
    world.step(LinkUp{300});
    CHECK(world.take_sends().empty());
    world.step(StatusReceived{device_id(1), true, true});
    world.advance(Seconds{2});
    CHECK(world.take_sends().size() == 1);
}

TEST_CASE("SPEC 4.6: a fleet does not repeat at once") {
    EngineWorld world;
    world.add_devices(1, 100);
    world.run(settings_job("s"));
    world.advance(Seconds{2});
    REQUIRE(world.take_sends().size() == 200);
    std::set<TimePoint> moments;
    std::size_t repeats = 0;
    const auto end = world.now() + Seconds{4};
    while (world.due() && *world.due() <= end) {
        world.advance(*world.due() - world.now());
        if (const auto sent = world.take_sends().size(); sent > 0) {
            moments.insert(world.now());
            repeats += sent;
        }
    }
    CHECK(repeats == 100);
    CHECK(*moments.begin() >= end - Seconds{1});
    CHECK(moments.size() > 50);
}

TEST_CASE("SPEC 4.6: a fleet whose answers take five seconds is not sent anything twice") {
    EngineWorld world({}, kRoomForAll);
    world.add_devices(1, kMany);
    const auto job = world.run(settings_job("s"));
    const auto sends = world.take_sends();
    REQUIRE(sends.size() == kMany);
    world.advance(Seconds{5});
    CHECK(world.take_sends().empty());
    answer_all(world, sends);
    CHECK(world.job(job).state == JobState::completed);
    CHECK(world.take_sends().empty());
}

TEST_CASE(
    "SPEC 4.6: devices that say that they are there are not sent the same twice while answers take long") {
    EngineWorld world({}, kRoomForAll);
    world.add_devices(1, kMany);
    world.run(settings_job("s"));
    REQUIRE(world.take_sends().size() == kMany);
    world.advance(Seconds{1});
    world.presence(1, true);
    world.advance(Seconds{2});
    world.presence(2, true);
    world.advance(Seconds{2});
    CHECK(world.take_sends().empty());
}

TEST_CASE("SPEC 4.6: one whose message is lost is sent it again once others were answered that came later") {
    EngineWorld world({}, kRoomForAll);
    world.add_devices(1, 2 * kMany);
    world.run(job_on(1, kMany));
    auto early = world.take_sends();
    world.advance(Seconds{1});
    world.run(job_on(kMany + 1, 2 * kMany));
    const auto later = world.take_sends();
    REQUIRE(later.size() == kMany);
    const auto lost = early.back().device;
    early.pop_back();
    world.advance(Seconds{4});
    answer_all(world, early);
    world.advance(Seconds{2});
    CHECK(world.take_sends().empty());  // its answer may be behind those of the others
    answer_all(world, later);
    world.advance(Seconds{2});
    const auto again = world.take_sends();
    REQUIRE(again.size() == 1);
    CHECK(again[0].device == lost);
}

TEST_CASE("SPEC 4.6: one whose message is lost is sent it again after 2 s when the others answer at once") {
    EngineWorld world({}, kRoomForAll);
    world.add_devices(1, kMany);
    world.run(settings_job("s"));
    auto sends = world.take_sends();
    const auto lost = sends.front().device;
    sends.erase(sends.begin());
    answer_all(world, sends);
    CHECK(gaps_between_sends(world, 1).front() == Seconds{2});
}

TEST_CASE("SPEC 4.6: a fleet that is silent is sent it again, after half a minute at most") {
    EngineWorld world({}, kRoomForAll);
    world.add_devices(1, kMany);
    world.run(settings_job("s"));
    REQUIRE(world.take_sends().size() == kMany);
    world.advance(AnswerLag::kMost - Seconds{2});
    CHECK(world.take_sends().empty());
    world.advance(Seconds{4});
    CHECK(world.take_sends().size() == kMany);
}

TEST_CASE("SPEC 4.6: an answer to what was sent twice does not tell how long answers take") {
    EngineWorld world({}, kRoomForAll);
    world.add_devices(1, 1 + kMany);
    world.run(job_on(1, 1));
    const auto first = world.take_sends();
    world.advance(Seconds{2});
    REQUIRE(world.take_sends().size() == 1);
    world.run(job_on(2, 1 + kMany));
    REQUIRE(world.take_sends().size() == kMany);
    answer_all(world, first);
    world.advance(Seconds{10});
    CHECK(world.take_sends().empty());
}

}  // namespace muster::core
