// What a reconnect storm costs: a fleet with a connection each, a settings job at
// work on it, and a broker that is killed and started again, twice; then the
// gateway's own connection is cut.
//
//   build/bin/bench_storm [DEVICES]      (3000; 20,000 open files of a process are enough for 15000)
//
// "back" is from the start of the broker until every device is connected again,
// "known" from then until musterd counts them all. Messages are read from musterd's connections, memory is
// its peak resident set. On a shared machine the times are good to about a factor of 1.5.
#define DOCTEST_CONFIG_IMPLEMENT  // the fleet's checks want it
#include "tests/bench/usage.hpp"
#include "tests/integration/fleet.hpp"
#include "tests/integration/storm.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <vector>

namespace muster::test {
namespace {

// Common brokers, and devices that answer late enough for a storm to come between.
const Storm::Options kBroker{"max_inflight_messages 1000\nset_tcp_nodelay true\n", {}};
constexpr const char* kDelay = "200..1800";
constexpr Milliseconds kPatienceOfBench{600'000};
// Of one muster-sim, which needs three open files for each.
constexpr std::size_t kDevicesOfOne = 5'000;

using Fleets = std::vector<std::unique_ptr<StormFleet>>;

Fleets connect(Storm& storm, std::size_t devices) {
    Fleets fleets;
    for (std::size_t left = devices; left > 0;) {
        const auto some = std::min(left, kDevicesOfOne);
        const auto prefix = "fridge-" + std::to_string(fleets.size() + 1) + "-";
        fleets.push_back(std::make_unique<StormFleet>(
            storm.gateway().broker(), StormFleet::Options{some, prefix, false, {"--delay", kDelay}}));
        left -= some;
    }
    return fleets;
}

void await_back(const Fleets& fleets, int storms) {
    for (const auto& fleet : fleets) {
        fleet->await_back(storms);
    }
}

class Report {
public:
    explicit Report(Storm& storm) : storm_(storm) {
        fmt::print("{:<22} {:>9} {:>8} {:>8} {:>10} {:>9} {:>10} {:>10} {:>9}\n", "", "seconds", "sent",
                   "repeats", "most in 1s", "unacked", "announces", "CPU s", "peak KiB");
    }
    // Of what happened since the line before.
    void line(const std::string& what, double seconds) {
        const auto now = storm_.figures();
        const auto usage = usage_of(storm_.gateway().daemon().id());
        fmt::print("{:<22} {:>9.1f} {:>8} {:>8} {:>10} {:>9} {:>10} {:>10.2f} {:>9}\n", what, seconds,
                   now.sent - before_.sent, now.repeats() - before_.repeats(), now.most_in_a_second,
                   now.most_unacknowledged, now.announces - before_.announces,
                   usage.cpu_seconds - cpu_seconds_, usage.peak_kib);
        before_ = now;
        cpu_seconds_ = usage.cpu_seconds;
    }

private:
    Storm& storm_;
    OperationMeter::Figures before_;
    double cpu_seconds_ = 0;
};

class Stopwatch {
public:
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

void await_end(Storm& storm, std::int64_t job, std::size_t devices) {
    const auto ended = [&] { return number(storm.gateway().job(job), "/tally/pending") == 0; };
    if (!eventually(ended, kPatienceOfBench)) {
        throw std::runtime_error("the job did not end");
    }
    const auto succeeded = number(storm.gateway().job(job), "/tally/succeeded");
    fmt::print("the job is {}: {} of {} succeeded\n", text(storm.gateway().job(job), "/status"), succeeded,
               devices);
}

void measure(std::size_t devices) {
    Storm storm(kBroker);
    put_fleet(storm.gateway());
    fmt::print("{} devices, a connection each\n", devices);
    Report report(storm);
    const Stopwatch connecting;
    const auto fleets = connect(storm, devices);
    storm.await_online(devices, kPatienceOfBench);
    report.line("all come, and are new", connecting.seconds());
    const auto job = run_job(storm.gateway(), fan_speed_job(3));
    storm.gateway().await_count(job, "succeeded", static_cast<std::int64_t>(devices / 10));
    report.line("a tenth has answered", 0);
    for (int i = 0; i < 2; ++i) {
        storm.kill_broker();
        const Stopwatch back;
        storm.start_broker();
        await_back(fleets, i + 1);
        report.line("broker killed, back", back.seconds());
        const Stopwatch known;
        storm.await_online(devices, kPatienceOfBench);
        report.line("and all known to be", known.seconds());
    }
    const Stopwatch cut;
    storm.cut_gateway();
    storm.await_online(devices, kPatienceOfBench);
    report.line("musterd cut off, back", cut.seconds());
    await_end(storm, job, devices);
    report.line("the job's end", cut.seconds());
    for (const auto& [times, operations] : storm.figures().operations_by_sends) {
        fmt::print("{} operations were sent {} times\n", operations, times);
    }
    const auto counters = storm.gateway().request("status").at("counters");
    fmt::print("refused by musterd's queue: {}\n", number(counters, "/queue_refused"));
    std::int64_t executed = 0;
    std::int64_t too_often = 0;
    for (const auto& fleet : fleets) {
        const auto statistics = fleet->stop();
        executed += number(statistics, "/totals/executed");
        too_often += number(statistics, "/executed_more_than_once");
    }
    fmt::print("executed {} times, operations executed more than once: {}\n", executed, too_often);
}

}  // namespace
}  // namespace muster::test

int main(int count, char** values) {
    try {
        muster::test::measure(count > 1 ? std::stoul(values[1]) : 3'000);
    } catch (const std::exception& error) {
        fmt::print(stderr, "storm_bench: {}\n", error.what());
        return 1;
    }
    return 0;
}
