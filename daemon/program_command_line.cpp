#include "daemon/program_command_line.hpp"

#include <CLI/CLI.hpp>

namespace muster {

void declare_command_line(CLI::App& app, Arguments& arguments) {
    app.description("musterd: bulk jobs for fleets of MQTT devices, the daemon");
    app.set_version_flag("--version", "musterd " MUSTER_VERSION);
    app.add_option("--config", arguments.config, "Configuration file (YAML); defaults without one")
        ->type_name("FILE");
    app.add_option("--set", arguments.overrides,
                   "Override one key, such as broker.window=100; may be repeated")
        ->type_name("KEY=VALUE")
        ->take_all()
        ->allow_extra_args(false);
    app.add_flag("--check-config", arguments.check,
                 "Check the configuration and the place of the store, and exit: 0 valid, 1 not");
    app.add_flag("--print-config", arguments.print, "Print the configuration in force and exit");
}

std::optional<int> parse(int count, const char* const* values, Arguments& arguments) {
    CLI::App app;
    declare_command_line(app, arguments);
    try {
        app.parse(count, values);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 1;
    }
    return std::nullopt;
}

}  // namespace muster
