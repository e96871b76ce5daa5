#include "daemon/cli/help.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::cli {
namespace {

constexpr std::size_t kColumns = 100;
constexpr std::size_t kMostTerm = 34;

// "  term      what it means, broken at words and indented"
std::string entry(const std::string& term, std::string_view help, std::size_t indent) {
    std::string out = fmt::format("  {:<{}}", term, indent - 2);
    std::size_t column = indent;
    if (term.size() + 4 > indent) {
        out += "\n" + std::string(indent, ' ');
    }
    while (!help.empty()) {
        const std::string_view word = help.substr(0, help.find(' '));
        if (column + word.size() + 1 > kColumns && column > indent) {
            out += "\n" + std::string(indent, ' ');
            column = indent;
        }
        out.append(column > indent ? " " : "").append(word);
        column += word.size() + (column > indent ? 1 : 0);
        help.remove_prefix(std::min(help.size(), word.size() + 1));
    }
    return out + "\n";
}

using Entries = std::vector<std::pair<std::string, std::string_view>>;

std::string section(std::string_view title, const Entries& entries) {
    std::size_t longest = 0;
    for (const auto& [term, help] : entries) {
        longest = std::max(longest, std::min(term.size(), kMostTerm));
    }
    std::string out = fmt::format("\n{}:\n", title);
    for (const auto& [term, help] : entries) {
        out += entry(term, help, longest + 4);
    }
    return entries.empty() ? std::string() : out;
}

std::string option_term(const Option& option) {
    std::string term(option.flags);
    if (const auto comma = term.find(','); comma != std::string::npos) {
        term.insert(comma + 1, " ");
    }
    if (!option.value.empty()) {
        term.append(" ").append(option.value).append(option.many ? "…" : "");
    }
    return term;
}

Entries option_entries(const std::vector<Option>& options) {
    Entries entries;
    for (const Option& option : options) {
        entries.emplace_back(option_term(option), option.help);
    }
    return entries;
}

std::string argument_term(const Argument& argument) {
    switch (argument.count) {
        case Count::one:
            return std::string(argument.name);
        case Count::optional:
            return fmt::format("[{}]", argument.name);
        case Count::many:
            return fmt::format("{}…", argument.name);
    }
    return {};
}

}  // namespace

std::vector<ExitCode> exit_codes() {
    std::vector<ExitCode> codes;
    for (int code = 0; code <= static_cast<int>(ExitCode::still_pending); ++code) {
        codes.push_back(static_cast<ExitCode>(code));
    }
    return codes;
}

std::string_view meaning(ExitCode code) {
    switch (code) {
        case ExitCode::success:
            return "success; of a watched job: all devices Completed";
        case ExitCode::usage_or_connection:
            return "wrong command line or file, or no answer from musterd";
        case ExitCode::ended_with_failures:
            return "the watched job ended with failures";
        case ExitCode::stopped:
            return "the watched job was stopped";
        case ExitCode::refused:
            return "refused by musterd; the message says why";
        case ExitCode::still_pending:
            return "watching ended while some devices are still Pending";
    }
    return "";
}

std::string help_overview(const std::vector<Command>& commands, const std::vector<Option>& global,
                          std::string_view group) {
    std::string out = fmt::format(
        "muster {}: bulk jobs for fleets of MQTT devices\n\nUsage: muster [OPTION…] {} [ARGUMENT…]\n",
        MUSTER_VERSION, group.empty() ? "COMMAND" : fmt::format("{} COMMAND", group));
    Entries entries;
    for (const Command& command : commands) {
        if (group.empty() || command.group == group) {
            entries.emplace_back(command.path(), command.summary);
        }
    }
    out += section("Commands", entries);
    if (group.empty()) {
        out += section("Options", option_entries(global));
        Entries exits;
        for (const ExitCode code : exit_codes()) {
            exits.emplace_back(std::to_string(static_cast<int>(code)), meaning(code));
        }
        out += section("Exit codes", exits);
    }
    return out + "\n`muster COMMAND --help` says more about a command.\n";
}

std::string help_command(const Command& command) {
    std::string usage = "muster " + command.path();
    Entries arguments;
    for (const Argument& argument : command.arguments) {
        usage += " " + argument_term(argument);
        arguments.emplace_back(argument.name, argument.help);
    }
    for (const Option& option : command.options) {
        if (option.required) {
            usage += " " + option_term(option);
        }
    }
    Entries exits;
    for (const ExitCode code : command.exits) {
        const auto own =
            std::ranges::find(command.meanings, code, [](const auto& each) { return each.first; });
        exits.emplace_back(std::to_string(static_cast<int>(code)),
                           own == command.meanings.end() ? meaning(code) : own->second);
    }
    std::string out = fmt::format("{}\n\nUsage: {} [OPTION…]\n", command.summary, usage);
    out += section("Arguments", arguments);
    out += section("Options", option_entries(command.options));
    out += section("Exit codes", exits);
    if (!command.examples.empty()) {
        out += "\nExamples:\n";
        for (const std::string_view example : command.examples) {
            out += fmt::format("  {}\n", example);
        }
    }
    return out + "\nOptions of every command (--broker, --json, …): `muster --help`.\n";
}

}  // namespace muster::cli
