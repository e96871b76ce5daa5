#include "daemon/cli/terminal.hpp"

#include <csignal>
#include <sys/ioctl.h>
#include <unistd.h>

namespace muster::cli {
namespace {

constexpr std::size_t kUsualColumns = 80;

volatile std::sig_atomic_t noted = 0;

void note(int) {
    noted = 1;
}

}  // namespace

bool is_terminal(int descriptor) noexcept {
    return isatty(descriptor) == 1;
}

std::size_t terminal_columns() noexcept {
    winsize size{};
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsualColumns;
}

void note_interrupts() noexcept {
    struct sigaction action {};
    action.sa_handler = note;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() noexcept {
    return noted != 0;
}

}  // namespace muster::cli
