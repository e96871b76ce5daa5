// The sections of the benchmark. Each brings up what it measures, bounds its own
// time, and adds its figures to the report; README.md explains every figure.
//
// Threads: one.
#pragma once

#include "tests/bench/report.hpp"

#include <filesystem>
#include <vector>

namespace muster::bench {

struct Run {
    Report& report;
    bool quick = false;           // fewer devices, fewer turns: a look, not a verdict
    std::filesystem::path peers;  // the scripts of tests/bench/peers with their packages; empty: not there
};

void measure_throughput(const Run& run);
void measure_scale(const Run& run);
void measure_latency(const Run& run);
void measure_run(const Run& run);
void measure_start(const Run& run);
void measure_queries(const Run& run);
void measure_idle(const Run& run);
void measure_peer(const Run& run);
void measure_micro(const Run& run);

struct Section {
    const char* name;
    const char* about;
    void (*measure)(const Run& run);
};

// In the order in which they run.
[[nodiscard]] const std::vector<Section>& sections();

}  // namespace muster::bench
