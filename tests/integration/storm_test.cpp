// Reconnect storms: thousands of devices lose the broker and regain it at once,
// while a job is at work on them.
#include "tests/integration/storm.hpp"

#include "tests/integration/fleet.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>

namespace muster::test {
namespace {

constexpr std::size_t kDevices = 3'000;
// Of musterd's link; the broker grants it.
constexpr std::size_t kWindow = 100;

// A job that a slow machine takes two minutes for.
constexpr Milliseconds kJobPatience{240'000};
// Once, once more for each of three storms that took the answer with it, and by the timer: after 2, 4, 8 and
// 16 seconds in each half minute, since the waits begin anew with each storm (SPEC 4.6).
constexpr std::size_t kMostOfOne = 1 + 3 + 4 * 4;

const Storm::Options kCommonBroker{"max_inflight_messages 1000\nset_tcp_nodelay true\n",
                                   {"broker.window=" + std::to_string(kWindow)}};

// They answer, but late enough for a storm to come between.
StormFleet::Options slow_fleet(bool detour = false) {
    return {kDevices, "fridge-", detour, {"--delay", "200..1800"}};
}

// The whole job runs until it is told what became of it.
std::int64_t begin_job(Storm& storm, int speed) {
    const auto job = run_job(storm.gateway(), fan_speed_job(speed));
    storm.gateway().await_count(job, "succeeded", 1);
    return job;
}

void check_job(Storm& storm, std::int64_t job, std::size_t selected) {
    const auto done = storm.gateway().await_job(job, "Completed", kJobPatience);
    CHECK(number(done, "/tally/succeeded") == static_cast<std::int64_t>(selected));
    check_tally(storm.gateway(), job);
}

// The gateway kept to its window, and nobody was sent the same more often than `most`.
void check_sending(const Storm& storm, std::size_t most) {
    const auto figures = storm.figures();
    INFO("sent ", figures.sent, ", repeats ", figures.repeats(), ", of one ", figures.most_of_one,
         ", unacknowledged ", figures.most_unacknowledged, ", in a second ", figures.most_in_a_second,
         ", announces ", figures.announces);
    CHECK(figures.most_unacknowledged <= kWindow);
    CHECK(figures.most_of_one <= most);
    MESSAGE("sent " << figures.sent << ", repeats " << figures.repeats() << ", of one " << figures.most_of_one
                    << ", unacknowledged " << figures.most_unacknowledged << ", in a second "
                    << figures.most_in_a_second << ", announces " << figures.announces);
}

void check_executed(const boost::json::value& statistics, std::size_t operations) {
    CHECK(number(statistics, "/executed_more_than_once") == 0);
    CHECK(number(statistics, "/totals/executed") == static_cast<std::int64_t>(operations));
}

TEST_CASE("B03: three times in a row, all devices and the gateway lose the broker and all that it knew") {
    Storm storm(kCommonBroker);
    put_fleet(storm.gateway());
    StormFleet fleet(storm.gateway().broker(), slow_fleet());
    storm.await_online(kDevices);
    const auto job = begin_job(storm, 3);
    for (int i = 0; i < 3; ++i) {
        storm.kill_broker();
        storm.start_broker();
        fleet.await_back(i + 1);
        storm.await_online(kDevices);
    }
    check_job(storm, job, kDevices);
    check_sending(storm, kMostOfOne);
    check_executed(fleet.stop(), kDevices);
    storm.await_online(0);
}

TEST_CASE("B03: all devices lose the broker, the gateway does not; some flap all the time") {
    Storm storm(kCommonBroker);
    put_fleet(storm.gateway());
    StormFleet fleet(storm.gateway().broker(), slow_fleet(true));
    StormFleet flapping(storm.gateway().broker(),
                        {100, "flap-", false, {"--churn", "1..3", "--away", "0..2"}});
    const auto job = begin_job(storm, 2);
    for (int i = 0; i < 3; ++i) {
        fleet.cut();
        fleet.await_back(i + 1);
    }
    check_job(storm, job, kDevices + 100);
    check_sending(storm, kMostOfOne);
    check_executed(flapping.stop(), 100);
    storm.await_online(kDevices);
    check_executed(fleet.stop(), kDevices);
    storm.await_online(0);
}

TEST_CASE("B03: the gateway loses the broker, the devices do not") {
    Storm storm(kCommonBroker);
    put_fleet(storm.gateway());
    StormFleet fleet(storm.gateway().broker(), slow_fleet());
    storm.await_online(kDevices);
    const auto job = begin_job(storm, 1);
    for (int i = 0; i < 3; ++i) {
        storm.cut_gateway();
        storm.await_online(kDevices);
    }
    check_job(storm, job, kDevices);
    check_sending(storm, kMostOfOne);
    check_executed(fleet.stop(), kDevices);
}

TEST_CASE("B03: who does not come back with the broker is taken for offline, though no last will said so") {
    Storm storm(kCommonBroker);
    put_fleet(storm.gateway());
    StormFleet staying(storm.gateway().broker(), {200, "fridge-", false, {}});
    StormFleet leaving(storm.gateway().broker(), {300, "gone-", false, {}});
    storm.await_online(500);
    storm.kill_broker();
    leaving.kill();
    storm.start_broker();
    storm.await_online(200);
    check_job(storm,
              run_job(storm.gateway(),
                      [] {
                          auto job = fan_speed_job(4);
                          job["type"] = "commands";
                          job["operations"] = boost::json::array{{{"name", "defrost"}}};
                          job["selection"] = {{"devices", boost::json::array{"fridge-001", "fridge-200"}}};
                          return job;
                      }()),
              2);
}

TEST_CASE("B03: what the broker dropped, because musterd did not keep up, is asked for again") {
    Storm storm(kCommonBroker);
    put_fleet(storm.gateway());
    constexpr std::size_t kMany = 12'000;
    storm.gateway().daemon().signal(SIGSTOP);
    // More than the buffers of all sockets on the way hold.
    std::vector<std::string> talkative{"--connections", "4"};
    for (const char letter : std::string("abcdefghijklmnop")) {
        talkative.insert(talkative.end(), {"--tags", letter + ("=" + std::string(100, 'x'))});
    }
    StormFleet fleet(storm.gateway().broker(), {kMany, "fridge-", false, talkative});
    storm.gateway().daemon().signal(SIGCONT);
    REQUIRE(storm.gateway().broker().log().find("being dropped") != std::string::npos);
    storm.await_online(kMany);
    CHECK(number(storm.gateway().request("status"), "/devices/total") == kMany);
}

}  // namespace
}  // namespace muster::test
