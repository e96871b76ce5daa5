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
constexpr const char* kRatio = "  time per device / that of a 10,000-device job beside it";

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
    [[nodiscard]] std::string id() const { return fmt::format("scale.{}", devices()); }
    void job() {
        const auto turn = job_turn(musterd_, broker_, fleet_, fleet_.another_speed());
        ++jobs_;
        turns_.add(turn, devices());
        microseconds_.push_back(turn.seconds / static_cast<double>(devices()) * 1e6);
    }
    [[nodiscard]] const std::vector<double>& microseconds() const { return microseconds_; }
    // Waits until the devices have said all that musterd asked them for when they came, and counts anew.
    void come_to_rest();
    // Of the jobs since it counts.
    void report_time(Report& report, const std::string& id, const std::string& what) const;
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

void World::come_to_rest() {
    musterd_.client().await_quiet();
    turns_ = {};
    microseconds_.clear();
}

void World::report_time(Report& report, const std::string& id, const std::string& what) const {
    report.add(id + ".time",
               fmt::format("{} {} devices, time per device", what, readable(static_cast<double>(devices()))),
               "us/device", microseconds_);
    turns_.report_cpu(report, id, "musterd");
}

void World::report(Report& report) {
    const auto peak = static_cast<double>(musterd_.usage().peak_kib - empty_kib_) * kKibibyte;
    const auto store = static_cast<double>(musterd_.settled_store_bytes());
    const auto before = static_cast<double>(store_bytes_);
    report_time(report, id(), "a job on");
    report.add(id() + ".repeats", fmt::format("  operations sent again, in {} jobs", jobs_), "operations",
               {static_cast<double>(musterd_.repeats())});
    report.add(id() + ".memory", "  peak memory of musterd beyond an empty one", "bytes/device",
               {per_device(peak)});
    report.add(id() + ".store.devices", "  store, the device itself", "bytes/device", {per_device(before)});
    report.add(id() + ".store.executions", "  store, each execution of a job", "bytes/execution",
               {per_device(store - before) / jobs_});
}

// A job on `world` between two on `reference`: its time per device / theirs.
double ratio_of_turn(World& world, World& reference) {
    reference.job();
    world.job();
    reference.job();
    const auto& around = reference.microseconds();
    return world.microseconds().back() / ((around.back() + around[around.size() - 2]) / 2);
}

}  // namespace

void measure_scale(const Run& run) {
    const auto sizes = run.quick ? std::vector<std::size_t>{1'000, 100'000}
                                 : std::vector<std::size_t>{1'000, 100'000, 1'000'000};
    World reference(kReference);
    reference.come_to_rest();
    reference.job();  // warms both sides up
    for (const auto devices : sizes) {
        World world(devices);
        const auto joining = ratio_of_turn(world, reference);
        world.report_time(run.report, world.id() + ".joining", "a job as soon as they have come, on");
        run.report.add(world.id() + ".joining.ratio", kRatio, "times", {joining});
        world.come_to_rest();
        std::vector<double> times;
        const int rounds = devices >= 1'000'000 ? 3 : 5;
        for (int round = 0; round < rounds; ++round) {
            times.push_back(ratio_of_turn(world, reference));
        }
        world.report(run.report);
        run.report.add(world.id() + ".ratio", kRatio, "times", times);
    }
    reference.report(run.report);
}

}  // namespace muster::bench
