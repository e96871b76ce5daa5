// Fleets that several benchmarks measure on, each made once: a benchmark is called
// several times until it has run for long enough.
//
// Threads: one.
#pragma once

#include "tests/support/sample_fleet.hpp"

#include <cstddef>
#include <map>

namespace muster::bench {

inline const test::SampleFleet& fleet_of(std::size_t size) {
    static std::map<std::size_t, test::SampleFleet> fleets;
    return fleets.try_emplace(size, size).first->second;
}

}  // namespace muster::bench
