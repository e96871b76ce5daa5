// The real musterd, Mosquitto and muster-sim, killed and cut off in every way
// that crash_soak knows, once.
#include "tests/crash/round.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace muster::crash {
namespace {

constexpr std::size_t kDevices = 60;
constexpr Weather kWeathers[]{Weather::slow,           Weather::split,          Weather::stalled,
                              Weather::only_to_broker, Weather::only_to_client, Weather::half_open};

void check_settled(Round& round) {
    round.settle();
    const auto violations = round.violations();
    for (const auto& violation : violations) {
        FAIL_CHECK(violation);
    }
    if (!violations.empty()) {
        MESSAGE("the files are in ", round.keep_files().string());
    }
}

}  // namespace

TEST_CASE("B02: killed at each named moment, musterd goes on and loses nothing") {
    Figures figures;
    Round round(1, kDevices, figures);
    round.endure([](Torment& torment) {
        for (const auto& row : failpoint_table()) {
            if (row.when != FailpointRow::When::first_start) {  // at which each round begins
                CHECK_MESSAGE(torment.kill_at(row, 1, test::kPatience), std::string(row.name));
            }
        }
    });
    for (const auto& row : failpoint_table()) {
        CHECK_MESSAGE(figures.count("failpoint_" + std::string(row.name)) >= 1, std::string(row.name));
    }
    check_settled(round);
    CHECK(figures.count("operations_executed_twice") == 0);
}

TEST_CASE("B03 promise 4: brokers are killed and stopped, networks fail, with musterd and without") {
    Figures figures;
    Round round(2, kDevices, figures);
    round.endure([](Torment& torment) {
        using Fault = Torment::BrokerFault;
        torment.await_recovery();
        for (const bool both : {false, true}) {
            for (const auto fault : {Fault::kill_persistent, Fault::kill_forgetful, Fault::stop}) {
                torment.disturb_broker(fault, both);
                torment.revive();
            }
        }
        for (const auto side : {Torment::Side::daemon, Torment::Side::devices}) {
            for (const auto weather : kWeathers) {
                torment.disturb_network(weather, side);
                torment.revive();
            }
            torment.reset_network(side);
        }
        torment.abandon_network();
    });
    check_settled(round);
    CHECK(figures.count("operations_executed_twice") == 0);
}

TEST_CASE("a failpoint that is not in the table, or is never reached, is noticed") {
    const test::TempDir directory;
    const auto failpoints = [&](const std::string& visit) {
        const auto finished = test::run(
            {MUSTER_PROGRAM_DIRECTORY "/musterd_failpoints", visit, directory / "note", "--print-config"});
        return finished.exit_code;
    };
    CHECK(failpoints("after_lunch:1:0") == 2);
    CHECK(failpoints("after_commit:0:0") == 2);
    CHECK(failpoints("after_commit:1") == 2);
    CHECK(failpoints("after_commit:1:0") == 3);
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < failpoint_table().size(); ++i) {
        CHECK(failpoint_table()[i].point == static_cast<Failpoint>(i));
        CHECK(names.insert(failpoint_table()[i].name).second);
    }
}

}  // namespace muster::crash
