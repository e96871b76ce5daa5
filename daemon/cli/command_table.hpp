// The one table of commands and options. The parser and the help are made
// from it, and whatever else has to list commands.
//
// Threads: built once, then only read.
#pragma once

#include "daemon/cli/command.hpp"

#include <vector>

namespace muster::cli {

[[nodiscard]] const std::vector<Command>& command_table();
// Options that every command takes, before or after it.
[[nodiscard]] const std::vector<Option>& global_options();

}  // namespace muster::cli
