// The link to the broker by way of Eclipse Paho.
//
// Two connections: one publishes, the other subscribes, since Paho is much
// faster so; or one for both (LinkOptions::two_connections). Both begin with
// a clean session each time. A session that outlives its connection would
// keep acks that come while the gateway is away, but also control requests,
// and carry them out long after the user gave up; acks lost that way are asked
// for again, as they have to be anyway when a broker loses its sessions.
//
// MQTT 5, and 3.1.1 with a broker that refuses 5.
#pragma once

#include "daemon/mqtt/link.hpp"
#include "daemon/mqtt/link_options.hpp"

#include <memory>

namespace muster::mqtt {

// Options are checked by start().
[[nodiscard]] std::unique_ptr<Link> make_paho_link(LinkOptions options);

}  // namespace muster::mqtt
