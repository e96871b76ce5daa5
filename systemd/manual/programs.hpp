// The three programs, described by what their own command lines are made of.
//
// Threads: pure functions.
#pragma once

#include "systemd/manual/description.hpp"

namespace muster::manual {

[[nodiscard]] Program describe_client();     // muster: daemon/cli/command_table
[[nodiscard]] Program describe_daemon();     // musterd: daemon/program_command_line
[[nodiscard]] Program describe_simulator();  // muster-sim: device-sim/options

}  // namespace muster::manual
