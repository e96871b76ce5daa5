// Replies, job topics and events on their way out. They share the link's
// window with operation messages; what does not fit waits here, in order.
//
// Threads: the engine thread.
#pragma once

#include "daemon/mqtt/link.hpp"

#include <cstdint>
#include <deque>

namespace muster::runtime {

class Outbox {
public:
    // Most publications kept; 20,000 replies or topics of a few hundred bytes.
    static constexpr std::size_t kMost = 20'000;

    explicit Outbox(mqtt::Link& link) : link_(link) {}

    // Publishes at once, or keeps it for flush(). Over kMost it is dropped and counted.
    void publish(mqtt::Publication publication);
    void flush();
    // The connection is gone, and with it those who waited. What removes a
    // retained message stays: the broker still has that message.
    void clear();

    [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.size(); }
    [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

private:
    mqtt::Link& link_;
    std::deque<mqtt::Publication> waiting_;
    std::uint64_t dropped_ = 0;
};

}  // namespace muster::runtime
