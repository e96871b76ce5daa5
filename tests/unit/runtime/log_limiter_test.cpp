#include "daemon/runtime/log_limiter.hpp"

#include <doctest/doctest.h>

#include <string>

namespace muster::runtime {
namespace {

constexpr TimePoint kStart{Milliseconds{1'000'000}};

LogLimiter small() {
    return LogLimiter({Milliseconds{10'000}, 2, 5});
}

int admitted(LogLimiter& limiter, TimePoint now, std::string_view source, int times) {
    int lines = 0;
    for (int i = 0; i < times; ++i) {
        lines += limiter.admit(now, source) ? 1 : 0;
    }
    return lines;
}

}  // namespace

TEST_CASE("log limiter: each source has its lines, and a noisy one does not silence another") {
    auto limiter = small();
    CHECK(admitted(limiter, kStart, "noisy", 1'000) == 2);
    CHECK(admitted(limiter, kStart + Milliseconds{9'999}, "quiet", 1) == 1);
    CHECK(limiter.suppressed() == 998);
}

TEST_CASE("log limiter: all sources together have a bound") {
    auto limiter = small();
    int lines = 0;
    for (int i = 0; i < 10'000; ++i) {
        lines += admitted(limiter, kStart, "stranger-" + std::to_string(i), 1);
    }
    CHECK(lines == 5);
    CHECK(limiter.suppressed() == 9'995);
}

TEST_CASE("log limiter: when the window is over there are lines again, and it is told what there was not") {
    auto limiter = small();
    CHECK_FALSE(limiter.due().has_value());
    CHECK(admitted(limiter, kStart, "noisy", 12) == 2);
    CHECK(admitted(limiter, kStart, "other", 3) == 2);
    REQUIRE(limiter.due().has_value());
    CHECK(*limiter.due() == kStart + Milliseconds{10'000});
    CHECK_FALSE(limiter.take_suppressed(kStart + Milliseconds{9'999}).has_value());

    const auto suppressed = limiter.take_suppressed(*limiter.due());
    REQUIRE(suppressed.has_value());
    CHECK(suppressed->lines == 11);
    CHECK(suppressed->noisiest == "noisy");
    CHECK(suppressed->of_noisiest == 10);
    CHECK_FALSE(limiter.due().has_value());
    CHECK_FALSE(limiter.take_suppressed(kStart + Milliseconds{60'000}).has_value());
    CHECK(admitted(limiter, kStart + Milliseconds{10'000}, "noisy", 3) == 2);
    CHECK(limiter.suppressed() == 12);
}

TEST_CASE("log limiter: windows that nobody asked about are told together") {
    auto limiter = small();
    for (int window = 0; window < 3; ++window) {
        CHECK(admitted(limiter, kStart + window * Milliseconds{10'000}, "noisy", 10 + window) == 2);
    }
    const auto suppressed = limiter.take_suppressed(TimePoint::max());
    REQUIRE(suppressed.has_value());
    CHECK(suppressed->lines == 8 + 9 + 10);
    CHECK(suppressed->of_noisiest == 10);
}

TEST_CASE("log limiter: with nothing suppressed there is nothing to tell") {
    auto limiter = small();
    CHECK(admitted(limiter, kStart, "quiet", 2) == 2);
    CHECK_FALSE(limiter.due().has_value());
    CHECK_FALSE(limiter.take_suppressed(TimePoint::max()).has_value());
    CHECK(limiter.suppressed() == 0);
}

TEST_CASE("log limiter: by default ten lines a second on average, whoever sends") {
    LogLimiter limiter;
    int lines = 0;
    for (int i = 0; i < 60'000; ++i) {  // a minute, a message each millisecond
        lines += admitted(limiter, kStart + Milliseconds{i}, "stranger-" + std::to_string(i), 1);
    }
    CHECK(lines == 600);
}

}  // namespace muster::runtime
