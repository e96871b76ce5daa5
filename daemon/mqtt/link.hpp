// The gateway's connection to the broker, without saying by which library.
// paho_link implements it; the simulation has one of its own.
//
// Threads: start, publish, room and stop are called from one thread, due and
// change_login from any. Handler functions are called from the library's
// threads, must not block, must not throw and must not call the link.
#pragma once

#include "daemon/mqtt/login.hpp"
#include "protocol/result.hpp"
#include "protocol/topics.hpp"

#include <chrono>
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
    int mqtt_version = 5;      // 5 or 4 (3.1.1)
    std::uint16_t window = 0;  // most publishes above QoS 0 that publish() takes without a PUBACK
    std::string broker;        // URL connected to, port included
};

class Handler {
public:
    virtual ~Handler() = default;
    // Subscriptions are in place and publish() takes messages when this is
    // called. Retained messages may have come before.
    virtual void on_connected(const Connected& connected) noexcept = 0;
    // The link went down, or an attempt to bring it up failed (then again for
    // each attempt). Whatever had no PUBACK may or may not have reached the
    // broker. `reason` is a sentence; a new attempt follows by itself.
    virtual void on_disconnected(const std::string& reason) noexcept = 0;
    // false: the queue is full and the message was not taken (it is lost).
    virtual bool on_message(Inbound message) noexcept = 0;
    // What ask_for_retained() asked for has come, or was refused.
    virtual void on_retained() noexcept {}
    // Half of the window is free again, which was not so before, or publish() refused
    // something. A hint: there may be one too many, never one too few.
    virtual void on_room() noexcept {}
};

class Link {
public:
    virtual ~Link() = default;
    // Begins to connect, and keeps trying until stop(). Error: invalid (options).
    [[nodiscard]] virtual Result<void> start(Handler& handler) = 0;
    // false: not taken, because the link is down or its window is full;
    // nothing of it will reach the broker. A payload above 64 KiB takes more of
    // the window than one place. Never waits for the network.
    [[nodiscard]] virtual bool publish(const Publication& publication) = 0;
    // About how many of them it would take now, above QoS 0 and of usual size; 0 while
    // the link is down. on_room() tells when a small number has grown.
    [[nodiscard]] virtual std::uint32_t room() = 0;
    // Asks the broker once more for what it retains on these topics, a hundred at most: each comes as a
    // message, if there is one, then on_retained() is called, unless the link goes down before. false: not
    // asked, because the link is down. Never waits for the network.
    [[nodiscard]] virtual bool ask_for_retained(const std::vector<std::string>& /*topics*/) { return false; }
    // Publishes `last` (if connected) and waits at most two seconds until
    // everything published has its PUBACK; disconnects, so that the will is not
    // published; joins. No handler call after it. A link cannot be started twice.
    virtual void stop(const std::vector<Publication>& last) = 0;

    // By when the thread that connects and reconnects is to be heard of; from any
    // thread. When that has passed, it hangs. A broker that is away is none of that.
    [[nodiscard]] virtual std::chrono::steady_clock::time_point due() const noexcept {
        return std::chrono::steady_clock::time_point::max();
    }
    // Who to be from the next attempt to connect on; a connection that is up stays.
    // From any thread.
    virtual void change_login(Login /*login*/) {}
};

}  // namespace muster::mqtt
