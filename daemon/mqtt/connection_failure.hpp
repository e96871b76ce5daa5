// Why connections to a broker failed, as far as the MQTT library says.
//
// Threads: a plain value.
#pragma once

#include <string>

namespace muster::mqtt {

enum class FailureKind {
    explained,        // `reason` is all there is to say
    unexplained,      // of the network or of TLS; see broker_probe.hpp
    version_refused,  // the broker does not speak the version of MQTT asked for
    taken_over,       // the broker gave the session to another client of the same id
};

struct ConnectionFailure {
    std::string reason;  // a sentence that names the broker
    FailureKind kind = FailureKind::explained;
};

}  // namespace muster::mqtt
