#include "tests/bench/sections.hpp"

namespace muster::bench {

const std::vector<Section>& sections() {
    static const std::vector<Section> all{
        {"throughput", "a job next to bare loops, in turns", &measure_throughput},
    };
    return all;
}

}  // namespace muster::bench
