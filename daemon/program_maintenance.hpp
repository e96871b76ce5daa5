// What musterd does for its store instead of its work: backup, restore.
//
// Threads: called from the main thread.
#pragma once

#include "config/daemon_options.hpp"
#include "daemon/program_command_line.hpp"
#include "protocol/result.hpp"

namespace muster {

// Does arguments.task, which is not `serve`, and prints what came of it. Errors: as
// store::back_up() and store::restore().
[[nodiscard]] Result<void> maintain(const Arguments& arguments, const config::DaemonOptions& options);

}  // namespace muster
