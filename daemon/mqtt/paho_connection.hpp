// The connections of one attempt to reach a broker, from CONNECT until they
// are closed; made anew for the next attempt, so that nothing of a connection
// that failed is ever carried on.
//
// Threads: publish from any; the rest from the one thread that owns it. The
// listener is called from Paho's threads, which must not be held up.
#pragma once

#include "daemon/mqtt/connection_failure.hpp"
#include "daemon/mqtt/link.hpp"
#include "daemon/mqtt/link_options.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace muster::mqtt {

class ConnectionListener {
public:
    // Every connection was accepted.
    virtual void opened() noexcept = 0;
    // Every subscription was granted.
    virtual void subscribed() noexcept = 0;
    // One of them failed or was lost; may come several times, at any time.
    virtual void failed(ConnectionFailure failure) noexcept = 0;
    virtual void arrived(Inbound message) noexcept = 0;
    // As Handler::on_retained.
    virtual void retained_came() noexcept = 0;
    // As Handler::on_room.
    virtual void has_room() noexcept = 0;

protected:
    ~ConnectionListener() = default;
};

class PahoConnection {
public:
    // `options` and `listener` must outlive it. mqtt_version: 5 or 4 (3.1.1).
    PahoConnection(const LinkOptions& options, const BrokerUrl& url, int mqtt_version,
                   ConnectionListener& listener);
    // Disconnects. The listener is not called after it.
    ~PahoConnection();
    PahoConnection(const PahoConnection&) = delete;
    PahoConnection& operator=(const PahoConnection&) = delete;

    // Answered by opened() or failed().
    void open();
    // Once opened. Answered by subscribed() or failed(). On MQTT 5 without what the broker retains.
    void subscribe();
    // Once subscribed: what it retains, if that did not come with the subscriptions.
    void ask_for_all_retained();
    // Once subscribed. Answered by retained_came(). False: not connected any more.
    [[nodiscard]] bool ask_for_retained(const std::vector<std::string>& topics);
    // Once opened. False: not connected any more, or too many on their way.
    [[nodiscard]] bool publish(const Publication& publication);
    // What it would take now, above QoS 0 and of usual size.
    [[nodiscard]] std::uint32_t room() const noexcept;
    // Publishes `last`, waiting for room where there is none, and waits until
    // everything published is done; until `deadline`.
    void finish(const std::vector<Publication>& last, std::chrono::steady_clock::time_point deadline);
    // Once opened: most publishes above QoS 0 on their way.
    [[nodiscard]] std::uint16_t window() const noexcept;

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace muster::mqtt
