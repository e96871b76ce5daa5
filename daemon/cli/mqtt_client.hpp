// The Client over MQTT: one connection for requests, and one more for a job
// that is being watched.
//
// Threads: as client.hpp says.
#pragma once

#include "daemon/cli/client.hpp"
#include "daemon/cli/settings.hpp"
#include "daemon/mqtt/link_options.hpp"

#include <functional>
#include <memory>

namespace muster::cli {

using MakeLink = std::function<std::unique_ptr<mqtt::Link>(mqtt::LinkOptions)>;

// Connects with the first request. `settings` outlives the client.
[[nodiscard]] std::unique_ptr<Client> make_mqtt_client(const Settings& settings, MakeLink make_link);

}  // namespace muster::cli
