// What a job costs per device, from a thousand devices to a million.
#include "tests/bench/sections.hpp"
#include "tests/bench/turns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace muster::bench {
namespace {

constexpr std::size_t kReference = 10'000;  // devices of the job that all others are held against
constexpr double kKibibyte = 1024;

// Everything for jobs on so many devices.
class World {
public:
    explicit World(std::size_t devices)
        : broker_(broker_options()),
          musterd_(broker_),
          empty_kib_(musterd_.usage().peak_kib),
          fleet_(broker_, {.devices = devices, .connections = "8"}) {
        musterd_.await_devices(devices, devices);
        store_bytes_ = musterd_.settled_store_bytes();
    }

    [[nodiscard]] std::size_t devices() const { return fleet_.options().devices; }
    void job() {
        const auto turn = job_turn(musterd_, broker_, fleet_, 1 + jobs_++ % 5);
        turns_.add(turn, devices());
        microseconds_.push_back(turn.seconds / static_cast<double>(devices()) * 1e6);
    }
    [[nodiscard]] const std::vector<double>& microseconds() const { return microseconds_; }
    void report(Report& report);

private:
    [[nodiscard]] double per_device(double bytes) const { return bytes / static_cast<double>(devices()); }

    test::Mosquitto broker_;
    Musterd musterd_;
    long empty_kib_;
    Fleet fleet_;
    std::uintmax_t store_bytes_ = 0;  // with the devices, before any job
    Turns turns_;
    std::vector<double> microseconds_;
    int jobs_ = 0;
};

void World::report(Report& report) {
    const auto id = fmt::format("scale.{}", devices());
    const auto peak = static_cast<double>(musterd_.usage().peak_kib - empty_kib_) * kKibibyte;
    const auto store = static_cast<double>(musterd_.settled_store_bytes());
    const auto before = static_cast<double>(store_bytes_);
    report.add(id + ".time",
               fmt::format("a job on {} devices, time per device", readable(static_cast<double>(devices()))),
               "us/device", microseconds_);
    turns_.report_cpu(report, id, "musterd");
    report.add(id + ".repeats", fmt::format("  operations sent again, in {} jobs", jobs_), "operations",
               {static_cast<double>(musterd_.repeats())});
    report.add(id + ".memory", "  peak memory of musterd beyond an empty one", "bytes/device",
               {per_device(peak)});
    report.add(id + ".store.devices", "  store, the device itself", "bytes/device", {per_device(before)});
    report.add(id + ".store.executions", "  store, each execution of a job", "bytes/execution",
               {per_device(store - before) / jobs_});
}

}  // namespace

void measure_scale(const Run& run) {
    const auto sizes = run.quick ? std::vector<std::size_t>{1'000, 100'000}
                                 : std::vector<std::size_t>{1'000, 100'000, 1'000'000};
    World reference(kReference);
    reference.job();  // warms both sides up; the first job after the devices came is no other than the rest
    for (const auto devices : sizes) {
        World world(devices);
        std::vector<double> times;
        const int rounds = devices >= 1'000'000 ? 2 : 5;
        for (int round = 0; round < rounds; ++round) {
            reference.job();
            world.job();
            reference.job();
            const auto& around = reference.microseconds();
            times.push_back(world.microseconds().back() / ((around.back() + around[around.size() - 2]) / 2));
        }
        world.report(run.report);
        run.report.add(fmt::format("scale.{}.ratio", devices),
                       "  time per device / that of a 10,000-device job beside it", "times", times);
    }
    reference.report(run.report);
}

}  // namespace muster::bench
