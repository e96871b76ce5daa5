// What a kill -9 leaves behind, step by step. tests/crash kills at random, and at every moment that has a
// name.
#include "tests/integration/fleet.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

namespace muster::test {
namespace {

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
