#include "tests/bench/statistics.hpp"

#include <algorithm>

namespace muster::bench {

Summary summarize(std::vector<double> samples) {
    if (samples.empty()) {
        return {};
    }
    std::ranges::sort(samples);
    const auto n = samples.size();
    const auto rank = (99 * n + 99) / 100;  // of the 99th percentile, from 1
    return {n, (samples[(n - 1) / 2] + samples[n / 2]) / 2, samples[rank - 1], samples.front(),
            samples.back()};
}

std::vector<double> ratios(const std::vector<double>& dividends, const std::vector<double>& divisors) {
    std::vector<double> found;
    for (std::size_t i = 0; i < std::min(dividends.size(), divisors.size()); ++i) {
        found.push_back(divisors[i] > 0 ? dividends[i] / divisors[i] : 0);
    }
    return found;
}

}  // namespace muster::bench
