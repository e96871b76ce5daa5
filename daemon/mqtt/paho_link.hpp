// The link to the broker by way of Eclipse Paho.
//
// Three connections: one publishes, since Paho is much faster so; one subscribes above
// QoS 0, one at QoS 0. Floods come at QoS 0, and once max_queued_messages packets wait
// for a client, Mosquitto (to 2.0.22 at least) drops whatever comes next: PUBACKs and SUBACKs
// too, and messages at QoS 1, which it counts as in flight until the connection ends.
// After twenty of them nothing at QoS 1 would come any more. Or one connection for everything
// (LinkOptions::one_connection), where no floods are. All begin with a clean session each
// time. A session that outlives its connection would
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
