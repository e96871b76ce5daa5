// The probe session over Paho.
//
// Threads: as probe_session.hpp says.
#pragma once

#include "daemon/mqtt/probe_session.hpp"

namespace muster::mqtt {

// MQTT 5, and 3.1.1 where the broker does not speak it. The way to the broker is looked at first
// (broker_probe.hpp), so that a failure says where it ends.
[[nodiscard]] OpenedProbe open_paho_probe(const ProbeOptions& options);

}  // namespace muster::mqtt
