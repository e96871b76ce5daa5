// One connection to a broker for somebody who wants to know how the broker is:
// every question waits for its answer, and nothing is tried again.
//
// Threads: used from one thread. Each function waits at most the limit that it
// was opened with.
#pragma once

#include "daemon/mqtt/broker_probe.hpp"
#include "daemon/mqtt/link.hpp"
#include "daemon/mqtt/link_options.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace muster::mqtt {

struct ProbeOptions {
    BrokerUrl url;
    std::string user;  // empty: anonymous
    std::string password;
    TlsOptions tls;
    std::chrono::milliseconds limit{5'000};
};

// What the broker said of itself when it let us in.
struct Greeting {
    int mqtt_version = 5;  // 5 or 4 (3.1.1)
    std::uint16_t receive_maximum =
        65'535;  // what MQTT 5 takes it for where none is stated, as 3.1.1 has none
};

enum class ProbeAnswer {
    yes,
    denied,   // only MQTT 5 says so of a publish
    unknown,  // no answer in time, or the connection was lost
};

// Why there is no session.
struct ProbeFailure {
    PathStage stage = PathStage::login;
    std::string reason;  // a sentence
};

[[noreturn]] void throw_exception_from_error(const ProbeFailure& failure,
                                             const boost::source_location& where);

class ProbeSession {
public:
    virtual ~ProbeSession() = default;
    [[nodiscard]] virtual Greeting greeting() const = 0;
    // QoS 1. With MQTT 3.1.1 `yes` does not prove that anybody may read it.
    [[nodiscard]] virtual ProbeAnswer publish(const Publication& publication) = 0;
    // QoS 0. `yes` does not prove that messages are given: Mosquitto looks at each one.
    [[nodiscard]] virtual ProbeAnswer subscribe(const std::string& filter) = 0;
    // The next message, oldest first; nullopt: none before the deadline.
    [[nodiscard]] virtual std::optional<Inbound> receive(std::chrono::steady_clock::time_point deadline) = 0;
};

using OpenedProbe = boost::system::result<std::unique_ptr<ProbeSession>, ProbeFailure>;
using OpenProbe = std::function<OpenedProbe(const ProbeOptions& options)>;

}  // namespace muster::mqtt
