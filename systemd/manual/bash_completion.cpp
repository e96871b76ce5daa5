#include "systemd/manual/completions.hpp"
#include "systemd/manual/fill.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::manual {
namespace {

// Goes once over the words before the cursor: which command they name, which option still waits for a
// value, and which options of muster say how it reaches the gateway.
constexpr std::string_view kScript =
    R"sh(# Completion of %program% in bash, made by muster-manual from the tables of the program.

%ask%_%f%_values() { # what completes a value; words
    case $1 in
    file)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
        ;;
    keys)
        compopt -o nospace
        mapfile -t COMPREPLY < <(compgen -S = -W "$2" -- "$cur")
        ;;
    words) mapfile -t COMPREPLY < <(compgen -W "$2" -- "$cur") ;;
%asking%    esac
}

_%f%() {
    local cur words cword
    _get_comp_words_by_ref -n =: cur words cword || return
    local path='' waiting='' word index
    local -a reach=()
    for ((index = 1; index < cword; ++index)); do
        word=${words[index]}
        if [[ $word == -?* ]]; then
            waiting=''
            case "$path $word" in
%valued%            esac
        elif [[ -n $waiting ]]; then
            case "$path $waiting" in
%reach%%many%            *) waiting='' ;;
            esac
        else
            case "$path $word" in
%steps%            esac
        fi
    done
    if [[ $cur == -* ]]; then
        word='%options%'
        case $path in
%own%        esac
        mapfile -t COMPREPLY < <(compgen -W "$word" -- "$cur")
    elif [[ -n $waiting ]]; then
        case "$path $waiting" in
%values%        esac
    else
        case $path in
%words%        esac
    fi
} && complete -F _%f% %program%
)sh";

constexpr std::string_view kAsk =
    R"sh(_%f%_ask() { # arguments of muster; prints the first column of its table
    timeout 2 muster --timeout 1s "${reach[@]}" "$@" 2>/dev/null </dev/null |
        awk 'NR == 1 { table = $1 ~ /^[A-Z]+$/; next } table { print $1 }'
}

)sh";
constexpr std::string_view kAsking =
    R"sh(    jobs) mapfile -t COMPREPLY < <(compgen -W "$(_%f%_ask job list --limit 100)" -- "$cur") ;;
    sets) mapfile -t COMPREPLY < <(compgen -W "$(_%f%_ask set list --limit 500)" -- "$cur") ;;
    templates) mapfile -t COMPREPLY < <(compgen -W "$(_%f%_ask template list --limit 500)" -- "$cur") ;;
    devices)
        mapfile -t COMPREPLY < <(compgen -W "$(_%f%_ask device list --limit 100 ${cur:+--search "$cur"})" -- "$cur")
        ;;
)sh";

std::string line(std::size_t indent, const std::string& pattern, const std::string& action) {
    return fmt::format("{}{}) {} ;;\n", std::string(indent, ' '), pattern, action);
}

std::string_view name_of(Source source) {
    switch (source) {
        case Source::nothing:
            return "nothing";
        case Source::words:
            return "words";
        case Source::keys:
            return "keys";
        case Source::file:
            return "file";
        case Source::jobs:
            return "jobs";
        case Source::sets:
            return "sets";
        case Source::devices:
            return "devices";
        case Source::templates:
            return "templates";
    }
    return "";
}

// Where the option stands, under each of its flags. The path "*" is any.
std::string pattern_of(const std::string& path, const Option& option) {
    std::string pattern;
    for (const std::string& flag : option.flags) {
        pattern += pattern.empty() ? "" : " | ";
        pattern += path == "*" ? fmt::format("*' {}'", flag) : fmt::format("'{} {}'", path, flag);
    }
    return pattern;
}

std::string flags_of(const std::vector<Option>& options) {
    std::string flags;
    for (const Option& option : options) {
        flags += (flags.empty() ? "" : " ") + joined(option.flags);
    }
    return flags;
}

class Writer {
public:
    explicit Writer(const Program& program) : program_(program), function_(function_name(program.name)) {}

    std::string write() {
        for (const Command& command : program_.commands) {
            add(command);
        }
        for (const Option& option : program_.options) {
            add("*", option);
        }
        for (const auto& [path, next] : next_) {
            pieces_["words"] += line(8, fmt::format("'{}'", path), values_call({Source::words, next}));
        }
        pieces_["options"] = flags_of(program_.options);
        pieces_["program"] = program_.name;
        pieces_["f"] = function_;
        if (program_.name == "muster") {
            pieces_["ask"] = filled(kAsk, pieces_);
            pieces_["asking"] = filled(kAsking, pieces_);
        }
        return filled(kScript, pieces_);
    }

private:
    std::string values_call(const Completion& completion) const {
        if (completion.source == Source::nothing) {
            return ":";
        }
        const std::string call = fmt::format("_{}_values {}", function_, name_of(completion.source));
        return completion.words.empty() ? call : fmt::format("{} '{}'", call, joined(completion.words));
    }

    void add(const Command& command) {
        const std::string path = joined(command.path);
        const std::string pattern = fmt::format("'{}'", path);
        add_steps(command.path);
        for (const Option& option : command.options) {
            add(path, option);
        }
        if (!command.options.empty()) {
            pieces_["own"] += line(8, pattern, fmt::format("word+=' {}'", flags_of(command.options)));
        }
        if (!command.arguments.empty()) {
            pieces_["words"] += line(8, pattern, values_call(command.arguments.front().completion));
        }
    }

    void add_steps(const std::vector<std::string>& path) {
        std::string at;
        for (const std::string& word : path) {
            auto& next = next_[at];
            const std::string to = at.empty() ? word : at + " " + word;
            if (std::ranges::find(next, word) == next.end()) {
                next.push_back(word);
                pieces_["steps"] += line(12, fmt::format("'{} {}'", at, word), fmt::format("path='{}'", to));
            }
            at = to;
        }
    }

    void add(const std::string& path, const Option& option) {
        if (option.value.empty()) {
            return;
        }
        const std::string pattern = pattern_of(path, option);
        pieces_["valued"] += line(16, pattern, "waiting=$word");
        pieces_["values"] += line(8, pattern, values_call(option.completion));
        if (option.many) {
            pieces_["many"] += line(12, pattern, ":");
        } else if (program_.name == "muster" && path == "*" && says_how_to_reach(option)) {
            pieces_["reach"] += line(12, pattern, "reach+=(\"$waiting\" \"$word\") waiting=''");
        }
    }

    const Program& program_;
    std::string function_;
    Pieces pieces_;
    std::map<std::string, std::vector<std::string>, std::less<>> next_;  // words by the path before them
};

}  // namespace

std::string function_name(const std::string& program) {
    std::string name = program;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

bool says_how_to_reach(const Option& option) {
    return !option.value.empty() && option.flags.back() != "--timeout";
}

std::string bash_completion(const Program& program) {
    return Writer(program).write();
}

}  // namespace muster::manual
