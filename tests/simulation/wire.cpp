#include "tests/simulation/wire.hpp"

namespace muster::simulation {
namespace {

constexpr Milliseconds kReconnect{700};
constexpr Milliseconds kAcknowledged{2};  // from a publish to its PUBACK

}  // namespace

Wire::Wire(const Options& options, const Topics& topics, Schedule& schedule, Broker& broker, Hooks hooks)
    : options_(options), topics_(topics), schedule_(schedule), broker_(broker), hooks_(std::move(hooks)) {}

Wire::~Wire() {
    abandon();
}

void Wire::abandon() {
    *alive_ = false;
    handler_ = nullptr;
    broker_.cut(kName, false);
}

Result<void> Wire::start(mqtt::Handler& handler) {
    handler_ = &handler;
    connect_later();
    return {};
}

void Wire::connect_later() {
    schedule_.after(kReconnect, [this, alive = alive_] {
        if (*alive && handler_ != nullptr && !connected_) {
            broker_.up() ? connect() : connect_later();
        }
    });
}

void Wire::connect() {
    connected_ = true;
    short_ = false;
    unacknowledged_ = 0;
    ++connection_;
    std::vector<std::string> filters;
    for (const auto& subscription : topics_.gateway_subscriptions()) {
        filters.push_back(subscription.filter);
    }
    broker_.connect(kName, {false, std::move(filters), [this](const Message& message) { receive(message); },
                            [this] {
                                connected_ = false;
                                handler_->on_disconnected("the connection broke");
                                hooks_.on_event();
                                connect_later();
                            }});
    handler_->on_connected({5, options_.window, "simulated"});
    hooks_.on_event();
}

void Wire::receive(const Message& message) {
    static_cast<void>(handler_->on_message(
        {message.topic, message.payload, message.retain, message.response_topic, message.correlation}));
    hooks_.on_event();
}

bool Wire::publish(const mqtt::Publication& publication) {
    if (!connected_ || unacknowledged_ >= options_.window) {
        short_ = connected_;
        return false;
    }
    hooks_.on_publish(publication);
    if (publication.qos > 0) {
        ++unacknowledged_;
        short_ = short_ || unacknowledged_ > options_.window / 2U;
        schedule_.after(kAcknowledged, [this, alive = alive_, connection = connection_] {
            if (*alive && connected_ && connection == connection_) {
                acknowledge();
            }
        });
    }
    broker_.publish(kName, {publication.topic, publication.payload, publication.retain,
                            publication.response_topic, publication.correlation});
    return true;
}

bool Wire::ask_for_retained(const std::vector<std::string>& topics) {
    if (!connected_) {
        return false;
    }
    broker_.send_retained(kName, topics);
    schedule_.after(kAcknowledged, [this, alive = alive_, connection = connection_] {
        if (*alive && connected_ && connection == connection_) {
            handler_->on_retained();
            hooks_.on_event();
        }
    });
    return true;
}

std::uint32_t Wire::room() {
    return connected_ ? options_.window - (options_.tells_room ? unacknowledged_ : 0) : 0;
}

void Wire::acknowledge() {
    --unacknowledged_;
    if (short_ && unacknowledged_ <= options_.window / 2U) {
        short_ = false;
        handler_->on_room();
        hooks_.on_event();
    }
}

void Wire::stop(const std::vector<mqtt::Publication>& last) {
    for (const auto& publication : last) {
        broker_.publish(kName, {publication.topic, publication.payload, publication.retain});
    }
    connected_ = false;
    handler_ = nullptr;
    broker_.disconnect(kName);
}

}  // namespace muster::simulation
