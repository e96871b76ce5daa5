// muster: the command-line client.
#include "daemon/cli/mqtt_client.hpp"
#include "daemon/cli/program.hpp"
#include "daemon/cli/terminal.hpp"
#include "daemon/mqtt/paho_link.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <unistd.h>

int main(int count, char** words) {
    using namespace muster;
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
        [] { return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()); },
        cli::note_interrupts,
        cli::interrupted,
        cli::open_in_browser};
    return static_cast<int>(
        cli::run_program(std::vector<std::string>(words + std::min(1, count), words + count), surroundings));
}
