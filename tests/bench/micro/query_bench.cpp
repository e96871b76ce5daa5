// Device sets: a query on one device, and a set evaluated over the whole fleet.
#include "daemon/core/query.hpp"
#include "tests/bench/micro/fleets.hpp"
#include "tests/support/engine_world.hpp"
#include "tests/support/hot_path_samples.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>

namespace muster::bench {
namespace {

constexpr std::size_t kFleet = 1'000;

void matches(benchmark::State& state) {
    const auto& [name, text] = test::kFleetSets.at(static_cast<std::size_t>(state.range(0)));
    const auto query = core::Query::parse(text).value();
    const auto engine = fleet_of(kFleet).engine(1);
    std::size_t number = 0;
    for (auto _ : state) {
        number = number % kFleet + 1;
        benchmark::DoNotOptimize(query.matches(*engine->registry().get(test::device_id(number).text())));
    }
    state.SetLabel(std::string(name));
}
BENCHMARK(matches)->DenseRange(0, 2);

void evaluate_set(benchmark::State& state) {
    const auto& [name, text] = test::kFleetSets.at(static_cast<std::size_t>(state.range(1)));
    const auto engine = fleet_of(static_cast<std::size_t>(state.range(0))).engine(1);
    const auto* set = engine->catalog().find_set(name);
    for (auto _ : state) {
        benchmark::DoNotOptimize(engine->catalog().evaluate(*set, engine->registry()));
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
    state.SetLabel(std::string(name));
}
BENCHMARK(evaluate_set)->ArgsProduct({{1'000, 100'000}, {0, 1, 2}})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace muster::bench
