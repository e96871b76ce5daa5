#include "daemon/runtime/clock.hpp"

#include <doctest/doctest.h>

namespace muster::runtime {
namespace {

const TimePoint kStart = parse_utc("2026-01-01T10:00:00Z").value();

// Both sources in the test's hand.
struct Hands {
    TimePoint system = kStart;
    Milliseconds steady{5'000};

    Clock clock() {
        return {[this] { return system; }, [this] { return steady; }};
    }
    void pass(Milliseconds time) {
        system += time;
        steady += time;
    }
};

}  // namespace

TEST_CASE("while nobody sets the system's clock, both run alike") {
    Hands hands;
    auto clock = hands.clock();
    for (int i = 0; i < 1'000; ++i) {
        hands.pass(Milliseconds{7});
        CHECK(clock.now() == hands.system);
    }
}

TEST_CASE("a clock that is set back slows it down, but never turns or stops it") {
    Hands hands;
    auto clock = hands.clock();
    hands.system -= Milliseconds{60'000};
    auto last = clock.now();
    CHECK(last == kStart);
    for (int i = 0; i < 100; ++i) {
        hands.pass(Milliseconds{1'000});
        const auto now = clock.now();
        CHECK(now - last == Milliseconds{900});
        last = now;
    }
    for (int i = 0; i < 600; ++i) {
        hands.pass(Milliseconds{1'000});
        const auto now = clock.now();
        CHECK(now >= last);
        last = now;
    }
    CHECK(last == hands.system);
}

TEST_CASE("asked every millisecond it drifts no faster, and does not turn") {
    Hands hands;
    auto clock = hands.clock();
    hands.system -= Milliseconds{60'000};
    auto last = clock.now();
    for (int i = 0; i < 10'000; ++i) {
        hands.pass(Milliseconds{1});
        const auto now = clock.now();
        CHECK(now >= last);
        last = now;
    }
    CHECK(last - kStart >= Milliseconds{8'900});
    CHECK(last - kStart <= Milliseconds{9'100});
}

TEST_CASE("a clock that is set ahead a little is followed slowly, one that had no time at once") {
    Hands hands;
    auto clock = hands.clock();
    hands.system += Milliseconds{60'000};
    hands.pass(Milliseconds{1'000});
    CHECK(clock.now() == kStart + Milliseconds{1'100});
    hands.system += std::chrono::hours{24 * 365};
    CHECK(clock.now() == hands.system);
}

}  // namespace muster::runtime
