// What the transcripts of tests/scenario do not show: the window, turns, large
// jobs, and time between repeats.
#include "daemon/core/executions.hpp"

#include "tests/support/engine_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <string>

namespace muster::core {
namespace {

using test::commands_job;
using test::device_id;
using test::EngineWorld;
using test::on_devices;
using test::settings_job;

std::vector<std::string> devices_of(const std::vector<SendOperation>& sends) {
    std::vector<std::string> devices;
    for (const auto& send : sends) {
        devices.push_back(send.device);
    }
    return devices;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a silent device holds its place in the link's window for a moment, and not longer") {
    EngineWorld world({}, 2);
    world.add_devices(1, 4);
    world.run(settings_job("s"));
    CHECK(devices_of(world.take_sends()) == Ids{"d00001", "d00002"});
    world.advance(kLeastWindowHold - Milliseconds{1});
    CHECK(world.take_sends().empty());
    world.advance(Milliseconds{1});
    CHECK(devices_of(world.take_sends()) == Ids{"d00003", "d00004"});
    CHECK(world.engine().executions().link().in_flight == 2);
}

TEST_CASE("no more is on its way than answers come back for, so that no broker's queue of 1,000 overflows") {
    constexpr std::uint32_t kUnanswered = 900;
    constexpr std::size_t kDevices = 5'000;
    EngineWorld world({}, kUnanswered);
    world.add_devices(1, kDevices);
    const auto job = world.run(settings_job("s"));
    std::deque<SendOperation> queue;
    std::size_t longest = 0;
    std::size_t sent = 0;
    while (world.job(job).state == JobState::running) {
        std::ranges::move(world.take_sends(), std::back_inserter(queue));
        longest = std::max(longest, queue.size());
        REQUIRE_FALSE(queue.empty());
        world.advance(Milliseconds{1});  // for each answer
        world.answer(queue.front(), 200);
        queue.pop_front();
        ++sent;
    }
    CHECK(sent == kDevices);
    CHECK(longest < 1'000);
}

TEST_CASE("devices that do not answer hold up the others for two seconds at most") {
    constexpr std::size_t kSilent = 800;
    EngineWorld world({}, 300);
    world.add_devices(1, kSilent + 1);
    world.run(settings_job("s"));
    std::size_t sent = 0;
    const auto began = world.now();
    while ((sent += world.take_sends().size()) <= kSilent) {
        REQUIRE(world.due().has_value());
        world.advance(*world.due() - world.now());
    }
    CHECK(world.now() - began <= 2 * kMostWindowHold);  // two windows full of them
}

TEST_CASE("no more goes out than the link has room for, and the rest when it says that it has") {
    EngineWorld world;
    world.add_devices(1, 6);
    world.step(LinkRoom{2});
    world.run(settings_job("s"));
    const auto sends = world.take_sends();
    CHECK(devices_of(sends) == Ids{"d00001", "d00002"});
    world.answer(sends[0], 200);
    CHECK(world.take_sends().empty());  // the answer frees the window, and not the link
    world.step(LinkRoom{1});
    CHECK(devices_of(world.take_sends()) == Ids{"d00003"});
    world.step(LinkRoom{0});
    CHECK(world.take_sends().empty());
    world.step(LinkRoom{300});
    CHECK(devices_of(world.take_sends()) == Ids{"d00004", "d00005", "d00006"});
    CHECK(world.engine().executions().link().in_flight == 5);
}

TEST_CASE("an answer frees the window at once") {
    EngineWorld world({}, 1);
    world.add_devices(1, 3);
    world.run(settings_job("s"));
    auto sends = world.take_sends();
    REQUIRE(devices_of(sends) == Ids{"d00001"});
    world.answer(sends[0], 202);
    sends = world.take_sends();
    REQUIRE(devices_of(sends) == Ids{"d00002"});
    world.presence(2, false);
    CHECK(devices_of(world.take_sends()) == Ids{"d00003"});
}

TEST_CASE("rule 5: no more executions of a job are in flight than its window says") {
    EngineWorld world;
    world.add_devices(1, 5);
    auto spec = settings_job("s");
    spec.policy.window = 2;
    world.run(spec);
    auto sends = world.take_sends();
    REQUIRE(devices_of(sends) == Ids{"d00001", "d00002"});
    world.advance(Seconds{1});
    CHECK(world.take_sends().empty());
    world.answer(sends[1], 200);
    CHECK(devices_of(world.take_sends()) == Ids{"d00003"});
}

TEST_CASE("rule 6: a job whose window is full still repeats what is not answered") {
    EngineWorld world;
    world.add_devices(1, 2);
    auto spec = settings_job("s");
    spec.policy.window = 1;
    world.run(spec);
    REQUIRE(devices_of(world.take_sends()) == Ids{"d00001"});
    world.advance(Seconds{2});
    CHECK(devices_of(world.take_sends()) == Ids{"d00001"});
}

TEST_CASE("rule 6: devices that come online do not stand before the repeats of a job whose window is full") {
    EngineWorld world;
    world.add_devices(1, 1);
    world.add_devices(2, 2, false);
    auto spec = on_devices(settings_job("s"), {2, 1});
    spec.policy.window = 1;
    world.run(spec);
    REQUIRE(devices_of(world.take_sends()) == Ids{"d00001"});
    world.presence(2, true);
    CHECK(world.take_sends().empty());
    world.advance(Seconds{2});
    CHECK(devices_of(world.take_sends()) == Ids{"d00001"});
}

TEST_CASE("rule 9: a job on one device does not wait for one on ten thousand") {
    EngineWorld world;
    world.add_devices(1, 10'001);
    auto large = settings_job("large");
    large.selection.devices = {device_id(10'001)};
    world.run(large);
    const auto sends = world.take_sends();
    REQUIRE(sends.size() == 300);
    const auto small = world.run(on_devices(settings_job("small"), {10'001}));
    CHECK(world.take_sends().empty());
    world.answer(sends[0], 200);
    world.answer(sends[1], 200);
    const auto next = world.take_sends();
    REQUIRE(next.size() == 2);
    const auto of_small = std::count_if(
        next.begin(), next.end(), [small](const SendOperation& send) { return send.operation.job == small; });
    CHECK(of_small == 1);
}

TEST_CASE("rule 9: of two large jobs each gets its turn") {
    EngineWorld world({}, 64);
    world.add_devices(1, 2'000);
    auto first = settings_job("first");
    auto second = settings_job("second");
    for (std::size_t number = 1; number <= 1'000; ++number) {
        second.selection.devices.push_back(device_id(number));
        first.selection.devices.push_back(device_id(1'000 + number));
    }
    const auto one = world.run(first);
    world.run(second);
    auto open = world.take_sends();
    std::size_t of_first = 0;
    std::size_t answered = 0;
    while (answered < 600) {
        REQUIRE_FALSE(open.empty());
        const auto sends = std::exchange(open, {});
        for (const auto& send : sends) {
            of_first += send.operation.job == one ? 1U : 0U;
            world.answer(send, 200);
            ++answered;
        }
        open = world.take_sends();
    }
    CHECK(of_first > 250);
    CHECK(answered - of_first > 250);
}

TEST_CASE("five thousand offline devices are looked at in pieces, with everything else served between") {
    constexpr std::size_t kDevices = 5'000;
    EngineWorld world;
    world.add_devices(1, kDevices, false);
    world.add_devices(kDevices + 1, kDevices + 1);
    const auto job = world.run(settings_job("s"));
    const auto held = [&] {
        const auto rows = world.rows(job);
        return std::count_if(rows.begin(), rows.end(),
                             [](const Execution& row) { return row.phase == Phase::held; });
    };
    CHECK(held() == kExaminedPerStep);
    CHECK(world.take_sends().empty());
    CHECK(world.due() == world.now());
    world.step(Tick{});
    CHECK(held() == kDevices);
    CHECK(world.take_sends().size() == 1);
    REQUIRE(world.due().has_value());
    CHECK(*world.due() > world.now());
}

TEST_CASE("SPEC 4.6: a command to a device that does not remember is sent once, and fails by its deadline") {
    EngineWorld world;
    world.add_devices(1, 1, true, 0);
    const auto job = world.run(commands_job("c", {"beep"}));
    REQUIRE(world.take_sends().size() == 1);
    world.presence(1, true);
    world.advance(Seconds{29});
    CHECK(world.take_sends().empty());
    world.advance(Seconds{1});
    CHECK(world.rows(job)[0].reason == Reason::timeout);
    CHECK(world.job(job).state == JobState::failed);
}

TEST_CASE(
    "a message that the link did not take is sent again when the link had time, and counts as no attempt") {
    EngineWorld world;
    world.add_devices(1, 2);
    const auto job = world.run(on_devices(settings_job("s"), {1}));
    const auto sends = world.take_sends();
    world.step(SendRefused{sends.at(0).operation});
    CHECK(world.rows(job)[0].attempts == 0);
    CHECK(world.rows(job)[0].phase == Phase::queued);
    world.run(on_devices(settings_job("other"), {2}));
    CHECK(world.take_sends().empty());  // the link is full for this one too
    world.advance(kWindowHold);
    CHECK(world.take_sends().size() == 2);
    CHECK(world.rows(job)[0].attempts == 1);
}

TEST_CASE("B13: a command that a device put off is sent again though the link refused it first") {
    EngineWorld world;
    world.add_devices(1, 1, true, 0);
    const auto job = world.run(commands_job("c", {"beep"}));
    world.answer_not_now(world.take_sends().at(0), 5);
    world.advance(Seconds{5});
    const auto again = world.take_sends();
    REQUIRE(again.size() == 1);
    world.step(SendRefused{again[0].operation});
    world.advance(kWindowHold);
    const auto sends = world.take_sends();
    REQUIRE(sends.size() == 1);
    world.answer(sends[0], 200);
    CHECK(world.job(job).state == JobState::completed);
}

TEST_CASE("nothing but deadlines depends on a clock that stands still") {
    EngineWorld world;
    world.add_devices(1, 3);
    const auto job = world.run(settings_job("s"));
    for (const auto& send : world.take_sends()) {
        world.answer(send, 200);
    }
    CHECK(world.job(job).state == JobState::completed);
    CHECK_FALSE(world.due() == world.now());
}

}  // namespace muster::core
