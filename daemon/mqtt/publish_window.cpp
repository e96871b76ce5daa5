#include "daemon/mqtt/publish_window.hpp"

#include <algorithm>

namespace muster::mqtt {

namespace {

constexpr std::size_t kShareBytes = 64 * 1024;

}  // namespace

std::uint32_t PublishWindow::share(std::size_t bytes) const noexcept {
    return static_cast<std::uint32_t>(std::min<std::size_t>(1 + bytes / kShareBytes, limit_));
}

bool PublishWindow::take(std::uint32_t share) noexcept {
    for (auto taken = taken_.load();;) {
        if (taken + share <= limit_ / 2) {
            if (taken_.compare_exchange_weak(taken, taken + share)) {
                return true;
            }
            continue;
        }
        // Raised before anything is taken, and before looking again: a give_back() after that
        // sees it, so the notice that there is room cannot be missed.
        short_.store(true);
        taken = taken_.load();
        if (taken + share > limit_) {
            return false;
        }
        if (taken_.compare_exchange_weak(taken, taken + share)) {
            return true;
        }
    }
}

std::uint32_t PublishWindow::room() const noexcept {
    return limit_ - std::min(taken_.load(), limit_);
}

bool PublishWindow::give_back(std::uint32_t share) noexcept {
    const auto left = taken_.fetch_sub(share) - share;
    if (left == 0 && awaited_.load()) {
        const std::lock_guard lock(mutex_);
        emptied_.notify_all();
    }
    return left <= limit_ / 2 && short_.load() && short_.exchange(false);
}

bool PublishWindow::wait_until_empty(std::chrono::steady_clock::time_point deadline) {
    awaited_.store(true);
    std::unique_lock lock(mutex_);
    return emptied_.wait_until(lock, deadline, [&] { return taken_.load() == 0; });
}

}  // namespace muster::mqtt
