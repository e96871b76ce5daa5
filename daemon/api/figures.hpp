// Figures of the running process that its metrics are made from, beside those
// that engine and counters have already.
//
// Threads: plain values.
#pragma once

#include "daemon/core/job.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace muster::api {

// How long the commits took, as a Prometheus histogram has it.
struct CommitTimes {
    // Upper bounds in seconds; there is one more class, for what is above them.
    static constexpr std::array<double, 10> kBounds{0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                    0.025,  0.05,  0.1,    0.5,   1.0};

    std::array<std::uint64_t, kBounds.size() + 1> counts{};
    double seconds = 0;  // of all together

    void add(std::chrono::nanoseconds took) {
        const auto each = std::chrono::duration<double>(took).count();
        std::size_t index = 0;
        while (index < kBounds.size() && each > kBounds[index]) {
            ++index;
        }
        ++counts[index];
        seconds += each;
    }
};

struct Figures {
    std::array<std::uint64_t, core::kReasonCount> failed_by_reason{};
    CommitTimes commits;
    std::size_t inbox_waiting = 0;     // messages and requests not looked at yet
    std::size_t held_waiting = 0;      // messages of devices, until the storage has space
    std::size_t outbox_waiting = 0;    // replies and topics, until the link takes them
    std::size_t requests_waiting = 0;  // for their commit
};

}  // namespace muster::api
