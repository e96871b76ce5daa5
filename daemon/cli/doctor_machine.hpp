// What can be seen of the broker on the machine that muster runs on.
//
// Threads: any; reads /proc and, where it may, the broker's configuration.
#pragma once

#include "daemon/cli/doctor_facts.hpp"
#include "daemon/mqtt/broker_url.hpp"

namespace muster::cli::checkup {

// Whether `url` leads to this machine, as far as its host's name tells.
[[nodiscard]] bool is_here(const mqtt::BrokerUrl& url);

[[nodiscard]] MachineFacts look_at_machine(const mqtt::BrokerUrl& url);

}  // namespace muster::cli::checkup
