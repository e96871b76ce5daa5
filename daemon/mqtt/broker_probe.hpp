// Why a broker cannot be reached. Paho keeps to itself what the system and
// OpenSSL told it, so the link goes the same way once more by hand, up to the
// end of the TLS handshake, and says what it met. Nothing of MQTT is sent.
//
// Threads: any that may wait. SIGPIPE has to be ignored, as it is wherever a
// Paho client was made.
#pragma once

#include "daemon/mqtt/link_options.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace muster::mqtt {

// Where the way ends.
enum class PathStage {
    name,        // the host's name has no address
    connection,  // nobody answers at the address
    tls,
    login,  // of MQTT, which this probe does not come to
};

struct PathFault {
    PathStage stage = PathStage::connection;
    std::string
        text;  // "Connection refused", "TLS: the broker's certificate was refused: certificate has expired"
};

// nullopt: nothing is wrong, at least now. Waits at most `limit`, and for the
// system's resolver.
[[nodiscard]] std::optional<PathFault> probe_broker(const BrokerUrl& url, const TlsOptions& tls,
                                                    std::chrono::milliseconds limit);

}  // namespace muster::mqtt
