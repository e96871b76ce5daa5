#include "tests/bench/sections.hpp"

namespace muster::bench {

const std::vector<Section>& sections() {
    static const std::vector<Section> all{
        {"throughput", "a job next to bare loops, in turns", &measure_throughput},
        {"peer", "a job next to what a user would write instead, in turns", &measure_peer},
        {"scale", "jobs on more and more devices", &measure_scale},
        {"latency", "a job on one device", &measure_latency},
        {"run", "the answer to a request to run", &measure_run},
        {"start", "a start with much in the store", &measure_start},
        {"queries", "lists and pages with a million rows behind them, while a job runs", &measure_queries},
        {"idle", "nothing to do", &measure_idle},
        {"micro", "the hot path, piece by piece", &measure_micro},
    };
    return all;
}

}  // namespace muster::bench
