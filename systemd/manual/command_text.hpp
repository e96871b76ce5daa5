// The parts of a page that list options, commands and exit codes.
//
// Threads: pure functions, but for the page.
#pragma once

#include "systemd/manual/description.hpp"
#include "systemd/manual/roff.hpp"

namespace muster::manual {

// Sections OPTIONS, and one for each group that options have.
void write_options(Page& page, const Program& program);
// Section COMMANDS, a subsection each.
void write_commands(Page& page, const Program& program);
// Section ENVIRONMENT, from the "(env NAME; default …)" in the help of options.
void write_environment(Page& page, const Program& program);
void write_exits(Page& page, const Program& program);

}  // namespace muster::manual
