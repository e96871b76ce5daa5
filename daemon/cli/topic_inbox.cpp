#include "daemon/cli/topic_inbox.hpp"

#include <algorithm>
#include <utility>

namespace muster::cli {

void TopicInbox::on_connected(const mqtt::Connected&) noexcept {
    const std::lock_guard lock(mutex_);
    connected_ = true;
    reason_.clear();
    changed_.notify_all();
}

void TopicInbox::on_disconnected(const std::string& reason) noexcept {
    const std::lock_guard lock(mutex_);
    connected_ = false;
    reason_ = reason;
    changed_.notify_all();
}

bool TopicInbox::on_message(mqtt::Inbound message) noexcept {
    const std::lock_guard lock(mutex_);
    const auto wanted = wanted_.find(message.topic);
    if (wanted != wanted_.end()) {
        wanted->second = std::move(message);
        changed_.notify_all();
    }
    return true;
}

void TopicInbox::want(const std::string& topic) {
    const std::lock_guard lock(mutex_);
    wanted_.try_emplace(topic);
}

void TopicInbox::forget(const std::string& topic) {
    const std::lock_guard lock(mutex_);
    wanted_.erase(topic);
}

bool TopicInbox::wait_connected(Deadline deadline) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, deadline, [this] { return connected_ || !reason_.empty(); });
    return connected_;
}

void TopicInbox::wait_any(const std::vector<std::string>& topics, Deadline deadline) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, deadline, [&] {
        return std::any_of(topics.begin(), topics.end(), [this](const std::string& topic) {
            const auto found = wanted_.find(topic);
            return found != wanted_.end() && found->second.has_value();
        });
    });
}

std::optional<mqtt::Inbound> TopicInbox::take(const std::string& topic) {
    const std::lock_guard lock(mutex_);
    const auto found = wanted_.find(topic);
    return found == wanted_.end() ? std::nullopt : std::exchange(found->second, std::nullopt);
}

bool TopicInbox::connected() {
    const std::lock_guard lock(mutex_);
    return connected_;
}

std::string TopicInbox::reason() {
    const std::lock_guard lock(mutex_);
    return reason_;
}

}  // namespace muster::cli
