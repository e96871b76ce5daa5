// musterd and muster-sim, as they declare their command lines.
#include "config/option_table.hpp"
#include "daemon/program_command_line.hpp"
#include "device-sim/options.hpp"
#include "systemd/manual/declared.hpp"
#include "systemd/manual/programs.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace muster::manual {

Program describe_daemon() {
    CLI::App app;
    Arguments arguments;
    declare_command_line(app, arguments);
    Program program = described("musterd", "bulk jobs for fleets of MQTT devices: the daemon", app);
    program.exits = {
        {0, "it was told to end, or did what it was asked for"},
        {1, "the command line, the configuration or the store is wrong, and the message says how"}};
    for (Option& option : program.options) {
        if (option.flags.back() == "--set") {
            option.completion.source = Source::keys;
            std::ranges::transform(config::option_table(), std::back_inserter(option.completion.words),
                                   [](const config::Option& row) { return std::string(row.key); });
        }
    }
    return program;
}

Program describe_simulator() {
    Program program;
    sim::show_options([&program](const CLI::App& app) {
        program = described("muster-sim", "simulated MQTT devices, well- or badly-behaved, for muster", app);
    });
    program.exits = {{0, "it was told to end, or its time was over"},
                     {1, "the command line is wrong, or the broker cannot be reached"}};
    return program;
}

}  // namespace muster::manual
