// Help, from the table of commands alone.
//
// Threads: pure functions.
#pragma once

#include "daemon/cli/command.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace muster::cli {

// Every exit code, and what it tells.
[[nodiscard]] std::vector<ExitCode> exit_codes();
[[nodiscard]] std::string_view meaning(ExitCode code);

// The commands of one group ("job"), or of all when it is empty.
[[nodiscard]] std::string help_overview(const std::vector<Command>& commands,
                                        const std::vector<Option>& global, std::string_view group);
[[nodiscard]] std::string help_command(const Command& command);

}  // namespace muster::cli
