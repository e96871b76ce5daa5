#include "device-sim/schedule.hpp"

#include <algorithm>

namespace muster::sim {

TimePoint Clock::now() const noexcept {
    return start_ + std::chrono::floor<Milliseconds>(std::chrono::steady_clock::now() - steady_start_);
}

std::chrono::steady_clock::time_point Clock::steady(TimePoint time) const noexcept {
    return steady_start_ + (time - start_);
}

bool Schedule::at(TimePoint due, Task task) {
    if (items_.size() >= kMostTasks) {
        return false;
    }
    const bool first = items_.empty() || due < items_.front().due;
    items_.push_back({due, next_number_++, std::move(task)});
    std::push_heap(items_.begin(), items_.end(), Later{});
    if (first) {
        arm();
    }
    return true;
}

void Schedule::clear() noexcept {
    items_.clear();
    timer_.cancel();
}

void Schedule::arm() {
    if (items_.empty()) {
        return;
    }
    timer_.expires_at(clock_.steady(items_.front().due));
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            run_due();
        }
    });
}

void Schedule::run_due() {
    const TimePoint now = clock_.now();
    while (!items_.empty() && items_.front().due <= now) {
        std::pop_heap(items_.begin(), items_.end(), Later{});
        const Task task = std::move(items_.back().task);
        items_.pop_back();
        task();
    }
    arm();
}

}  // namespace muster::sim
