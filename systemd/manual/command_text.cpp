#include "systemd/manual/command_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

namespace muster::manual {
namespace {

// A command whose options begin with so many of another one's refers to that one.
constexpr std::size_t kWorthReferring = 5;

std::string sentence(const std::string& text) {
    std::string result = text;
    if (!result.empty()) {
        result.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(result.front())));
        result += result.ends_with('.') ? "" : ".";
    }
    return result;
}

// A help that begins with what is typed stays as it is.
std::string help_text(const std::string& help) {
    static const std::regex word("^[a-z-]+ .*|^[a-z-]+");
    return std::regex_match(help, word) ? sentence(help) : help + (help.ends_with('.') ? "" : ".");
}

std::string value_term(const Option& option) {
    if (option.value.empty()) {
        return {};
    }
    return " " + italic(option.value) + (option.many ? plain("…") : "");
}

std::string option_term(const Option& option) {
    std::string term;
    for (const std::string& flag : option.flags) {
        term += (term.empty() ? "" : ", ") + bold(flag);
    }
    return term + value_term(option);
}

std::string argument_term(const Argument& argument) {
    switch (argument.count) {
        case Count::one:
            return italic(argument.name);
        case Count::optional:
            return "[" + italic(argument.name) + "]";
        case Count::many:
            return italic(argument.name) + plain("…");
    }
    return {};
}

bool says_repeated(const Option& option) {
    return option.repeated && !option.many && option.help.find("repeat") == std::string::npos;
}

void write(Page& page, const Option& option) {
    page.entry(option_term(option), help_text(option.help) + (option.required ? " Required." : "") +
                                        (says_repeated(option) ? " May be repeated." : ""));
}

// An earlier command all of whose options this one begins with.
const Command* like(const Program& program, const Command& command) {
    const auto begins = [&command](const Command& other) {
        return other.options.size() >= kWorthReferring && other.options.size() <= command.options.size() &&
               std::equal(other.options.begin(), other.options.end(), command.options.begin());
    };
    const auto found = std::ranges::find_if(program.commands, begins);
    return found == program.commands.end() || found->path == command.path ? nullptr : &*found;
}

std::string codes_of(const std::vector<Exit>& exits) {
    std::string text;
    for (std::size_t at = 0; at < exits.size(); ++at) {
        text += fmt::format("{}{}", at == 0 ? "" : at + 1 == exits.size() ? " or " : ", ", exits[at].code);
    }
    return text;
}

void write(Page& page, const Program& program, const Command& command) {
    std::string term = bold(program.name + " " + joined(command.path));
    for (const Argument& argument : command.arguments) {
        term += " " + argument_term(argument);
    }
    for (const Option& option : command.options) {
        term += option.required ? " " + bold(option.flags.back()) + value_term(option) : "";
    }
    const bool more = !std::ranges::all_of(command.options, &Option::required);
    page.subsection(term + (more ? plain(" [OPTION…]") : ""));
    page.paragraph(sentence(command.summary));
    for (const Argument& argument : command.arguments) {
        page.entry(italic(argument.name), sentence(argument.help));
    }
    const Command* other = like(program, command);
    const std::size_t from = other == nullptr ? 0 : other->options.size();
    if (other != nullptr) {
        page.paragraph(fmt::format("It takes the options of `{} {}`{}", program.name, joined(other->path),
                                   from < command.options.size() ? ", and:" : "."));
    }
    for (std::size_t at = from; at < command.options.size(); ++at) {
        write(page, command.options[at]);
    }
    if (!command.exits.empty()) {
        page.paragraph(fmt::format("Exit status: {}.", codes_of(command.exits)));
        for (const Exit& exit : command.exits) {
            if (exit.own) {
                page.entry(bold(std::to_string(exit.code)), sentence(exit.meaning));
            }
        }
    }
    if (!command.examples.empty()) {
        page.example(command.examples);
    }
}

}  // namespace

void write_options(Page& page, const Program& program) {
    std::vector<std::string> groups;
    for (const Option& option : program.options) {
        if (std::ranges::find(groups, option.group) == groups.end()) {
            groups.push_back(option.group);
        }
    }
    page.section("OPTIONS");
    for (const std::string& group : groups) {
        if (!group.empty()) {
            page.subsection(plain(group));
        }
        for (const Option& option : program.options) {
            if (option.group == group) {
                write(page, option);
            }
        }
    }
}

void write_commands(Page& page, const Program& program) {
    if (program.commands.empty()) {
        return;
    }
    page.section("COMMANDS");
    for (const Command& command : program.commands) {
        write(page, program, command);
    }
}

void write_environment(Page& page, const Program& program) {
    static const std::regex variable("\\(env (\\w+)");
    bool first = true;
    for (const Option& option : program.options) {
        std::smatch match;
        if (std::regex_search(option.help, match, variable)) {
            if (first) {
                page.section("ENVIRONMENT");
                page.paragraph("An option that is given counts more than its variable.");
            }
            first = false;
            page.entry(bold(match[1].str()), fmt::format("As {}.", option.flags.back()));
        }
    }
}

void write_exits(Page& page, const Program& program) {
    page.section("EXIT STATUS");
    for (const Exit& exit : program.exits) {
        page.entry(bold(std::to_string(exit.code)), sentence(exit.meaning));
    }
}

}  // namespace muster::manual
