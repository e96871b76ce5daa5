// Some thousands of seeds, and the simulation's own parts.
#include "tests/simulation/campaign.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <thread>

namespace muster::simulation {
namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr std::uint64_t kSeeds = 400;  // each takes some ten times as long
#else
constexpr std::uint64_t kSeeds = 4'000;
#endif

std::uint64_t seeds_to_run() {
    const auto* text = std::getenv("MUSTER_SIMULATION_SEEDS");
    return text == nullptr ? kSeeds : std::strtoull(text, nullptr, 10);
}

}  // namespace

TEST_CASE("B01, B02, B03, B04: whatever breaks and whenever, the promises hold") {
    silence();
    const auto result = run_campaign(1, seeds_to_run(), std::max(1U, std::thread::hardware_concurrency()));
    for (const auto& failure : result.failures) {
        CAPTURE(failure.seed);
        FAIL_CHECK("seed " << failure.seed << ": " << failure.violation.rule << ": " << failure.violation.text
                           << "\nreplay: build/bin/simulation --seed " << failure.seed);
    }
    // Every kind of trouble was met, or the promises were held against nothing.
    for (std::size_t kind = 0; kind < kActionKinds; ++kind) {
        CAPTURE(to_string(static_cast<ActionKind>(kind)));
        CHECK(result.figures.actions[kind] > 0);
    }
    for (const auto& figure : figure_names()) {
        if (figure.value != &Figures::operations_executed_twice) {
            CAPTURE(figure.name);
            CHECK(result.figures.*figure.value > 0);
        }
    }
}

TEST_CASE("the same seed is the same run") {
    silence();
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Case which{seed, {}, {}, {}, {}};
        CHECK(play(which, true).transcript == play(which, true).transcript);
    }
}

TEST_CASE("topic filters match as MQTT says") {
    CHECK(matches("a/+/c", "a/b/c"));
    CHECK(matches("a/#", "a/b/c"));
    CHECK(matches("a/b", "a/b"));
    CHECK_FALSE(matches("a/+", "a/b/c"));
    CHECK_FALSE(matches("a/b/c", "a/b"));
    CHECK_FALSE(matches("a/b", "a/b/c"));
}

}  // namespace muster::simulation
