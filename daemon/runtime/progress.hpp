// Whether the threads of musterd get on with their work, which decides whether
// the watchdog of the service manager is fed.
//
// A thread that works says by when it will be heard of again; one that waits
// wakes up now and then to say so. Whatever it is that holds a thread up, it is
// then late. Waiting for something outside that may be away is progress: for a
// broker, for space on a disk.
//
// Threads: plain values and pure functions.
#pragma once

#include "protocol/time.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace muster::runtime {

using SteadyTime = std::chrono::steady_clock::time_point;

// How long a thread sleeps at most before it is heard of.
inline constexpr Milliseconds kHeartbeat{5'000};

struct Progress {
    SteadyTime engine_due = SteadyTime::max();  // by when the engine thread is to be heard of
    std::optional<SteadyTime>
        store_since;  // when the engine thread began to wait for the store; absent: not now
    SteadyTime link_due = SteadyTime::max();  // by when the link's own thread is to be heard of
};

// What is held up for longer than `patience`, as a sentence; nullopt: nothing, so
// the watchdog may be fed.
[[nodiscard]] std::optional<std::string> what_hangs(const Progress& progress, SteadyTime now,
                                                    Milliseconds patience);

}  // namespace muster::runtime
