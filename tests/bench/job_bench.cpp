// How fast a real job is: a private Mosquitto, musterd on a disk, muster-sim on
// few connections, QoS 1, one settings job on all devices.
//
//   build/bin/bench_job [DEVICES [CONNECTIONS [JOBS]]]      (10000 4 3)
//
// A job's time is from the request to run it until its retained topic says that
// it ended. Memory is the daemon's peak resident set. On a shared machine the
// figures are good to about a factor of 1.5; run it beside what you compare with.
#define DOCTEST_CONFIG_IMPLEMENT  // the fleet's checks want it
#include "tests/bench/usage.hpp"
#include "tests/integration/fleet.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

namespace muster::test {
namespace {

std::int64_t counter(Gateway& gateway, std::string_view name) {
    return gateway.request("status").at("counters").at(name).to_number<std::int64_t>();
}

void measure(std::size_t devices, const std::string& connections, int jobs) {
    GatewayOptions options;
    options.broker_configuration =
        "set_tcp_nodelay true\nmax_inflight_messages 1000\nmax_queued_messages 100000\n";
    Gateway gateway(options);
    put_fleet(gateway);
    const Simulator simulator(gateway, devices, {"--connections", connections});
    fmt::print(
        "{} devices on {} connections, QoS 1, durable\n{:>5} {:>10} {:>10} {:>8} {:>8} {:>12} {:>16}\n",
        devices, connections, "job", "seconds", "per second", "repeats", "refused", "daemon CPU s",
        "daemon peak KiB");
    std::vector<double> rates;
    for (int i = 0; i < jobs; ++i) {
        const auto before = usage_of(gateway.daemon().id());
        const auto resent = counter(gateway, "operation_resent");
        const auto refused = counter(gateway, "operation_refused");
        const auto start = std::chrono::steady_clock::now();
        const auto job = run_job(gateway, fan_speed_job(1 + i % 5));
        gateway.await_job(job, "Completed");
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        const auto after = usage_of(gateway.daemon().id());
        rates.push_back(static_cast<double>(devices) / seconds.count());
        fmt::print("{:>5} {:>10.2f} {:>10.0f} {:>8} {:>8} {:>12.2f} {:>16}\n", job, seconds.count(),
                   rates.back(), counter(gateway, "operation_resent") - resent,
                   counter(gateway, "operation_refused") - refused, after.cpu_seconds - before.cpu_seconds,
                   after.peak_kib);
    }
    std::sort(rates.begin(), rates.end());
    fmt::print("median {:.0f} operations/s\n", rates[rates.size() / 2]);
}

}  // namespace
}  // namespace muster::test

int main(int count, char** values) {
    const std::vector<std::string> arguments(values + 1, values + count);
    const auto number = [&arguments](std::size_t at, const char* otherwise) {
        return arguments.size() > at ? arguments[at] : std::string(otherwise);
    };
    try {
        muster::test::measure(std::stoul(number(0, "10000")), number(1, "4"), std::stoi(number(2, "3")));
    } catch (const std::exception& error) {
        fmt::print(stderr, "job_bench: {}\n", error.what());
        return 1;
    }
    return 0;
}
