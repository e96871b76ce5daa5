// What the tests of the link share: a handler that remembers, and waits.
#pragma once

#include "daemon/mqtt/link.hpp"
#include "daemon/mqtt/link_options.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace muster::test {

class LinkRecorder final : public mqtt::Handler {
public:
    void on_connected(const mqtt::Connected& connected) noexcept override {
        note([&] { connected_.push_back(connected); });
    }
    void on_disconnected(const std::string& reason) noexcept override {
        note([&] { reasons_.push_back(reason); });
    }
    bool on_message(mqtt::Inbound message) noexcept override {
        wait([&] { return !held_; });
        note([&] { messages_.push_back(std::move(message)); });
        return true;
    }
    void on_retained() noexcept override {
        note([&] { ++answers_; });
    }
    void on_room() noexcept override {
        note([&] { ++rooms_; });
    }

    // Until it is released, on_message() does not come back: as a reader that is far too slow.
    void hold_messages(bool held) {
        note([&] { held_ = held; });
    }

    // False: not within the time limit, which only a failing test reaches.
    [[nodiscard]] bool wait_connected(std::size_t times = 1) {
        return wait([&] { return connected_.size() >= times; });
    }
    [[nodiscard]] bool wait_disconnected(std::size_t times = 1) {
        return wait([&] { return reasons_.size() >= times; });
    }
    [[nodiscard]] bool wait_messages(std::size_t count) {
        return wait([&] { return messages_.size() >= count; });
    }
    [[nodiscard]] bool wait_messages(std::size_t count, const std::string& topic) {
        return wait([&] {
            return static_cast<std::size_t>(std::ranges::count(messages_, topic, &mqtt::Inbound::topic)) >=
                   count;
        });
    }
    // on_retained() was called so often.
    [[nodiscard]] bool wait_answers(std::size_t times) {
        return wait([&] { return answers_ >= times; });
    }
    [[nodiscard]] bool wait_rooms(std::size_t times) {
        return wait([&] { return rooms_ >= times; });
    }

private:
    template <class Read>
    auto locked(Read read) const {
        const std::lock_guard lock(mutex_);
        return read();
    }

public:
    [[nodiscard]] mqtt::Connected last_connected() const {
        return locked([&] { return connected_.back(); });
    }
    [[nodiscard]] std::string first_reason() const {
        return locked([&] { return reasons_.front(); });
    }
    [[nodiscard]] std::vector<std::string> reasons() const {
        return locked([&] { return reasons_; });
    }
    [[nodiscard]] std::vector<mqtt::Inbound> messages() const {
        return locked([&] { return messages_; });
    }
    [[nodiscard]] std::size_t rooms() const {
        return locked([&] { return rooms_; });
    }
    // Everything it was ever called for.
    [[nodiscard]] std::size_t calls() const {
        return locked([&] { return calls_; });
    }

private:
    template <class Change>
    void note(Change change) noexcept {
        const std::lock_guard lock(mutex_);
        change();
        ++calls_;
        noted_.notify_all();
    }
    template <class Condition>
    bool wait(Condition condition) {
        std::unique_lock lock(mutex_);
        return noted_.wait_for(lock, std::chrono::seconds(20), condition);
    }
    mutable std::mutex mutex_;
    std::condition_variable noted_;
    std::vector<mqtt::Connected> connected_;
    std::vector<std::string> reasons_;
    std::vector<mqtt::Inbound> messages_;
    bool held_ = false;
    std::size_t answers_ = 0;
    std::size_t rooms_ = 0;
    std::size_t calls_ = 0;
};

[[nodiscard]] inline bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

// Quick to try again, so that tests are.
[[nodiscard]] inline mqtt::LinkOptions link_options(std::string broker,
                                                    std::vector<Subscription> subscriptions = {}) {
    mqtt::LinkOptions options;
    options.brokers = {std::move(broker)};
    options.reconnect_least = std::chrono::milliseconds(20);
    options.reconnect_most = std::chrono::milliseconds(200);
    options.subscriptions = std::move(subscriptions);
    return options;
}

[[nodiscard]] inline mqtt::Publication publication(std::string topic, std::string payload, int qos = 1) {
    mqtt::Publication result;
    result.topic = std::move(topic);
    result.payload = std::move(payload);
    result.qos = qos;
    return result;
}

// Waits for room as often as needed. False: there never was any.
[[nodiscard]] inline bool publish(mqtt::Link& link, LinkRecorder& recorder,
                                  const mqtt::Publication& message) {
    for (;;) {
        const std::size_t rooms = recorder.rooms();
        if (link.publish(message)) {
            return true;
        }
        if (!recorder.wait_rooms(rooms + 1)) {
            return false;
        }
    }
}

}  // namespace muster::test
