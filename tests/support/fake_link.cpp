#include "tests/support/fake_link.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace muster::test {

Result<void> FakeLink::start(mqtt::Handler& handler) {
    if (start_error_) {
        return *start_error_;
    }
    const std::lock_guard lock(mutex_);
    handler_ = &handler;
    changed_.notify_all();
    return {};
}

bool FakeLink::publish(const mqtt::Publication& publication) {
    {
        const std::lock_guard lock(mutex_);
        if (room_ == 0) {
            refused_.insert(publication.topic);
            changed_.notify_all();
            return false;
        }
        room_ = room_ ? std::optional(*room_ - 1) : room_;
    }
    if (observer_) {
        observer_(publication);
    }
    const std::lock_guard lock(mutex_);
    published_.push_back(publication);
    changed_.notify_all();
    return true;
}

std::uint32_t FakeLink::room() {
    const std::lock_guard lock(mutex_);
    return told_room_;
}

bool FakeLink::ask_for_retained(const std::vector<std::string>& topics) {
    const std::lock_guard lock(mutex_);
    asked_ = topics;
    changed_.notify_all();
    return true;
}

std::vector<std::string> FakeLink::wait_for_asked() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kPatience, [this] { return !asked_.empty(); });
    return std::exchange(asked_, {});
}

void FakeLink::stop(const std::vector<mqtt::Publication>& last) {
    const std::lock_guard lock(mutex_);
    published_.insert(published_.end(), last.begin(), last.end());
    stopped_ = true;
    changed_.notify_all();
}

mqtt::Handler& FakeLink::handler() {
    std::unique_lock lock(mutex_);
    MUSTER_INVARIANT(changed_.wait_for(lock, kPatience, [this] { return handler_ != nullptr; }));
    return *handler_;
}

void FakeLink::connect(std::uint16_t window) {
    handler().on_connected({5, window, "mqtt://broker.example:1883"});
}

void FakeLink::disconnect(const std::string& reason) {
    handler().on_disconnected(reason);
}

bool FakeLink::deliver(mqtt::Inbound message) {
    return handler().on_message(std::move(message));
}

void FakeLink::limit(std::optional<std::size_t> messages) {
    const std::lock_guard lock(mutex_);
    room_ = messages;
    refused_.clear();
}

void FakeLink::wait_for_refusal(const std::string& topic) {
    std::unique_lock lock(mutex_);
    MUSTER_INVARIANT(changed_.wait_for(lock, kPatience, [&] { return refused_.contains(topic); }));
}

void FakeLink::tell_room(std::uint32_t messages) {
    const std::lock_guard lock(mutex_);
    told_room_ = messages;
}

void FakeLink::make_room() {
    handler().on_room();
}

std::vector<mqtt::Publication> FakeLink::on_topic(const std::string& topic) const {
    std::vector<mqtt::Publication> found;
    std::copy_if(published_.begin(), published_.end(), std::back_inserter(found),
                 [&topic](const mqtt::Publication& one) { return topic.empty() || one.topic == topic; });
    return found;
}

std::vector<mqtt::Publication> FakeLink::wait_for(const std::string& topic, std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kPatience, [&] { return on_topic(topic).size() >= count; });
    auto found = on_topic(topic);
    found.resize(std::min(found.size(), count));
    return found;
}

std::vector<mqtt::Publication> FakeLink::published(const std::string& topic) const {
    const std::lock_guard lock(mutex_);
    return on_topic(topic);
}

bool FakeLink::stopped() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
}

}  // namespace muster::test
