// One commit of what a batch of operations changes, as the daemon makes one: for
// each operation its verdict, what the device reports since, and the next message.
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/bench/micro/fleets.hpp"
#include "tests/support/played_job.hpp"
#include "tests/support/temp_dir.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <functional>
#include <memory>

namespace muster::bench {
namespace {

constexpr std::size_t kFleet = 10'000;

std::unique_ptr<store::Store> in_memory(const test::TempDir& /*directory*/) {
    return std::make_unique<store::MemoryStore>();
}

std::unique_ptr<store::Store> on_disk(const test::TempDir& directory) {
    return store::open((directory / "muster.db").string()).value();
}

void commit(benchmark::State& state, std::unique_ptr<store::Store> (*open)(const test::TempDir& directory)) {
    const auto batch = static_cast<std::uint32_t>(state.range(0));
    const auto& fleet = fleet_of(kFleet);
    const test::PlayedJob job(fleet, batch);
    const test::TempDir directory;
    const auto store = open(directory);
    MUSTER_INVARIANT(store->commit(fleet.changes()).has_value());
    MUSTER_INVARIANT(store->commit(job.changes().front()).has_value());
    std::size_t round = 0;
    for (auto _ : state) {
        // Applying a change twice costs what it costs once, so the rounds may go on from the first.
        round = round + 1 < job.changes().size() ? round + 1 : 1;
        MUSTER_INVARIANT(store->commit(job.changes()[round]).has_value());
    }
    state.SetItemsProcessed(state.iterations() * batch);
}
BENCHMARK_CAPTURE(commit, memory, in_memory)->Arg(100)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(commit, sqlite, on_disk)->Arg(1)->Arg(100)->Arg(1'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace muster::bench
