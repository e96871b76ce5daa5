#include "daemon/program_command_line.hpp"

#include <CLI/CLI.hpp>

namespace muster {
namespace {

// --config and --set may stand behind the command too.
CLI::App* add_command(CLI::App& app, Arguments& arguments, Task task, const char* name,
                      const char* description) {
    auto* command = app.add_subcommand(name, description);
    command->fallthrough();
    command->callback([&arguments, task] { arguments.task = task; });
    return command;
}

void declare_commands(CLI::App& app, Arguments& arguments) {
    app.require_subcommand(0, 1);
    auto* backup =
        add_command(app, arguments, Task::backup, "backup",
                    "Copy the store to FILE, verified, while musterd works on it; exit: 0 done, 1 not");
    backup->add_option("FILE", arguments.file, "Where to; it is there only when it is whole")->required();
    backup->add_flag("--force", arguments.force, "Replace FILE if it is there");
    auto* restore = add_command(app, arguments, Task::restore, "restore",
                                "Put a backup in the place of the store while musterd does not run; the old "
                                "store is kept beside it; exit: 0 done, 1 not");
    restore->add_option("FILE", arguments.file, "What musterd backup has made")->required();
}

}  // namespace

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
    declare_commands(app, arguments);
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
