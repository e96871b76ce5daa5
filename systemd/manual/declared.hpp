// A command line that CLI11 reads, described. The only file that knows CLI11 here is declared.cpp.
//
// Threads: pure functions.
#pragma once

#include "systemd/manual/description.hpp"

namespace CLI {
class App;
}

namespace muster::manual {

// Options and, as commands, the subcommands of `app`.
[[nodiscard]] Program described(const std::string& name, const std::string& summary, const CLI::App& app);

}  // namespace muster::manual
