// muster: the command-line client.
#include "daemon/cli/doctor_gather.hpp"
#include "daemon/cli/doctor_machine.hpp"
#include "daemon/cli/mqtt_client.hpp"
#include "daemon/cli/program.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/mqtt/paho_link.hpp"
#include "daemon/mqtt/paho_probe_session.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <unistd.h>

namespace {

muster::TimePoint now() {
    return std::chrono::floor<muster::Milliseconds>(std::chrono::system_clock::now());
}

muster::cli::Outcome<muster::cli::checkup::Facts> examine(const muster::cli::Settings& settings) {
    using namespace muster;
    auto facts = cli::checkup::gather(settings, mqtt::open_paho_probe, now);
    if (facts) {
        facts->machine = cli::checkup::look_at_machine(mqtt::parse_broker_url(settings.broker).value());
    }
    return facts;
}

}  // namespace

int main(int count, char** words) {
    using namespace muster;
    // Paho would send MQTT through a web proxy, and fails where the variables are there but empty.
    unsetenv("http_proxy");
    unsetenv("https_proxy");
    const cli::Surroundings surroundings{
        [](const char* name) -> std::optional<std::string> {
            const char* value = std::getenv(name);
            return value == nullptr ? std::nullopt : std::optional<std::string>(value);
        },
        std::cin,
        std::cout,
        std::cerr,
        cli::is_terminal(STDOUT_FILENO),
        cli::is_terminal(STDERR_FILENO),
        cli::terminal_columns,
        [](const cli::Settings& settings) { return cli::make_mqtt_client(settings, mqtt::make_paho_link); },
        now,
        cli::note_interrupts,
        cli::interrupted,
        cli::open_in_browser,
        examine};
    return static_cast<int>(
        cli::run_program(std::vector<std::string>(words + std::min(1, count), words + count), surroundings));
}
