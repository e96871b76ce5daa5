#include "tests/bench/bare_turn.hpp"

#include "tests/support/gateway.hpp"
#include "tests/support/json.hpp"

#include <boost/json/serialize.hpp>

#include <stdexcept>

namespace muster::bench {

std::vector<BareKind> bare_kinds(const Run& run) {
    const auto own = test::program("bench_bare");
    std::vector<BareKind> kinds{{"libmosquitto", "libmosquitto", {own, "--library", "libmosquitto"}},
                                {"paho", "Paho, two clients", {own, "--library", "paho"}}};
    const auto script = run.peers / "bare_loop.mjs";
    if (!run.peers.empty() && std::filesystem::exists(script)) {
        kinds.push_back({"mqttjs", "MQTT.js", {"node", script.string()}});
    }
    return kinds;
}

Turn bare_turn(const BareKind& kind, const test::Mosquitto& broker, const Fleet& fleet, int value, int qos,
               std::size_t window) {
    auto command = kind.command;
    const auto& options = fleet.options();
    command.insert(command.end(),
                   {"--port", std::to_string(broker.port()), "--devices", std::to_string(options.devices),
                    "--prefix", options.prefix, "--value", std::to_string(value), "--qos",
                    std::to_string(qos), "--window", std::to_string(window)});
    const auto broker_before = test::usage_of(broker.id());
    const auto simulator_before = fleet.usage();
    const auto finished = test::run(command, 2 * test::kPatience);
    if (finished.exit_code != 0) {
        throw std::runtime_error(kind.name + ": " + finished.output + finished.errors);
    }
    const auto told = test::parse(finished.output);
    if (test::number(told, "/acked") != static_cast<std::int64_t>(options.devices)) {
        throw std::runtime_error(kind.name + " lost acks: " + finished.output);
    }
    const auto* cpu = told.as_object().if_contains("cpu_seconds");
    return {test::member(told, "/seconds").to_number<double>(),
            cpu != nullptr ? cpu->to_number<double>() : -1,
            test::usage_of(broker.id()).cpu_seconds - broker_before.cpu_seconds,
            fleet.usage().cpu_seconds - simulator_before.cpu_seconds};
}

}  // namespace muster::bench
