// kill -9 in the middle of a job, of the daemon and of the broker.
#include "tests/integration/fleet.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

namespace muster::test {
namespace {

constexpr std::int64_t kDevices = 500;
// Slow enough that the job is under way for a second at least.
const std::vector<std::string> kUnhurried{"--delay", "50..1000", "--reject", "2", "--duplicate", "10"};
constexpr std::int64_t kRejected = 10;

void check_outcome(Gateway& gateway, std::int64_t job, const boost::json::value& statistics) {
    auto counts = count_executions(gateway, job);
    CHECK(counts["Completed"] == kDevices - kRejected);
    CHECK(counts["rejected"] == kRejected);
    CHECK(counts["Failed"] == kRejected);
    check_tally(gateway, job);
    CHECK(number(statistics, "/executed_more_than_once") == 0);
    CHECK(number(statistics, "/totals/executed") == kDevices - kRejected);
}

TEST_CASE("B02: musterd is killed in the middle of a job") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, kDevices, kUnhurried);
    const auto job = run_job(gateway, fan_speed_job(3));
    for (const std::int64_t least : {50, 200, 400}) {
        gateway.await_count(job, "succeeded", least);
        gateway.kill_daemon();
        gateway.start_daemon();
        const auto tally = member(gateway.job(job), "/tally");
        CHECK_MESSAGE(number(tally, "/succeeded") >= least, boost::json::serialize(tally));
    }
    gateway.await_job(job, "Failed");
    check_outcome(gateway, job, simulator.stop());
}

TEST_CASE("B02: a command that may have run on a device without memory is not repeated") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, 10, {"--forget", "--drop", "100", "--drop-moment", "after"});
    const auto job = run_job(gateway, {{"name", "Reboot"},
                                       {"set", "refrigerators"},
                                       {"type", "commands"},
                                       {"operations", boost::json::array{{{"name", "reboot"}}}},
                                       {"policy", {{"timeout_seconds", 5}}}});
    const auto all_sent = [&] {
        const auto executions = gateway.list("job/devices", {{"job", job}});
        return std::ranges::all_of(executions, [](const auto& one) { return number(one, "/attempts") == 1; });
    };
    REQUIRE(eventually(all_sent));
    gateway.kill_daemon();
    gateway.start_daemon();
    gateway.await_job(job, "Failed");
    CHECK(count_executions(gateway, job)["uncertain"] == 10);
    CHECK(number(simulator.stop(), "/totals/received") == 10);
}

void kill_broker_during_a_job(bool persistence) {
    Gateway gateway({.broker_persistence = persistence});
    put_fleet(gateway);
    Simulator simulator(gateway, kDevices, kUnhurried);
    const auto job = run_job(gateway, fan_speed_job(3));
    gateway.await_count(job, "succeeded", 100);
    gateway.restart_broker();
    gateway.await_job(job, "Failed");
    check_outcome(gateway, job, simulator.stop());
}

TEST_CASE("B03: the broker is killed in the middle of a job, and forgets everything") {
    kill_broker_during_a_job(false);
}

TEST_CASE("B03: the broker is killed in the middle of a job, and remembers some of it") {
    kill_broker_during_a_job(true);
}

TEST_CASE("promise 1: what was answered is there after a kill") {
    Gateway gateway;
    put_fleet(gateway);
    for (int round = 1; round <= 5; ++round) {
        const auto saved = number(gateway.request("job/save", fan_speed_job(round)), "/job");
        gateway.kill_daemon();
        gateway.start_daemon();
        CHECK(saved == round);
        CHECK(text(gateway.job(saved), "/status") == "Pending");
    }
}

}  // namespace
}  // namespace muster::test
