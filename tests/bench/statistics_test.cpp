#include "tests/bench/statistics.hpp"

#include <doctest/doctest.h>

#include <numeric>
#include <vector>

namespace muster::bench {
namespace {

TEST_CASE("the median is in the middle, whatever the order") {
    CHECK(summarize({5, 1, 3}).median == 3);
    CHECK(summarize({4, 1, 3, 2}).median == 2.5);
    CHECK(summarize({7}).median == 7);
}

TEST_CASE("the 99th percentile is the smallest sample that 99 of 100 do not exceed") {
    std::vector<double> samples(100);
    std::iota(samples.rbegin(), samples.rend(), 1);
    CHECK(summarize(samples).p99 == 99);
    samples.push_back(1000);  // one of 101: two may be above
    CHECK(summarize(samples).p99 == 100);
    CHECK(summarize({1, 2, 3}).p99 == 3);
    CHECK(summarize({8}).p99 == 8);
}

TEST_CASE("the ends and the number of samples") {
    const auto summary = summarize({3, -1, 2});
    CHECK(summary.n == 3);
    CHECK(summary.min == -1);
    CHECK(summary.max == 3);
    CHECK(summarize({}).n == 0);
    CHECK(summarize({}).median == 0);
}

TEST_CASE("ratios are those of the pairs, not of the medians") {
    CHECK(ratios({10, 20, 30}, {10, 10, 60}) == std::vector<double>{1, 2, 0.5});
    CHECK(ratios({10, 20}, {5}) == std::vector<double>{2});
    CHECK(ratios({10}, {0}) == std::vector<double>{0});
}

}  // namespace
}  // namespace muster::bench
