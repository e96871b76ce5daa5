// Chance that repeats itself: the same seed gives the same fleet and the same
// faults on every machine (the standard distributions do not promise that).
//
// Threads: plain values.
#pragma once

#include "protocol/time.hpp"

#include <cstdint>
#include <string_view>

namespace muster::sim {

// Both ends belong to it; least <= most.
struct DurationRange {
    Milliseconds least{0};
    Milliseconds most{0};
};

// A number that depends on nothing but its arguments: for properties that a
// device keeps, whatever it has been through and whoever else is in the fleet.
[[nodiscard]] std::uint64_t stable_number(std::uint64_t seed, std::string_view device,
                                          std::string_view purpose) noexcept;

// SplitMix64: eight bytes of state, so that a million devices can have one each.
class Random {
public:
    explicit Random(std::uint64_t seed) noexcept : state_(seed) {}

    [[nodiscard]] std::uint64_t next() noexcept;
    // 0 to bound - 1; bound > 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) noexcept;
    // Per cent, 0 to 100. Draws nothing for 0, so that a fault that is off
    // does not change what the others do.
    [[nodiscard]] bool chance(double percent) noexcept;
    [[nodiscard]] Milliseconds within(const DurationRange& range) noexcept;

private:
    std::uint64_t state_;
};

}  // namespace muster::sim
