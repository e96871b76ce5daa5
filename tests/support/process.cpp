#include "tests/support/process.hpp"

#include "tests/support/files.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

// glibc 2.36 forgot to say that this header is C.
extern "C" {
#include <sys/pidfd.h>
}

namespace muster::test {
namespace {

constexpr int kCannotStart = 127;  // as a shell has it

int open_for_writing(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) {
        throw std::runtime_error("cannot write " + path.string() + ": " + std::strerror(errno));
    }
    return file;
}

// Between fork and exec; only what is allowed there in a program with threads.
[[noreturn]] void become(char* const* arguments, int output, int errors, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setpgid(0, 0);
    const int nothing = ::open("/dev/null", O_RDONLY);
    if (::getppid() == parent && ::dup2(nothing, STDIN_FILENO) >= 0 && ::dup2(output, STDOUT_FILENO) >= 0 &&
        ::dup2(errors, STDERR_FILENO) >= 0) {
        // A connection that this process resets would else live on in the program.
        ::close_range(STDERR_FILENO + 1, ~0U, 0);
        ::execvp(arguments[0], arguments);
    }
    ::_exit(kCannotStart);
}

}  // namespace

Process::Process(const std::vector<std::string>& command, std::filesystem::path output,
                 std::filesystem::path errors)
    : output_(std::move(output)) {
    std::vector<std::string> words = command;
    std::vector<char*> arguments;
    for (auto& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    const int out = open_for_writing(output_);
    const int err = errors.empty() ? out : open_for_writing(errors);
    const auto parent = ::getpid();
    id_ = ::fork();
    if (id_ == 0) {
        become(arguments.data(), out, err, parent);
    }
    // Here too, since kill() may come before the child gets to it.
    ::setpgid(id_, id_);
    ::close(out);
    if (err != out) {
        ::close(err);
    }
    handle_ = id_ < 0 ? -1 : ::pidfd_open(id_, 0);
    if (handle_ < 0) {
        throw std::runtime_error("cannot start " + command.front() + ": " + std::strerror(errno));
    }
}

Process::~Process() {
    if (handle_ >= 0) {
        kill();
        ::close(handle_);
    }
}

Process::Process(Process&& other) noexcept
    : output_(std::move(other.output_)),
      id_(other.id_),
      handle_(std::exchange(other.handle_, -1)),
      exit_code_(other.exit_code_) {}

void Process::signal(int number) {
    if (!exit_code_) {
        ::kill(id_, number);
    }
}

std::optional<int> Process::wait(Milliseconds patience) {
    if (exit_code_) {
        return exit_code_;
    }
    pollfd ended{.fd = handle_, .events = POLLIN, .revents = 0};
    if (::poll(&ended, 1, static_cast<int>(patience.count())) != 1) {
        return std::nullopt;
    }
    int status = 0;
    ::waitpid(id_, &status, 0);
    exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return exit_code_;
}

void Process::kill() {
    ::kill(-id_, SIGKILL);
    static_cast<void>(wait());
}

std::string Process::output() const {
    return read_file(output_);
}

Finished run(const std::vector<std::string>& command, Milliseconds patience) {
    const TempDir directory;
    Process process(command, directory / "output", directory / "errors");
    const auto exit_code = process.wait(patience);
    if (!exit_code) {
        throw std::runtime_error(command.front() + " did not end. It wrote:\n" + process.output() +
                                 read_file(directory / "errors"));
    }
    return {*exit_code, process.output(), read_file(directory / "errors")};
}

bool eventually(const std::function<bool()>& question, Milliseconds patience) {
    constexpr int kMostBetween = 100;
    const auto end = std::chrono::steady_clock::now() + patience;
    for (int between = 5; !question(); between = std::min(2 * between, kMostBetween)) {
        if (std::chrono::steady_clock::now() >= end) {
            return false;
        }
        ::poll(nullptr, 0, between);
    }
    return true;
}

}  // namespace muster::test
