#include "daemon/cli/terminal.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
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

namespace {

// Read and writable by this user alone; gone at the next boot.
std::string write_redirect(const std::string& folder, const std::string& address) {
    auto path = folder + "/muster-console-XXXXXX.html";
    constexpr int kSuffix = 5;  // ".html"
    const int file = mkostemps(path.data(), kSuffix, O_CLOEXEC);
    const auto page = "<!doctype html><meta http-equiv=\"refresh\" content=\"0;url=" + address + "\">\n";
    const bool written =
        file >= 0 && write(file, page.data(), page.size()) == static_cast<ssize_t>(page.size());
    if (file >= 0) {
        close(file);
    }
    return written ? path : std::string{};
}

}  // namespace

bool open_in_browser(const std::string& address) {
    const char* folder = std::getenv("XDG_RUNTIME_DIR");
    if (folder == nullptr ||
        (std::getenv("DISPLAY") == nullptr && std::getenv("WAYLAND_DISPLAY") == nullptr)) {
        return false;
    }
    auto page = write_redirect(folder, address);
    std::string program = "xdg-open";
    const std::array<char*, 3> words{program.data(), page.data(), nullptr};
    pid_t child = 0;
    if (page.empty() || posix_spawnp(&child, program.c_str(), nullptr, nullptr, words.data(), environ) != 0) {
        return false;
    }
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace muster::cli
