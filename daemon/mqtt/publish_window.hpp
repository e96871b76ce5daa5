// Counts publishes that are not done yet, up to a limit.
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
#include <cstdint>
#include <mutex>

namespace muster::mqtt {

class PublishWindow {
public:
    explicit PublishWindow(std::uint32_t limit) noexcept : limit_(limit) {}

    // Before the first take().
    void set_limit(std::uint32_t limit) noexcept { limit_ = limit; }
    [[nodiscard]] std::uint32_t limit() const noexcept { return limit_; }

    // false: full. give_back() then tells once when there is room again.
    [[nodiscard]] bool take() noexcept;
    // One publish is done, or failed. True: a take() was refused since this was
    // last true, and half of the window is free again.
    [[nodiscard]] bool give_back() noexcept;
    // False: `deadline` passed and some are still not done.
    [[nodiscard]] bool wait_until_empty(std::chrono::steady_clock::time_point deadline);

private:
    std::uint32_t limit_;
    std::atomic<std::uint32_t> taken_{0};
    std::atomic<bool> refused_{false};
    std::atomic<bool> awaited_{false};
    std::mutex mutex_;
    std::condition_variable emptied_;
};

}  // namespace muster::mqtt
