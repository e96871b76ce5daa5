// One turn of work on every device of a fleet, by musterd or by a bare loop, and what
// each program spent on it.
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

// The costs of many turns, each per operation.
struct Turns {
    std::vector<double> rates;   // operations a second
    std::vector<double> client;  // microseconds of processor
    std::vector<double> broker;
    std::vector<double> simulator;

    void add(const Turn& turn, std::size_t operations);
    // Of all three together, each turn; none when the client does not tell.
    [[nodiscard]] std::vector<double> cpu() const;
    // Adds the three of the processor, as `id`.cpu.client and so on.
    void report_cpu(Report& report, const std::string& id, const std::string& client_name) const;
};

// A job that sets `speed` on every device of the fleet, from the request to run it until its end is told.
// Throws when it did not complete.
[[nodiscard]] Turn job_turn(Musterd& musterd, const test::Mosquitto& broker, Fleet& fleet, int speed);

// Every device of the fleet once. Throws when an ack was lost.
[[nodiscard]] Turn bare_turn(const BareKind& kind, const test::Mosquitto& broker, Fleet& fleet, int speed,
                             int qos, std::size_t window);

}  // namespace muster::bench
