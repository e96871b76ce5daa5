// Things to do later, in the order of their due times; things due at the same
// time keep the order in which they were asked for. One Asio timer for all.
//
// Threads: the thread that runs the io_context.
#pragma once

#include "protocol/time.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace muster::sim {

// The wall clock at the start, moved on by the steady clock: what the model
// takes for the time never jumps.
class Clock {
public:
    [[nodiscard]] TimePoint now() const noexcept;
    [[nodiscard]] std::chrono::steady_clock::time_point steady(TimePoint time) const noexcept;

private:
    std::chrono::steady_clock::time_point steady_start_ = std::chrono::steady_clock::now();
    TimePoint start_ = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
};

class Schedule {
public:
    using Task = std::function<void()>;
    // Two for each of the most devices (a churn and a late ack); about 64 bytes each.
    static constexpr std::size_t kMostTasks = 4'000'000;

    explicit Schedule(boost::asio::io_context& context) : timer_(context) {}

    [[nodiscard]] TimePoint now() const noexcept { return clock_.now(); }
    // false: too many are waiting, and this one was not taken.
    bool at(TimePoint due, Task task);
    // Forgets everything that waits.
    void clear() noexcept;

private:
    struct Item {
        TimePoint due;
        std::uint64_t number;
        Task task;
    };
    struct Later {
        bool operator()(const Item& left, const Item& right) const noexcept {
            return left.due != right.due ? left.due > right.due : left.number > right.number;
        }
    };

    void arm();
    void run_due();

    boost::asio::steady_timer timer_;
    Clock clock_;
    std::vector<Item> items_;  // a heap, the earliest on top
    std::uint64_t next_number_ = 0;
};

}  // namespace muster::sim
