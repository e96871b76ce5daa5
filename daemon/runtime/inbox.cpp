#include "daemon/runtime/inbox.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

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
    return push(std::visit([](auto& what) { return InboxItem(std::move(what)); }, message), most_messages_,
                kMostBytes);
}

bool Inbox::push_if_roomy(mqtt::Inbound message) {
    return push(std::move(message), most_messages_ - most_messages_ / 4, kMostBytes / 4 * 3);
}

bool Inbox::push(InboxItem item, std::size_t most_messages, std::size_t most_bytes) {
    const std::lock_guard lock(mutex_);
    return add_if_room(others_, {std::move(item)}, most_messages, most_bytes);
}

bool Inbox::push_request(std::variant<mqtt::Inbound, Asking> request, bool reads) {
    Entry entry{std::visit([](auto& what) { return InboxItem(std::move(what)); }, request)};
    const std::lock_guard lock(mutex_);
    const bool goes_before = reads && holding_ + holding_at_work_ == 0;
    entry.holds_reads = !reads;
    const bool added =
        add_if_room(goes_before ? reads_ : others_, std::move(entry), most_messages_, kMostBytes);
    holding_ += added && !reads ? 1 : 0;
    has_reads_ = reads_.size() > 0;
    if (has_reads_) {
        read_filled_.notify_one();
    }
    return added;
}

bool Inbox::add_if_room(Lane& lane, Entry entry, std::size_t most_messages, std::size_t most_bytes) {
    const auto bytes = bytes_of_item(entry.item);
    if (size() >= most_messages || bytes_ + bytes > most_bytes) {
        ++refused_;
        return false;
    }
    bytes_ += bytes;
    lane.add(std::move(entry));
    filled_.notify_one();
    return true;
}

void Inbox::add(InboxItem item) {
    const std::lock_guard lock(mutex_);
    others_.add({std::move(item)});
    filled_.notify_one();
}

void Inbox::take(std::vector<InboxItem>& batch, std::size_t most, std::optional<Milliseconds> patience) {
    std::unique_lock lock(mutex_);
    holding_at_work_ = 0;
    const auto has_items = [this] { return size() > 0; };
    if (patience) {
        filled_.wait_for(lock, *patience, has_items);
    } else {
        filled_.wait(lock, has_items);
    }
    const auto for_others = std::min(most / 2, others_.size());
    const auto reads = std::min(most - for_others, reads_.size());
    reads_.move_to(batch, reads, bytes_, holding_);
    has_reads_ = reads_.size() > 0;
    const auto held = holding_;
    others_.move_to(batch, most - reads, bytes_, holding_);
    holding_at_work_ = held - holding_;
}

void Inbox::change_begins() {
    const std::lock_guard lock(mutex_);
    holding_at_work_ -= holding_at_work_ > 0 ? 1 : 0;
}

void Inbox::take_reads(std::vector<InboxItem>& batch, std::size_t most) {
    const std::lock_guard lock(mutex_);
    reads_.move_to(batch, most, bytes_, holding_);
    has_reads_ = reads_.size() > 0;
}

bool Inbox::wait_for_reads() {
    std::unique_lock lock(mutex_);
    read_filled_.wait(lock, [this] { return wait_ended_ || reads_.size() > 0; });
    return !std::exchange(wait_ended_, false);
}

void Inbox::end_wait() {
    const std::lock_guard lock(mutex_);
    wait_ended_ = true;
    read_filled_.notify_one();
}

void Inbox::Lane::move_to(std::vector<InboxItem>& batch, std::size_t most, std::size_t& bytes_left,
                          std::size_t& holding_left) {
    const auto last = taken_ + std::min(most, size());
    for (; taken_ < last; ++taken_) {
        auto& entry = entries_[taken_];
        bytes_left -= bytes_of_item(entry.item);
        holding_left -= entry.holds_reads ? 1 : 0;
        batch.push_back(std::move(entry.item));
    }
    // Each item is moved at most twice, and the taken ones do not pile up.
    if (taken_ >= entries_.size() / 2) {
        entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(taken_));
        taken_ = 0;
    }
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
