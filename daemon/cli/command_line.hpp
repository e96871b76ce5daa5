// The command line, taken apart by the table of commands. The only file that
// knows CLI11.
//
// Threads: pure function.
#pragma once

#include "daemon/cli/command.hpp"
#include "daemon/cli/outcome.hpp"

#include <string>
#include <variant>
#include <vector>

namespace muster::cli {

struct Invocation {
    const Command* command = nullptr;
    Arguments global;
    Arguments arguments;
};
// Asked for with --help or --version: text to print, and that was all.
struct Information {
    std::string text;
};

// `words` without the program's name. Failure: the first mistake, and which
// help to read.
[[nodiscard]] Outcome<std::variant<Invocation, Information>> parse_command_line(
    const std::vector<std::string>& words, const std::vector<Command>& commands,
    const std::vector<Option>& global);

}  // namespace muster::cli
