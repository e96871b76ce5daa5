#include "daemon/runtime/inbox.hpp"

#include <algorithm>
#include <iterator>

namespace muster::runtime {

bool Inbox::push(mqtt::Inbound message) {
    const std::lock_guard lock(mutex_);
    if (items_.size() - taken_ >= most_messages_) {
        ++refused_;
        return false;
    }
    items_.emplace_back(std::move(message));
    filled_.notify_one();
    return true;
}

void Inbox::add(InboxItem item) {
    const std::lock_guard lock(mutex_);
    items_.push_back(std::move(item));
    filled_.notify_one();
}

void Inbox::take(std::vector<InboxItem>& batch, std::size_t most,
                 std::optional<std::chrono::system_clock::time_point> until) {
    std::unique_lock lock(mutex_);
    const auto has_items = [this] { return taken_ < items_.size(); };
    if (until) {
        filled_.wait_until(lock, *until, has_items);
    } else {
        filled_.wait(lock, has_items);
    }
    const auto count = std::min(most, items_.size() - taken_);
    const auto first = items_.begin() + static_cast<std::ptrdiff_t>(taken_);
    std::move(first, first + static_cast<std::ptrdiff_t>(count), std::back_inserter(batch));
    taken_ += count;
    if (taken_ == items_.size()) {
        items_.clear();
        taken_ = 0;
    }
}

std::uint64_t Inbox::refused() const {
    const std::lock_guard lock(mutex_);
    return refused_;
}

}  // namespace muster::runtime
