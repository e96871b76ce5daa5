#include "tests/bench/turns.hpp"

#include "tests/support/gateway.hpp"
#include "tests/support/json.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

namespace muster::bench {
namespace {

constexpr double kMicroseconds = 1e6;
constexpr std::chrono::minutes kPatience{15};  // a million devices on a slow machine

}  // namespace

void Turns::add(const Turn& turn, std::size_t operations) {
    const auto each = [operations](double seconds) {
        return seconds / static_cast<double>(operations) * kMicroseconds;
    };
    rates.push_back(static_cast<double>(operations) / turn.seconds);
    if (turn.client_cpu >= 0) {
        client.push_back(each(turn.client_cpu));
    }
    broker.push_back(each(turn.broker_cpu));
    simulator.push_back(each(turn.simulator_cpu));
}

std::vector<double> Turns::cpu() const {
    std::vector<double> sums;
    for (std::size_t i = 0; i < client.size(); ++i) {
        sums.push_back(client[i] + broker[i] + simulator[i]);
    }
    return sums;
}

void Turns::report_cpu(Report& report, const std::string& id, const std::string& client_name) const {
    if (!client.empty()) {
        report.add(id + ".cpu.client", "  CPU of " + client_name, "us/operation", client);
    }
    report.add(id + ".cpu.broker", "  CPU of the broker", "us/operation", broker);
    report.add(id + ".cpu.simulator", "  CPU of the simulator", "us/operation", simulator);
}

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

Turn job_turn(Musterd& musterd, const test::Mosquitto& broker, Fleet& fleet, int speed) {
    const auto daemon_before = musterd.usage();
    const auto broker_before = test::usage_of(broker.id());
    const auto simulator_before = fleet.usage();
    const Stopwatch watch;
    const auto job = musterd.run_job(speed);
    const auto end = musterd.client().await_end(job, kPatience);
    if (end.succeeded != static_cast<std::int64_t>(fleet.options().devices)) {
        throw std::runtime_error(fmt::format("job {} is {}, {} succeeded", job, end.status, end.succeeded));
    }
    return {std::chrono::duration<double>(end.at - watch.start()).count(),
            musterd.usage().cpu_seconds - daemon_before.cpu_seconds,
            test::usage_of(broker.id()).cpu_seconds - broker_before.cpu_seconds,
            fleet.usage().cpu_seconds - simulator_before.cpu_seconds};
}

Turn bare_turn(const BareKind& kind, const test::Mosquitto& broker, Fleet& fleet, int speed, int qos,
               std::size_t window) {
    auto command = kind.command;
    const auto& options = fleet.options();
    command.insert(command.end(),
                   {"--port", std::to_string(broker.port()), "--devices", std::to_string(options.devices),
                    "--prefix", options.prefix, "--value", std::to_string(speed), "--qos",
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
