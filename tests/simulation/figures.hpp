// What runs did, in numbers: for the report, and to see that a fault that is
// meant to happen does happen.
//
// Threads: plain values.
#pragma once

#include "tests/simulation/options.hpp"

#include <array>
#include <cstdint>

namespace muster::simulation {

struct Figures {
    std::uint64_t runs = 0;
    std::array<std::uint64_t, kActionKinds> actions{};
    std::uint64_t messages = 0;
    std::uint64_t dropped = 0;
    std::uint64_t duplicated = 0;
    std::uint64_t delayed = 0;
    std::uint64_t reordered = 0;
    std::uint64_t broker_restarts = 0;
    std::uint64_t gateway_starts = 0;
    std::uint64_t crashes = 0;
    std::uint64_t turns = 0;
    std::uint64_t commits = 0;
    std::uint64_t refused_commits = 0;
    std::uint64_t requests = 0;
    std::uint64_t jobs = 0;
    std::uint64_t executions = 0;
    std::uint64_t operations_sent = 0;
    std::uint64_t operations_executed = 0;
    std::uint64_t operations_executed_twice = 0;
    std::uint64_t verdicts = 0;
    std::uint64_t late_answers = 0;

    Figures& operator+=(const Figures& other);
};

// Each figure with its name in reports.
struct FigureName {
    std::string_view name;
    std::uint64_t Figures::*value;
};
[[nodiscard]] std::span<const FigureName> figure_names();

}  // namespace muster::simulation
