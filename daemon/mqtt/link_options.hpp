// How to reach the broker.
//
// Threads: plain values.
#pragma once

#include "daemon/mqtt/broker_url.hpp"
#include "daemon/mqtt/link.hpp"
#include "daemon/mqtt/login.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace muster::mqtt {

struct LinkOptions {
    // Tried in turn: mqtt://host[:1883], mqtts://host[:8883]; see broker_url.hpp.
    std::vector<std::string> brokers{"mqtt://127.0.0.1:1883"};
    // "-pub", "-sub" and "-state" are appended to it, unless one connection is all; empty: the
    // broker gives them.
    std::string client_id;
    std::string user;
    std::string password;
    TlsOptions tls;
    std::chrono::seconds keep_alive{30};
    std::chrono::seconds connect_timeout{10};
    // Reconnect: doubling between these, each time with +-50 % jitter.
    std::chrono::milliseconds reconnect_least{500};
    std::chrono::milliseconds reconnect_most{30'000};
    // Most publishes above QoS 0 without a PUBACK; where the broker states a
    // Receive Maximum, one less than that bounds it further.
    std::uint16_t window = 300;
    std::vector<Subscription> subscriptions;
    std::optional<Publication> will;
    // Published, retained or not, each time a connection is complete.
    std::optional<Publication> birth;
    // One connection for everything (the command-line client), not three (paho_link.hpp).
    bool one_connection = false;
};

// The brokers' addresses, when everything else is in order too. Error:
// invalid, every broken rule a detail; reads the TLS files.
[[nodiscard]] Result<std::vector<BrokerUrl>> check(const LinkOptions& options);

}  // namespace muster::mqtt
