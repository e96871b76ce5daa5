// The hot path piece by piece: what tests/bench/micro measures, taken into the report.
#include "tests/bench/sections.hpp"
#include "tests/support/gateway.hpp"
#include "tests/support/json.hpp"
#include "tests/support/process.hpp"

#include <boost/json/array.hpp>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace muster::bench {
namespace {

constexpr std::chrono::minutes kPatience{10};

}  // namespace

void measure_micro(const Run& run) {
    const auto micro = test::program("bench_micro");
    if (!std::filesystem::exists(micro)) {
        run.report.note("micro.missing", "bench_micro was not built, so nothing is measured.");
        return;
    }
    std::vector<std::string> command{micro, "--benchmark_format=json"};
    command.emplace_back(run.quick ? "--benchmark_min_time=0.02" : "--benchmark_min_time=0.2");
    command.emplace_back(run.quick ? "--benchmark_repetitions=1" : "--benchmark_repetitions=5");
    const auto finished = test::run(command, kPatience);
    if (finished.exit_code != 0) {
        throw std::runtime_error("bench_micro: " + finished.errors);
    }
    const auto told = test::parse(finished.output);
    std::vector<double> times;  // of the repetitions of one, which follow on each other
    std::string name;
    std::string unit;
    const auto add = [&] {
        if (!times.empty()) {
            run.report.add("micro." + name, name, unit, times);
        }
        times.clear();
    };
    for (const auto& one : test::member(told, "/benchmarks").as_array()) {
        if (test::text(one, "/run_type") != "iteration") {
            continue;  // what Google Benchmark made of the repetitions
        }
        if (test::text(one, "/run_name") != name) {
            add();
            name = test::text(one, "/run_name");
            unit = test::text(one, "/time_unit") + " CPU";
        }
        times.push_back(test::member(one, "/cpu_time").to_number<double>());
    }
    add();
}

}  // namespace muster::bench
