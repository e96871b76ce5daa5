// muster, from its table of commands.
#include "daemon/cli/command_table.hpp"
#include "daemon/cli/help.hpp"
#include "systemd/manual/programs.hpp"

#include <algorithm>

namespace muster::manual {
namespace {

Option described(const cli::Option& option) {
    const std::string flags(option.flags);
    const auto comma = flags.find(',');
    Option result{
        {}, std::string(option.value), std::string(option.help), option.many, option.many, option.required};
    if (comma != std::string::npos) {
        result.flags.push_back(flags.substr(0, comma));
    }
    result.flags.push_back(flags.substr(comma == std::string::npos ? 0 : comma + 1));
    result.completion = completion_of(result.value, result.help);
    return result;
}

std::vector<Option> described(const std::vector<cli::Option>& options) {
    std::vector<Option> result;
    for (const cli::Option& option : options) {
        result.push_back(described(option));
    }
    return result;
}

Count described(cli::Count count) {
    switch (count) {
        case cli::Count::one:
            return Count::one;
        case cli::Count::optional:
            return Count::optional;
        case cli::Count::many:
            return Count::many;
    }
    return Count::one;
}

Command described(const cli::Command& command) {
    Command result{{}, std::string(command.summary)};
    if (!command.group.empty()) {
        result.path.emplace_back(command.group);
    }
    result.path.emplace_back(command.name);
    for (const cli::Argument& argument : command.arguments) {
        const std::string name(argument.name);
        const std::string help(argument.help);
        result.arguments.push_back({name, help, described(argument.count), completion_of(name, help)});
    }
    result.options = described(command.options);
    for (const cli::ExitCode code : command.exits) {
        const auto own =
            std::ranges::find(command.meanings, code, [](const auto& each) { return each.first; });
        const bool differs = own != command.meanings.end();
        result.exits.push_back(
            {static_cast<int>(code), std::string(differs ? own->second : cli::meaning(code)), differs});
    }
    result.examples.assign(command.examples.begin(), command.examples.end());
    return result;
}

}  // namespace

Program describe_client() {
    Program program{"muster", "bulk jobs for fleets of MQTT devices: the command line",
                    described(cli::global_options())};
    program.options.push_back({{"-h", "--help"}, "", "print the help of muster, or of a command, and exit"});
    program.options.push_back({{"--version"}, "", "print the version and exit"});
    for (const cli::Command& command : cli::command_table()) {
        program.commands.push_back(described(command));
    }
    for (const cli::ExitCode code : cli::exit_codes()) {
        program.exits.push_back({static_cast<int>(code), std::string(cli::meaning(code))});
    }
    return program;
}

}  // namespace muster::manual
