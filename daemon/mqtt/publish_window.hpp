// Counts publishes that are not done yet, up to a limit. A large one counts as
// several, so that the limit bounds their bytes too.
//
// Paho has a limit of its own, but sleeps up to a second when it is reached,
// so this one is kept below it and decides.
//
// Threads: take and wait_until_empty from the publishing threads, give_back
// from Paho's callbacks; none blocks but wait_until_empty.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace muster::mqtt {

class PublishWindow {
public:
    explicit PublishWindow(std::uint32_t limit) noexcept : limit_(limit) {}

    // Before the first take().
    void set_limit(std::uint32_t limit) noexcept { limit_ = limit; }
    [[nodiscard]] std::uint32_t limit() const noexcept { return limit_; }

    // What a payload of this size counts as: 1, and 1 more for each 64 KiB; at
    // most the limit, so that everything fits into an empty window.
    [[nodiscard]] std::uint32_t share(std::size_t bytes) const noexcept;
    // false: full.
    [[nodiscard]] bool take(std::uint32_t share = 1) noexcept;
    // One publish is done, or failed. True: half of the window is free again, which was
    // not so, or a take() was refused, since this was last true.
    [[nodiscard]] bool give_back(std::uint32_t share = 1) noexcept;
    // What is free now. No more than half of the window: give_back() will tell of more.
    [[nodiscard]] std::uint32_t room() const noexcept;
    // False: `deadline` passed and some are still not done.
    [[nodiscard]] bool wait_until_empty(std::chrono::steady_clock::time_point deadline);

private:
    std::uint32_t limit_;
    std::atomic<std::uint32_t> taken_{0};
    std::atomic<bool> short_{false};  // of room, and give_back() has to tell
    std::atomic<bool> awaited_{false};
    std::mutex mutex_;
    std::condition_variable emptied_;
};

}  // namespace muster::mqtt
