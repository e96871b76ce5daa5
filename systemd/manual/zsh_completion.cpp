#include "systemd/manual/completions.hpp"
#include "systemd/manual/fill.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::manual {
namespace {

constexpr std::string_view kScript = R"sh(#compdef %program%
# Completion of %program% in zsh, made by muster-manual from the tables of the program.

%ask%%functions%_%f%() {
    local curcontext=$curcontext state line ret=1
    local -a reach common
    typeset -A opt_args
    common=(
%common%    )
%body%    return ret
}

_%f% "$@"
)sh";

constexpr std::string_view kAsk =
    R"sh(_%f%_ask() { # arguments of muster; offers the first column of its table
    local -a names
    names=(${(f)"$(timeout 2 muster --timeout 1s $reach "$@" 2>/dev/null </dev/null |
        awk 'NR == 1 { table = $1 ~ /^[A-Z]+$/; next } table { print $1 }')"})
    compadd -a names
}
_%f%_jobs() { _%f%_ask job list --limit 100 }
_%f%_sets() { _%f%_ask set list --limit 500 }
_%f%_templates() { _%f%_ask template list --limit 500 }
_%f%_devices() { _%f%_ask device list --limit 100 ${PREFIX:+--search} $PREFIX }

)sh";

// The words after the program's name: which command, and then what belongs to it.
constexpr std::string_view kCommands = R"sh(    _arguments -C $common '1: :->command' '*:: :->rest' && ret=0
%reach%    case $state in
    command)
        local -a commands=(
%list%        )
        _describe -t commands '%title%' commands && ret=0
        ;;
    rest)
        curcontext=${curcontext%:*:*}:%context%-$words[1]:
        case $words[1] in
%branches%        esac
        ;;
    esac
)sh";

std::string escaped(std::string_view text, std::string_view special) {
    std::string out;
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += special.find(c) == std::string_view::npos ? std::string(1, c) : std::string("\\") + c;
        }
    }
    return out;
}

class Writer {
public:
    explicit Writer(const Program& program) : program_(program), function_(function_name(program.name)) {}

    std::string write() {
        Pieces pieces{{"program", program_.name}, {"f", function_}};
        pieces["common"] = specifications(program_.options, 8);
        pieces["body"] = program_.commands.empty() ? "    _arguments $common && ret=0\n"
                                                   : commands_body(program_.commands, 0, "");
        pieces["functions"] = functions_;
        if (program_.name == "muster") {
            pieces["ask"] = filled(kAsk, pieces);
        }
        return filled(kScript, pieces);
    }

private:
    std::string action(const Completion& completion) const {
        switch (completion.source) {
            case Source::nothing:
                return " ";
            case Source::words:
                return "(" + joined(completion.words) + ")";
            case Source::keys:
                return fmt::format("{{compadd -S = -- {}}}", joined(completion.words));
            case Source::file:
                return "_files";
            case Source::jobs:
                return "_" + function_ + "_jobs";
            case Source::sets:
                return "_" + function_ + "_sets";
            case Source::devices:
                return "_" + function_ + "_devices";
            case Source::templates:
                return "_" + function_ + "_templates";
        }
        return " ";
    }

    std::string specification(const Option& option, const std::string& flag) const {
        std::string text;
        if (option.many || option.repeated) {
            text = "*";
        } else if (option.flags.size() > 1) {
            text = "(" + joined(option.flags) + ")";
        }
        text += flag + "[" + escaped(option.help, "[]\\") + "]";
        if (!option.value.empty()) {
            text += fmt::format(":{}{}:{}", option.many ? "*-*:" : "", escaped(option.value, ":\\"),
                                action(option.completion));
        }
        return "'" + text + "'";
    }

    std::string specifications(const std::vector<Option>& options, std::size_t indent) const {
        std::string lines;
        for (const Option& option : options) {
            for (const std::string& flag : option.flags) {
                lines += std::string(indent, ' ') + specification(option, flag) + "\n";
            }
        }
        return lines;
    }

    std::string argument(const Argument& argument) const {
        const char* place = argument.count == Count::many       ? "*:"
                            : argument.count == Count::optional ? "::"
                                                                : ":";
        return fmt::format("'{}{}:{}'", place, escaped(argument.name + ", " + argument.help, ":\\"),
                           action(argument.completion));
    }

    // What follows when a word of the path has been given: a group's own function, or the command's
    // arguments.
    std::string branch(const std::string& word, const std::string& action) const {
        return fmt::format("        {})\n{}            ;;\n", word, action);
    }

    std::string command_action(const Command& command) const {
        std::string text = "            _arguments $common";
        std::string specs;
        for (const Argument& each : command.arguments) {
            specs += std::string(16, ' ') + argument(each) + "\n";
        }
        specs += specifications(command.options, 16);
        for (std::size_t end = specs.find('\n'); end != std::string::npos; end = specs.find('\n', end + 3)) {
            specs.replace(end, 1, " \\\n");
        }
        return text + (specs.empty() ? "" : " \\\n" + specs.substr(0, specs.size() - 3)) + " && ret=0\n";
    }

    // The commands whose path agrees up to `depth`, by their next word.
    std::string commands_body(const std::vector<Command>& commands, std::size_t depth,
                              const std::string& prefix) {
        std::vector<std::string> words;
        Pieces pieces{{"title", program_.name + prefix + " command"}, {"context", function_}};
        for (const Command& command : commands) {
            const std::string& word = command.path[depth];
            if (std::ranges::find(words, word) != words.end()) {
                continue;
            }
            words.push_back(word);
            std::vector<Command> group;
            std::ranges::copy_if(commands, std::back_inserter(group),
                                 [&](const Command& other) { return other.path[depth] == word; });
            const bool leaf = command.path.size() == depth + 1;
            pieces["list"] += fmt::format("            '{}:{}'\n", word,
                                          leaf ? escaped(command.summary, ":\\") : verbs(group));
            pieces["branches"] += branch(word, leaf ? command_action(command) : call_of(group, word, prefix));
        }
        pieces["reach"] = depth == 0 ? reach() : "";
        return filled(kCommands, pieces);
    }

    std::string verbs(const std::vector<Command>& group) const {
        std::vector<std::string> words;
        for (const Command& command : group) {
            words.push_back(command.path.back());
        }
        return joined(words, ", ");
    }

    std::string call_of(const std::vector<Command>& group, const std::string& word,
                        const std::string& prefix) {
        const std::string name = fmt::format("_{}_{}_commands", function_, word);
        functions_ += name + "() {\n" + commands_body(group, 1, prefix + " " + word) + "}\n\n";
        return "            " + name + "\n";
    }

    // What is typed of them is known once the first words have been looked at.
    std::string reach() const {
        std::string flags;
        for (const Option& option : program_.options) {
            flags += program_.name == "muster" && says_how_to_reach(option) ? " " + option.flags.back() : "";
        }
        if (flags.empty()) {
            return {};
        }
        return fmt::format(
            "    local option\n    for option in{}; do\n        (( ${{+opt_args[$option]}} )) && "
            "reach+=($option ${{opt_args[$option]//\\\\:/:}})\n    done\n",
            flags);
    }

    const Program& program_;
    std::string function_;
    std::string functions_;
};

}  // namespace

std::string zsh_completion(const Program& program) {
    return Writer(program).write();
}

}  // namespace muster::manual
