// What completes a program's command line in a shell: subcommands, options and values, and for muster also
// the names that the gateway answers with when asked, within two seconds and without a word if it does not.
//
// Threads: pure functions.
#pragma once

#include "systemd/manual/description.hpp"

#include <string>

namespace muster::manual {

// A file for /usr/share/bash-completion/completions; needs what bash-completion has loaded by then.
[[nodiscard]] std::string bash_completion(const Program& program);
// A file for a directory in zsh's fpath, under the name "_" + program.
[[nodiscard]] std::string zsh_completion(const Program& program);

// A name that a shell takes for a function's.
[[nodiscard]] std::string function_name(const std::string& program);
// Options that say how muster reaches the gateway: what asks it for names has to give them too.
[[nodiscard]] bool says_how_to_reach(const Option& option);

}  // namespace muster::manual
