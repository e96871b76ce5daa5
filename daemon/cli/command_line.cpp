#include "daemon/cli/command_line.hpp"

#include "daemon/cli/help.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>

namespace muster::cli {
namespace {

using Given = std::vector<std::pair<std::string_view, const CLI::Option*>>;

CLI::Option* take_values(CLI::Option* option, bool many) {
    return option->type_size(1)
        ->expected(1, many ? CLI::detail::expected_max_vector_size : 1)
        ->allow_extra_args(many);
}

const CLI::Option* add_option(CLI::App& app, const Option& option) {
    const std::string flags(option.flags);
    if (option.value.empty()) {
        return app.add_flag(flags);
    }
    CLI::Option* added = take_values(app.add_option(flags), option.many);
    // The last of a repeated single value wins, as scripts that append expect.
    added->multi_option_policy(option.many ? CLI::MultiOptionPolicy::TakeAll
                                           : CLI::MultiOptionPolicy::TakeLast);
    return added->required(option.required);
}

const CLI::Option* add_argument(CLI::App& app, const Argument& argument) {
    CLI::Option* added =
        take_values(app.add_option(std::string(argument.name)), argument.count == Count::many);
    return added->required(argument.count != Count::optional);
}

Arguments collect(const Given& given) {
    Arguments arguments;
    for (const auto& [name, option] : given) {
        if (option->count() > 0) {
            arguments.set(name, option->results());
        }
    }
    return arguments;
}

// The table as CLI11 wants it, and the way back from its objects.
class Parser {
public:
    Parser(const std::vector<Command>& commands, const std::vector<Option>& global)
        : commands_(commands), global_(global) {
        app_.require_subcommand(1)->fallthrough();
        app_.set_version_flag("--version", std::string("muster ") + MUSTER_VERSION);
        for (const Option& option : global) {
            global_given_.emplace_back(option.name(), add_option(app_, option));
        }
        for (const Command& command : commands) {
            add(command);
        }
    }

    Outcome<std::variant<Invocation, Information>> parse(std::vector<std::string> words) {
        // CLI11 takes them from the back.
        std::reverse(words.begin(), words.end());
        try {
            app_.parse(words);
        } catch (const CLI::CallForVersion&) {
            return Information{fmt::format("muster {}\n", MUSTER_VERSION)};
        } catch (const CLI::CallForHelp&) {
            return Information{help()};
        } catch (const CLI::ParseError& error) {
            return usage_failure(error.what(), {{"", fmt::format("see `muster {}--help`", reached_path())}});
        }
        const auto& [command, given] = entries_.at(reached());
        return Invocation{command, collect(global_given_), collect(given)};
    }

private:
    void add(const Command& command) {
        CLI::App* parent = &app_;
        if (!command.group.empty()) {
            auto& group = groups_[std::string(command.group)];
            if (group == nullptr) {
                group = app_.add_subcommand(std::string(command.group));
                group->require_subcommand(1)->fallthrough();
            }
            parent = group;
        }
        CLI::App* added = parent->add_subcommand(std::string(command.name));
        added->fallthrough();
        Given given;
        for (const Argument& argument : command.arguments) {
            given.emplace_back(argument.name, add_argument(*added, argument));
        }
        for (const Option& option : command.options) {
            given.emplace_back(option.name(), add_option(*added, option));
        }
        entries_.emplace(added, std::pair(&command, std::move(given)));
    }

    // The innermost (sub)command that the words named.
    const CLI::App* reached() const {
        const CLI::App* at = &app_;
        while (!at->get_subcommands().empty()) {
            at = at->get_subcommands().front();
        }
        return at;
    }

    std::string reached_path() const {
        const auto found = entries_.find(reached());
        if (found != entries_.end()) {
            return found->second.first->path() + " ";
        }
        return reached() == &app_ ? "" : reached()->get_name() + " ";
    }

    std::string help() const {
        const auto found = entries_.find(reached());
        if (found != entries_.end()) {
            return help_command(*found->second.first);
        }
        return help_overview(commands_, global_, reached() == &app_ ? "" : reached()->get_name());
    }

    const std::vector<Command>& commands_;
    const std::vector<Option>& global_;
    CLI::App app_;
    Given global_given_;
    std::map<std::string, CLI::App*, std::less<>> groups_;
    std::map<const CLI::App*, std::pair<const Command*, Given>> entries_;
};

}  // namespace

Outcome<std::variant<Invocation, Information>> parse_command_line(const std::vector<std::string>& words,
                                                                  const std::vector<Command>& commands,
                                                                  const std::vector<Option>& global) {
    return Parser(commands, global).parse(words);
}

}  // namespace muster::cli
