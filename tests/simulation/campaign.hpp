// Many runs: seeds on several threads, what failed and how, and the smallest
// run that still fails alike.
//
// Threads: run_campaign starts and joins its own; the rest is for one thread.
#pragma once

#include "tests/simulation/world.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace muster::simulation {

// A run, and what was taken away from its seed's own options and script.
struct Case {
    std::uint64_t seed = 1;
    std::vector<std::string> without;    // faults that are switched off
    std::optional<std::size_t> fridges;  // fewer devices
    std::optional<std::size_t> basics;
    std::optional<std::vector<std::size_t>> actions;  // only these of the script, by index
};

[[nodiscard]] Outcome play(const Case& which, bool with_transcript);
// The options of the program that play this case: "--seed 7 --without drop".
[[nodiscard]] std::string command_line(const Case& which);

// Takes away whatever can go while a run still breaks the same rule as `failing` did.
[[nodiscard]] Case shrink(const Case& failing);

struct Failure {
    std::uint64_t seed;
    Violation violation;  // the first
};

struct CampaignResult {
    Figures figures;
    std::vector<Failure> failures;  // by seed; at most kMostFailures
};

inline constexpr std::size_t kMostFailures = 10;

// Seeds first to first + count - 1. Stops early after kMostFailures.
[[nodiscard]] CampaignResult run_campaign(std::uint64_t first, std::uint64_t count, unsigned threads);

}  // namespace muster::simulation
