#include "daemon/mqtt/backoff.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

using muster::mqtt::Backoff;
using namespace std::chrono_literals;

TEST_CASE("delays double between the bounds, within half of either side") {
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    Backoff backoff(500ms, 30s, seed);
    auto base = 500ms;
    for (int attempt = 0; attempt < 20; ++attempt) {
        const auto delay = backoff.next();
        CHECK(delay >= base / 2);
        CHECK(delay <= base * 3 / 2);
        base = std::min<std::chrono::milliseconds>(base * 2, 30s);
    }
    backoff.reset();
    CHECK(backoff.next() <= 750ms);
}

TEST_CASE("clients that begin together do not stay together") {
    std::set<std::chrono::milliseconds> delays;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        delays.insert(Backoff(30s, 30s, seed).next());
    }
    CHECK(delays.size() > 40);
}

TEST_CASE("a delay of one millisecond is possible") {
    CHECK(Backoff(1ms, 1ms, 1).next() <= 1ms);
}
