// The terminal and the signals of this process. The only file of the client
// that asks the operating system about them.
//
// Threads: main thread only; the signals may come on any.
#pragma once

#include <cstddef>
#include <string>

namespace muster::cli {

[[nodiscard]] bool is_terminal(int descriptor) noexcept;
// Columns of the terminal on standard output, now; 80 where it does not say.
[[nodiscard]] std::size_t terminal_columns() noexcept;

// From now on SIGINT and SIGTERM are noted instead of ending the process, for
// a command that has something to put right first.
void note_interrupts() noexcept;
[[nodiscard]] bool interrupted() noexcept;

// Has the desktop show an address that holds a secret; false: there is no desktop,
// or it does not. The secret goes through a file that only this user can read, not through
// a command line, which everybody on the machine sees.
[[nodiscard]] bool open_in_browser(const std::string& address);

}  // namespace muster::cli
