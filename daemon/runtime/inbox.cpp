#include "daemon/runtime/inbox.hpp"

#include <algorithm>
#include <iterator>

namespace muster::runtime {
namespace {

std::size_t bytes_of_item(const InboxItem& item) {
    if (const auto* message = std::get_if<mqtt::Inbound>(&item)) {
        return bytes_of(*message);
    }
    if (const auto* asking = std::get_if<Asking>(&item)) {
        return asking->bytes;
    }
    const auto* oversized = std::get_if<Oversized>(&item);
    return oversized == nullptr ? 0 : bytes_of(oversized->head);
}

}  // namespace

std::size_t bytes_of(const mqtt::Inbound& message) {
    return message.topic.size() + message.payload.size() + message.response_topic.size() +
           message.correlation.size();
}

bool Inbox::push(std::variant<mqtt::Inbound, Oversized> message) {
    return push(others_, std::visit([](auto& what) { return InboxItem(std::move(what)); }, message),
                most_messages_, kMostBytes);
}

bool Inbox::push_request(std::variant<mqtt::Inbound, Asking> request) {
    return push(requests_, std::visit([](auto& what) { return InboxItem(std::move(what)); }, request),
                most_messages_, kMostBytes);
}

bool Inbox::push_if_roomy(mqtt::Inbound message) {
    return push(others_, std::move(message), most_messages_ - most_messages_ / 4, kMostBytes / 4 * 3);
}

bool Inbox::push(Lane& lane, InboxItem item, std::size_t most_messages, std::size_t most_bytes) {
    const auto bytes = bytes_of_item(item);
    const std::lock_guard lock(mutex_);
    if (size() >= most_messages || bytes_ + bytes > most_bytes) {
        ++refused_;
        return false;
    }
    bytes_ += bytes;
    lane.add(std::move(item));
    filled_.notify_one();
    return true;
}

void Inbox::add(InboxItem item) {
    const std::lock_guard lock(mutex_);
    others_.add(std::move(item));
    filled_.notify_one();
}

void Inbox::take(std::vector<InboxItem>& batch, std::size_t most, std::optional<Milliseconds> patience) {
    std::unique_lock lock(mutex_);
    const auto has_items = [this] { return size() > 0; };
    if (patience) {
        filled_.wait_for(lock, *patience, has_items);
    } else {
        filled_.wait(lock, has_items);
    }
    const auto requests = std::min(most, requests_.size());
    bytes_ -= requests_.move_to(batch, requests);
    bytes_ -= others_.move_to(batch, most - requests);
}

std::size_t Inbox::Lane::move_to(std::vector<InboxItem>& batch, std::size_t most) {
    const auto first = items_.begin() + static_cast<std::ptrdiff_t>(taken_);
    const auto last = first + static_cast<std::ptrdiff_t>(std::min(most, size()));
    std::size_t bytes = 0;
    for (auto item = first; item != last; ++item) {
        bytes += bytes_of_item(*item);
    }
    std::move(first, last, std::back_inserter(batch));
    taken_ += static_cast<std::size_t>(last - first);
    if (taken_ >= items_.size() / 2) {  // each item is moved at most twice, and the taken ones do not pile up
        items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(taken_));
        taken_ = 0;
    }
    return bytes;
}

std::size_t Inbox::waiting() const {
    const std::lock_guard lock(mutex_);
    return size();
}

std::uint64_t Inbox::refused() const {
    const std::lock_guard lock(mutex_);
    return refused_;
}

}  // namespace muster::runtime
