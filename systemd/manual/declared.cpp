#include "systemd/manual/declared.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <regex>

namespace muster::manual {
namespace {

// CLI11 puts what a value must be behind the name of its type: "TEXT:{5,3.1.1}", "N:UINT in [1 - 9]".
struct Type {
    std::string value;
    std::vector<std::string> words;
    std::string range;
};

Type type_of(const CLI::Option& option) {
    static const std::regex set("^([^:]*):\\{(.*)\\}$");
    static const std::regex range("^([^:]*):.* in \\[(\\S+) - (\\S+)\\]$");
    const std::string name = option.get_type_name();
    std::smatch match;
    if (std::regex_match(name, match, set)) {
        return {match[1], CLI::detail::split(match[2], ','), {}};
    }
    if (std::regex_match(name, match, range)) {
        return {match[1], {}, fmt::format("{} to {}", match[2].str(), match[3].str())};
    }
    return {name, {}, {}};
}

std::string help_of(const CLI::Option& option, const Type& type) {
    std::string help = option.get_description();
    const std::string defaults = option.get_default_str();
    std::string remarks;
    if (!type.range.empty()) {
        remarks += fmt::format("{}; ", type.range);
    }
    if (!defaults.empty() && defaults != "{}" && defaults != "\"\"") {
        remarks += fmt::format("default {}; ", defaults);
    }
    if (!remarks.empty()) {
        help += fmt::format(" ({})", remarks.substr(0, remarks.size() - 2));
    }
    return help;
}

Option described(const CLI::Option& option) {
    Option result;
    for (const std::string& name : option.get_snames()) {
        result.flags.push_back("-" + name);
    }
    for (const std::string& name : option.get_lnames()) {
        result.flags.push_back("--" + name);
    }
    const Type type = type_of(option);
    result.help = help_of(option, type);
    result.required = option.get_required();
    if (option.get_group() != "Options") {
        result.group = option.get_group();
    }
    if (option.get_type_size_max() > 0) {
        result.value = type.value;
        result.repeated = option.get_items_expected_max() > 1;
        result.many = result.repeated && option.get_allow_extra_args();
        result.completion = type.words.empty() ? completion_of(type.value, option.get_description())
                                               : Completion{Source::words, type.words};
    }
    return result;
}

Argument described_argument(const CLI::Option& option) {
    const Type type = type_of(option);
    const Count count = option.get_items_expected_max() > 1 ? Count::many
                        : option.get_required()             ? Count::one
                                                            : Count::optional;
    // The name is for whoever reads the page; the type says what completes it.
    auto completion = completion_of(option.get_name(true, false), option.get_description());
    if (completion.source == Source::nothing) {
        completion = completion_of(type.value, option.get_description());
    }
    return {option.get_name(true, false), help_of(option, type), count, completion};
}

void describe(const CLI::App& app, std::vector<Argument>& arguments, std::vector<Option>& options) {
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_group().empty()) {
            continue;  // hidden
        }
        if (option->get_positional()) {
            arguments.push_back(described_argument(*option));
        } else {
            options.push_back(described(*option));
        }
    }
}

}  // namespace

Program described(const std::string& name, const std::string& summary, const CLI::App& app) {
    Program program{name, summary, {}};
    std::vector<Argument> none;
    describe(app, none, program.options);
    for (const CLI::App* subcommand : app.get_subcommands([](const CLI::App*) { return true; })) {
        Command command{{subcommand->get_name()}, subcommand->get_description()};
        describe(*subcommand, command.arguments, command.options);
        program.commands.push_back(std::move(command));
    }
    return program;
}

}  // namespace muster::manual
