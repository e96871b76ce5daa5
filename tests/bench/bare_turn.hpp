// One turn of a bare loop beside the programs that it needs, and what it cost.
//
// Threads: one.
#pragma once

#include "tests/bench/sections.hpp"
#include "tests/bench/world.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace muster::bench {

struct BareKind {
    std::string id;    // "paho"
    std::string name;  // "Paho, two clients"
    std::vector<std::string> command;
};

// Those that can run here: MQTT.js only with its packages.
[[nodiscard]] std::vector<BareKind> bare_kinds(const Run& run);

struct Turn {
    double seconds = 0;
    double client_cpu = -1;  // seconds, of musterd or of the loop; negative: not told
    double broker_cpu = 0;
    double simulator_cpu = 0;
};

// Every device of the fleet once. Throws when an ack was lost.
[[nodiscard]] Turn bare_turn(const BareKind& kind, const test::Mosquitto& broker, const Fleet& fleet,
                             int value, int qos, std::size_t window);

}  // namespace muster::bench
