// What musterd takes with ten thousand connected devices and nothing to do.
#include "tests/bench/sections.hpp"
#include "tests/bench/world.hpp"

#include <fmt/format.h>

#include <memory>
#include <vector>

namespace muster::bench {
namespace {

constexpr std::size_t kDevices = 10'000;
constexpr std::size_t kDevicesOfOne = 5'000;  // of one muster-sim, which needs three open files for each
constexpr std::size_t kSpareFiles = 500;
constexpr double kWindowSeconds = 20;

void wait(Musterd& musterd, double seconds) {
    for (const Stopwatch watch; watch.seconds() < seconds;) {
        musterd.client().turn(std::chrono::milliseconds(100));  // what it would have to say, it says here
    }
}

}  // namespace

void measure_idle(const Run& run) {
    // muster-sim has three for each, the broker one for all.
    const bool each = open_files() > 3 * kDevicesOfOne + kSpareFiles && open_files() > kDevices + kSpareFiles;
    const test::Mosquitto broker(broker_options());
    Musterd musterd(broker);
    const auto empty = musterd.usage();
    std::vector<std::unique_ptr<Fleet>> fleets;
    for (std::size_t first = 0; first < kDevices; first += kDevicesOfOne) {
        fleets.push_back(std::make_unique<Fleet>(
            broker, FleetOptions{.devices = kDevicesOfOne,
                                 .connections = each ? "each" : "4",
                                 .prefix = fmt::format("fridge-{}-", fleets.size() + 1)}));
    }
    musterd.await_devices(kDevices, kDevices);
    musterd.client().await_quiet();
    std::vector<double> percent;
    for (int i = 0; i < (run.quick ? 1 : 5); ++i) {
        const auto before = musterd.usage().cpu_seconds;
        const Stopwatch watch;
        wait(musterd, kWindowSeconds);
        percent.push_back((musterd.usage().cpu_seconds - before) / watch.seconds() * 100);
    }
    const auto kib_to_mib = [](long kib) { return static_cast<double>(kib) / 1024; };
    run.report.add("idle.cpu",
                   fmt::format("musterd with {} devices and nothing to do, CPU", readable(kDevices)),
                   "% of a core", percent);
    run.report.add("idle.resident", "  resident memory", "MiB", {kib_to_mib(musterd.usage().resident_kib)});
    run.report.add("idle.peak", "  its peak, when they all came", "MiB",
                   {kib_to_mib(musterd.usage().peak_kib)});
    run.report.add("idle.empty", "  musterd without devices", "MiB", {kib_to_mib(empty.resident_kib)});
    run.report.note("idle.connections",
                    each ? "Each device had a connection of its own."
                         : "The limit of open files is too low: the devices shared connections.");
}

}  // namespace muster::bench
