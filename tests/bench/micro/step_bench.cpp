// The engine alone: what it is told at once, and what a store would be given of
// it, is dropped. Figures are of one device each.
#include "protocol/codec.hpp"
#include "tests/bench/micro/fleets.hpp"
#include "tests/support/engine_world.hpp"
#include "tests/support/hot_path_samples.hpp"
#include "tests/support/played_job.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace muster::bench {
namespace {

constexpr std::size_t kFleet = 10'000;
constexpr std::uint32_t kBatch = 100;

void tell(core::Engine& engine, const std::vector<core::Event>& events, core::Effects& effects) {
    for (const auto& event : events) {
        engine.step(test::SampleFleet::kNow, event, effects);
    }
    benchmark::DoNotOptimize(effects);
    effects.clear();
}

void per_device(benchmark::State& state, std::int64_t devices) {
    state.SetItemsProcessed(state.iterations() * devices);
}

// The request to run a job until its first messages: the set evaluated, an
// execution made for each device, a window of them sent.
void run_job(benchmark::State& state) {
    const auto& fleet = fleet_of(static_cast<std::size_t>(state.range(0)));
    const std::vector<core::Event> run{test::run_sample_job()};
    core::Effects effects;
    for (auto _ : state) {
        state.PauseTiming();
        auto engine = fleet.engine(kBatch);
        state.ResumeTiming();
        tell(*engine, run, effects);
        state.PauseTiming();
        engine.reset();
        state.ResumeTiming();
    }
    per_device(state, state.range(0));
}
BENCHMARK(run_job)->Arg(1'000)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

// Acknowledgement and state of each device, and the message to the next one.
void acks(benchmark::State& state) {
    static const test::PlayedJob played(fleet_of(kFleet), kBatch);
    core::Effects effects;
    for (auto _ : state) {
        state.PauseTiming();
        auto engine = fleet_of(kFleet).engine(kBatch);
        tell(*engine, played.rounds().front(), effects);
        state.ResumeTiming();
        for (std::size_t round = 1; round < played.rounds().size(); ++round) {
            tell(*engine, played.rounds()[round], effects);
        }
        state.PauseTiming();
        engine.reset();
        state.ResumeTiming();
    }
    per_device(state, kFleet);
}
BENCHMARK(acks)->Unit(benchmark::kMillisecond);

// What devices say unasked, each one the same in turn.
void told(benchmark::State& state, const std::function<core::Event(std::size_t device, bool again)>& event) {
    const auto engine = fleet_of(kFleet).engine(kBatch);
    std::vector<core::Event> events;
    for (std::size_t number = 1; number <= kFleet; ++number) {
        events.push_back(event(number, false));
    }
    for (std::size_t number = 1; number <= kFleet; ++number) {
        events.push_back(event(number, true));
    }
    core::Effects effects;
    for (auto _ : state) {
        tell(*engine, events, effects);
    }
    per_device(state, static_cast<std::int64_t>(events.size()));
}
BENCHMARK_CAPTURE(told, status_changed, [](std::size_t device, bool again) -> core::Event {
    return core::StatusReceived{test::device_id(device), again, false};
})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(told, info_same, [](std::size_t device, bool /*again*/) -> core::Event {
    return core::InfoReceived{test::device_id(device), test::fleet_info(device)};
})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(told, state_changed, [](std::size_t device, bool again) -> core::Event {
    return core::StateReceived{test::device_id(device),
                               decode_state(test::state_payload(again ? 2 : 3)).value()};
})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace muster::bench
