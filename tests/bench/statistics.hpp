// What a handful of measurements says: the middle, the ends, the tail.
//
// Threads: pure functions on plain values.
#pragma once

#include <cstddef>
#include <vector>

namespace muster::bench {

struct Summary {
    std::size_t n = 0;
    double median = 0;
    double p99 = 0;  // the smallest sample that at least 99 % of all do not exceed
    double min = 0;
    double max = 0;
};

// The median of an even number is the mean of the two in the middle. All zero of no sample.
[[nodiscard]] Summary summarize(std::vector<double> samples);

// Of each pair; as many as the shorter one has. A pair with a zero divisor counts as 0.
[[nodiscard]] std::vector<double> ratios(const std::vector<double>& dividends,
                                         const std::vector<double>& divisors);

}  // namespace muster::bench
