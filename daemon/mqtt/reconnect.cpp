#include "daemon/mqtt/reconnect.hpp"

#include "protocol/result.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace muster::mqtt {

namespace {

constexpr int kMqtt5 = 5;
constexpr int kMqtt311 = 4;

struct Transition {
    LinkState from;
    LinkEvent event;
    LinkState to;
    LinkAction action;
};

// clang-format off
constexpr std::array kTransitions{
    Transition{LinkState::waiting,     LinkEvent::due,        LinkState::connecting,  LinkAction::open},
    Transition{LinkState::connecting,  LinkEvent::opened,     LinkState::subscribing, LinkAction::subscribe},
    Transition{LinkState::connecting,  LinkEvent::refused,    LinkState::waiting,     LinkAction::fall_back},
    Transition{LinkState::connecting,  LinkEvent::failed,     LinkState::waiting,     LinkAction::close},
    Transition{LinkState::connecting,  LinkEvent::taken_over, LinkState::waiting,     LinkAction::close},
    Transition{LinkState::connecting,  LinkEvent::due,        LinkState::waiting,     LinkAction::close},
    Transition{LinkState::subscribing, LinkEvent::subscribed, LinkState::up,          LinkAction::announce},
    Transition{LinkState::subscribing, LinkEvent::failed,     LinkState::waiting,     LinkAction::close},
    Transition{LinkState::subscribing, LinkEvent::taken_over, LinkState::waiting,     LinkAction::close},
    Transition{LinkState::subscribing, LinkEvent::due,        LinkState::waiting,     LinkAction::close},
    Transition{LinkState::up,          LinkEvent::failed,     LinkState::waiting,     LinkAction::close},
    Transition{LinkState::up,          LinkEvent::taken_over, LinkState::waiting,     LinkAction::close},
};
// clang-format on

}  // namespace

Reconnect::Reconnect(std::size_t brokers, Timing timing, Backoff backoff, TimePoint now)
    : timing_(timing), backoff_(std::move(backoff)), deadline_(now), versions_(brokers, kMqtt5) {
    MUSTER_INVARIANT(brokers > 0);
}

LinkAction Reconnect::step(TimePoint now, LinkEvent event) {
    const auto* row = std::ranges::find_if(
        kTransitions, [&](const Transition& each) { return each.from == state_ && each.event == event; });
    MUSTER_INVARIANT(row != kTransitions.end());
    state_ = row->to;
    switch (row->action) {
        case LinkAction::open:
            deadline_ = now + timing_.connect_timeout;
            break;
        case LinkAction::subscribe:
            break;
        case LinkAction::announce:
            deadline_.reset();
            up_since_ = now;
            break;
        case LinkAction::fall_back:
            MUSTER_INVARIANT(mqtt_version() == kMqtt5);
            versions_[broker_] = kMqtt311;
            deadline_ = now;
            break;
        case LinkAction::close:
            give_up(now, row->from, event);
            break;
    }
    return row->action;
}

void Reconnect::heard(TimePoint at) {
    if (state_ == LinkState::subscribing) {
        deadline_ = std::max(*deadline_, at + timing_.connect_timeout);
    }
}

void Reconnect::give_up(TimePoint now, LinkState from, LinkEvent event) {
    if (from != LinkState::up) {
        versions_[broker_] = kMqtt5;
    } else if (now - up_since_ >= timing_.settled) {
        backoff_.reset();
        short_lived_ = 0;
    } else {
        ++short_lived_;
    }
    broker_ = (broker_ + 1) % versions_.size();
    // Two that take the session from each other do so as seldom as possible.
    deadline_ = now + (event == LinkEvent::taken_over ? backoff_.longest() : backoff_.next());
}

}  // namespace muster::mqtt
