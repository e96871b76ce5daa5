// Pages of lists, from the request to the bytes of the answer.
#include "daemon/api/api.hpp"
#include "protocol/codec.hpp"
#include "tests/support/sample_pages.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

namespace muster::bench {
namespace {

constexpr std::size_t kFleet = 10'000;

const test::SamplePages& pages() {
    static const test::SamplePages pages(kFleet);
    return pages;
}

void page(benchmark::State& state, const std::string& verb, const boost::json::object& body) {
    auto asked = body;
    asked["limit"] = state.range(0);
    const auto& sample = pages();  // made by the first who asks, which is not what is measured
    for (auto _ : state) {
        benchmark::DoNotOptimize(sample.page(verb, asked));
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK_CAPTURE(page, job_devices, "job/devices", boost::json::object{{"job", 1}})->Arg(50)->Arg(1'000);
BENCHMARK_CAPTURE(page, device_list, "device/list", boost::json::object{})->Arg(50)->Arg(1'000);
BENCHMARK_CAPTURE(page, set_preview, "set/preview", boost::json::object{{"set", "oslo"}})
    ->Arg(50)
    ->Arg(1'000);

}  // namespace
}  // namespace muster::bench
