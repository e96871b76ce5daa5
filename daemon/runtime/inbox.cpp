#include "daemon/runtime/inbox.hpp"

#include <algorithm>
#include <iterator>

namespace muster::runtime {

bool Inbox::push(mqtt::Inbound message) {
    const std::lock_guard lock(mutex_);
    if (items_.size() >= most_messages_) {
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
    const auto has_items = [this] { return !items_.empty(); };
    if (until) {
        filled_.wait_until(lock, *until, has_items);
    } else {
        filled_.wait(lock, has_items);
    }
    const auto end = items_.begin() + static_cast<std::ptrdiff_t>(std::min(most, items_.size()));
    std::move(items_.begin(), end, std::back_inserter(batch));
    items_.erase(items_.begin(), end);
}

std::uint64_t Inbox::refused() const {
    const std::lock_guard lock(mutex_);
    return refused_;
}

}  // namespace muster::runtime
