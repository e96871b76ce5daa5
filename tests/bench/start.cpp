// How long a start takes: with years of history behind it, and in the middle of a job.
#include "tests/bench/file_cache.hpp"
#include "tests/bench/sections.hpp"
#include "tests/bench/store_filler.hpp"
#include "tests/bench/world.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <vector>

namespace muster::bench {
namespace {

constexpr StoreContents kHistory{.devices = 100'000, .jobs = 1'000, .executions_of_job = 1'000};
// A roll call of a million devices alone takes 17 minutes, and may be followed by another.
constexpr std::chrono::minutes kPatience{60};

void measure_cold(const Run& run) {
    const test::Mosquitto broker(broker_options());
    Musterd musterd(broker, [](const auto& path) { fill_store(path, kHistory); });
    std::vector<double> cached;
    std::vector<double> from_disk;
    bool dropped = true;
    for (int i = 0; i < (run.quick ? 3 : 10); ++i) {
        musterd.stop();
        cached.push_back(musterd.start());
        musterd.stop();
        dropped = drop_from_cache(musterd.store()) && dropped;
        from_disk.push_back(musterd.start());
    }
    run.report.add("start.cold", "start with 100,000 devices and 1,000,000 past executions, until online",
                   "s", from_disk);
    run.report.add("start.cached", "  its store still in the system's memory", "s", cached);
    if (!dropped) {
        run.report.note("start.cache", "The system did not forget the file: both are of a store in memory.");
    }
}

std::int64_t succeeded(Musterd& musterd, std::int64_t job) {
    return test::number(musterd.client().request("job/get", {{"job", job}}), "/tally/succeeded");
}

// Killed when half of the devices have answered; then everything has to be as if nothing had been.
void measure_replay(const Run& run, std::size_t devices) {
    const test::Mosquitto broker(broker_options());
    Musterd musterd(broker);
    const Fleet fleet(broker, {.devices = devices, .connections = "8"});
    musterd.await_devices(devices, devices);
    const auto name = readable(static_cast<double>(devices));
    const auto job = musterd.run_job(5);
    const auto half = static_cast<std::int64_t>(devices / 2);
    for (const Stopwatch watch; succeeded(musterd, job) < half;) {
        if (watch.seconds() > std::chrono::duration<double>(kPatience).count()) {
            throw std::runtime_error("the job does not get to its half");
        }
    }
    musterd.kill();
    run.report.add(
        fmt::format("start.replay.{}", devices),
        fmt::format("start after kill -9 in the middle of a job on {} devices, until online", name), "s",
        {musterd.start()});
    const Stopwatch watch;
    const auto end = musterd.client().await_end(job, kPatience);
    run.report.add(fmt::format("start.replay.{}.rest", devices), "  until the job's end from there", "s",
                   {watch.seconds()});
    if (end.status != "Completed" || end.succeeded != static_cast<std::int64_t>(devices)) {
        throw std::runtime_error(fmt::format("the job is {}, {} succeeded", end.status, end.succeeded));
    }
}

}  // namespace

void measure_start(const Run& run) {
    measure_cold(run);
    measure_replay(run, run.quick ? 100'000 : 1'000'000);
}

}  // namespace muster::bench
