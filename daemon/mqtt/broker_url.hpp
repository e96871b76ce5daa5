// The address of a broker as users write it: mqtt://host[:port] or mqtts://host[:port].
//
// Threads: a plain value and a pure function.
#pragma once

#include "protocol/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace muster::mqtt {

struct BrokerUrl {
    bool tls = false;
    std::string host;  // a name, an IPv4 address, or an IPv6 address without brackets
    std::uint16_t port = 0;
};

// Default ports: 1883, and 8883 with TLS. Nothing may follow the port, and no
// user may precede the host: those have options of their own. IPv6 addresses
// stand in brackets, and only without TLS, since no host name could be checked.
// Error: invalid, in a sentence that names what is wrong.
[[nodiscard]] Result<BrokerUrl> parse_broker_url(std::string_view text);

// With the port and brackets where they belong: "mqtts://broker.example:8883".
[[nodiscard]] std::string to_string(const BrokerUrl& url);

}  // namespace muster::mqtt
