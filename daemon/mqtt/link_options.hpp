// How to reach the broker.
#pragma once

#include "daemon/mqtt/link.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace muster::mqtt {

struct TlsOptions {
    std::string ca_file;           // PEM trust store; empty: the system's
    std::string certificate_file;  // client certificate, PEM; empty: none
    std::string key_file;
};

struct LinkOptions {
    // Tried in turn: mqtt://host[:1883], mqtts://host[:8883].
    std::vector<std::string> brokers{"mqtt://127.0.0.1:1883"};
    std::string client_id;  // "-pub" and "-sub" are appended; empty: the broker gives one
    std::string user;
    std::string password;
    TlsOptions tls;
    std::chrono::seconds keep_alive{30};
    std::chrono::seconds connect_timeout{10};
    // Reconnect: doubling between these, each time with +-50 % jitter.
    std::chrono::milliseconds reconnect_least{500};
    std::chrono::milliseconds reconnect_most{30'000};
    // Most publishes at QoS 1 without a PUBACK; the broker's Receive Maximum
    // bounds it further where the broker states one.
    std::uint16_t window = 300;
    std::vector<Subscription> subscriptions;
    std::optional<Publication> will;
    // Published, retained or not, each time a connection is complete.
    std::optional<Publication> birth;
    // false: one connection for both directions (the command-line client).
    bool two_connections = true;
};

}  // namespace muster::mqtt
