// The gateway's connection to the broker, without saying by which library.
// paho_link implements it; the simulation has one of its own.
//
// Threads: start, publish and stop are called from one thread. Handler
// functions are called from the library's threads, must not block, must not
// throw and must not call the link.
#pragma once

#include "protocol/result.hpp"
#include "protocol/topics.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace muster::mqtt {

struct Inbound {
    std::string topic;
    std::string payload;
    bool retained = false;
    std::string response_topic;  // MQTT 5; empty: none given
    std::string correlation;
};

struct Publication {
    std::string topic;
    std::string payload;
    int qos = 1;
    bool retain = false;
    // MQTT 5 only, left out on 3.1.1.
    std::string response_topic;
    std::string correlation;
    std::optional<std::uint32_t> expiry_seconds;
};

struct Connected {
    int mqtt_version = 5;              // 5 or 4 (3.1.1)
    std::uint16_t receive_maximum = 0;  // broker's; 20 assumed for 3.1.1
    std::string broker;                // URL connected to
};

class Handler {
public:
    virtual ~Handler() = default;
    // Subscriptions are in place when this is called.
    virtual void on_connected(const Connected& connected) noexcept = 0;
    // `reason` is a sentence; a new attempt is under way.
    virtual void on_disconnected(const std::string& reason) noexcept = 0;
    // false: the queue is full and the message was not taken (it is lost).
    virtual bool on_message(Inbound message) noexcept = 0;
};

class Link {
public:
    virtual ~Link() = default;
    // Begins to connect, and keeps trying until stop(). Error: invalid (options).
    [[nodiscard]] virtual Result<void> start(Handler& handler) = 0;
    // false: not taken, because the link is down or its window is full;
    // nothing of it will reach the broker. Never blocks.
    [[nodiscard]] virtual bool publish(const Publication& publication) = 0;
    // Publishes `last` (if connected), disconnects, joins. No handler call after it.
    virtual void stop(const std::vector<Publication>& last) = 0;
};

}  // namespace muster::mqtt
