// When to connect, to which broker, with which version of MQTT: the state
// machine of a link, without I/O and without a clock.
//
// Threads: a plain value, used by one.
#pragma once

#include "daemon/mqtt/backoff.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace muster::mqtt {

enum class LinkState {
    waiting,      // for the time of the next attempt; nothing is open
    connecting,   // until every connection is accepted
    subscribing,  // until every subscription is granted
    up,
};

enum class LinkEvent {
    due,         // deadline() has passed
    opened,      // every connection was accepted
    subscribed,  // every subscription was granted
    refused,     // the broker does not speak this version of MQTT
    taken_over,  // another client has connected with the client id
    failed,      // anything else went wrong, or a connection was lost
};

// What the caller does next.
enum class LinkAction {
    open,  // connections to broker(), with mqtt_version()
    subscribe,
    announce,   // the link is up
    close,      // whatever is open, and report why
    fall_back,  // close without a report: an older version is tried at once
};

class Reconnect {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    struct Timing {
        std::chrono::milliseconds connect_timeout;  // of one attempt, subscriptions included
        std::chrono::milliseconds settled;  // a link that was up this long starts over with short delays
    };

    // `brokers` are tried in turn, the first one at `now`.
    Reconnect(std::size_t brokers, Timing timing, Backoff backoff, TimePoint now);

    // An event that cannot be in this state ends the process.
    [[nodiscard]] LinkAction step(TimePoint now, LinkEvent event);

    // The broker sent something at this time. While subscriptions are under way the time limit
    // begins anew: a broker may send all that it retains before it grants them, and
    // of a million devices that takes minutes.
    void heard(TimePoint at);

    [[nodiscard]] LinkState state() const noexcept { return state_; }
    // When `due` is to be given; never while up.
    [[nodiscard]] std::optional<TimePoint> deadline() const noexcept { return deadline_; }
    [[nodiscard]] std::size_t broker() const noexcept { return broker_; }
    [[nodiscard]] int mqtt_version() const noexcept { return versions_[broker_]; }
    // Links in a row that were up, but lost before they had settled.
    [[nodiscard]] std::size_t short_lived() const noexcept { return short_lived_; }

private:
    void give_up(TimePoint now, LinkState from, LinkEvent event);

    Timing timing_;
    Backoff backoff_;
    LinkState state_ = LinkState::waiting;
    std::optional<TimePoint> deadline_;
    TimePoint up_since_;
    std::size_t broker_ = 0;
    std::size_t short_lived_ = 0;
    // By broker. 3.1.1 is remembered until an attempt with it fails: the
    // broker may have been replaced by one that speaks 5.
    std::vector<int> versions_;
};

}  // namespace muster::mqtt
