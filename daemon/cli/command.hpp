// One command of the client, as a row of the table from which the parser and
// the help come (command_table.hpp), and what its handler is given.
//
// Threads: everything here is used from the main thread.
#pragma once

#include "daemon/cli/outcome.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster::cli {

struct Context;

// Values as written, by the name of the argument ("JOB") or of the option
// without dashes ("settings"). A given flag has the value "true".
class Arguments {
public:
    void set(std::string_view name, std::vector<std::string> values);

    [[nodiscard]] bool has(std::string_view name) const;
    // Empty when not given.
    [[nodiscard]] std::string one(std::string_view name) const;
    [[nodiscard]] const std::vector<std::string>& all(std::string_view name) const;

private:
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

enum class Count { one, optional, many };  // many: one or more

struct Argument {
    std::string_view name;  // "JOB"
    std::string_view help;
    Count count = Count::one;
};

struct Option {
    std::string_view flags;       // "-f,--file"; the last is the name
    std::string_view value = {};  // "FILE"; empty: a flag
    std::string_view help = {};
    bool many = false;  // takes several values, and may be repeated
    bool required = false;

    [[nodiscard]] std::string_view name() const;  // "file"
};

using Handler = Outcome<ExitCode> (*)(Context& context, const Arguments& arguments);

struct Command {
    std::string_view group;  // "job"; empty for commands of one word
    std::string_view name;   // "run"
    std::string_view summary;
    std::vector<Argument> arguments;
    std::vector<Option> options;
    std::vector<ExitCode> exits;
    std::vector<std::string_view> examples;
    Handler handler = nullptr;
    // What an exit code means here, where that is not what it means elsewhere.
    std::vector<std::pair<ExitCode, std::string_view>> meanings = {};

    [[nodiscard]] std::string path() const;  // "job run"
};

}  // namespace muster::cli
