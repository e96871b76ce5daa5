// How long to wait before the next attempt: doubling between two bounds, each
// time with +-50 % jitter, so that the clients of a broker that restarts do
// not all come back at the same instant.
//
// Threads: a plain value, used by one.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace muster::mqtt {

class Backoff {
public:
    // 0 < least <= most. The same seed gives the same delays.
    Backoff(std::chrono::milliseconds least, std::chrono::milliseconds most, std::uint64_t seed);

    // From least / 2 up to most * 3 / 2.
    [[nodiscard]] std::chrono::milliseconds next();
    // As next(), from the longest delay on.
    [[nodiscard]] std::chrono::milliseconds longest();
    // The next delay is a least one again.
    void reset() noexcept { base_ = least_; }

private:
    std::chrono::milliseconds least_;
    std::chrono::milliseconds most_;
    std::chrono::milliseconds base_;
    std::mt19937_64 random_;
};

}  // namespace muster::mqtt
