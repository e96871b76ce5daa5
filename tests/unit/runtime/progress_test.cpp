#include "daemon/runtime/progress.hpp"

#include <doctest/doctest.h>

namespace muster::runtime {
namespace {

using namespace std::chrono_literals;

const SteadyTime kNow{1h};
constexpr Milliseconds kPatience{30s};

}  // namespace

TEST_CASE("the watchdog is fed while nobody is late by more than patience") {
    CHECK(what_hangs({}, kNow, kPatience) == std::nullopt);
    CHECK(what_hangs({kNow + 5s, std::nullopt, kNow + 2min}, kNow, kPatience) == std::nullopt);
    CHECK(what_hangs({kNow - 30s, kNow - 30s, kNow - 30s}, kNow, kPatience) == std::nullopt);
}

TEST_CASE("an engine that is not heard of hangs") {
    CHECK(what_hangs({kNow - 30s - 1ms, std::nullopt, SteadyTime::max()}, kNow, kPatience) ==
          "the engine has not been heard of for 30 s");
}

TEST_CASE("a commit that does not end hangs, and is told from an engine that does not") {
    CHECK(what_hangs({kNow - 31s, kNow - 31s, SteadyTime::max()}, kNow, kPatience) ==
          "the store has been at work on one commit for 31 s");
    CHECK(what_hangs({kNow - 1s, kNow - 1s, SteadyTime::max()}, kNow, kPatience) == std::nullopt);
}

TEST_CASE("a link that is not heard of hangs; one that waits for a broker says until when") {
    CHECK(what_hangs({kNow, std::nullopt, kNow - 61s}, kNow, kPatience) ==
          "the link to the broker has not been heard of for 1 min 1 s");
    CHECK(what_hangs({kNow, std::nullopt, kNow + 90s}, kNow, kPatience) == std::nullopt);
}

}  // namespace muster::runtime
