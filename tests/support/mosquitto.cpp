#include "tests/support/mosquitto.hpp"

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace muster::test {

namespace {

constexpr std::chrono::seconds kStartLimit{20};
constexpr int kPortAttempts = 10;
constexpr const char* kRunning = " running";
constexpr const char* kPortTaken = "Address already in use";

[[noreturn]] void throw_errno(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

std::filesystem::path make_directory() {
    std::string path = (std::filesystem::temp_directory_path() / "muster-mosquitto-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) {
        throw_errno("mkdtemp");
    }
    return path;
}

// Only what is allowed between fork and exec.
[[noreturn]] void become_mosquitto(const char* configuration, int log_descriptor, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() == parent) {
        ::dup2(log_descriptor, STDERR_FILENO);
        ::close_range(STDERR_FILENO + 1, ~0U, 0);  // connections of this process would live on in it
        ::execl("/usr/sbin/mosquitto", "mosquitto", "-c", configuration, static_cast<char*>(nullptr));
    }
    ::_exit(127);
}

}  // namespace

std::uint16_t free_port() {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    // The socket interface's own idiom for "some kind of address".
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    const bool bound = descriptor >= 0 && ::bind(descriptor, generic, size) == 0 &&
                       ::getsockname(descriptor, generic, &size) == 0;
    if (!bound) {
        throw_errno("a free port");
    }
    ::close(descriptor);
    return ntohs(address.sin_port);
}

// Mosquitto cannot listen on port 0 and tell which port it got. So a free one
// is found, and another when somebody was faster to take it.
Mosquitto::Mosquitto(Options options) : options_(std::move(options)), directory_(make_directory()) {
    for (int attempt = 0; attempt < kPortAttempts; ++attempt) {
        port_ = free_port();
        write_configuration();
        const Launch launched = launch();
        if (launched == Launch::running) {
            return;
        }
        end(SIGKILL);
        if (launched == Launch::failed) {
            break;
        }
    }
    std::filesystem::remove_all(directory_);
    throw std::runtime_error("Mosquitto did not start:\n" + log_);
}

Mosquitto::~Mosquitto() {
    end(SIGKILL);
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

std::string Mosquitto::log() const {
    const std::lock_guard lock(mutex_);
    return log_;
}

void Mosquitto::stop() {
    end(SIGTERM);
}

void Mosquitto::kill() {
    end(SIGKILL);
}

void Mosquitto::start() {
    if (launch() != Launch::running) {
        throw std::runtime_error("Mosquitto did not start again:\n" + log());
    }
}

void Mosquitto::pause() {
    ::kill(pid_, SIGSTOP);
}

void Mosquitto::resume() {
    ::kill(pid_, SIGCONT);
}

void Mosquitto::write_configuration() const {
    std::ofstream file(directory_ / "mosquitto.conf");
    file << "listener " << port_ << " 127.0.0.1\n"
         << "allow_anonymous " << (options_.anonymous ? "true" : "false") << '\n'
         << "log_dest stderr\nlog_type error\nlog_type warning\nlog_type notice\nlog_type information\n"
         << "persistence " << (options_.persistence ? "true" : "false") << '\n'
         << "persistence_location " << directory_.string() << "/\n";
    if (::geteuid() == 0) {
        file << "user root\n";  // or it could not read its own directory
    }
    file << options_.configuration;
}

Mosquitto::Launch Mosquitto::launch() {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) {
        throw_errno("pipe2");
    }
    {
        const std::lock_guard lock(mutex_);
        log_.clear();
        closed_ = false;
    }
    const std::string configuration = directory_ / "mosquitto.conf";
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) {
        become_mosquitto(configuration.c_str(), pipe[1], parent);
    }
    ::close(pipe[1]);
    reader_ = std::thread([this, descriptor = pipe[0]] { read_log(descriptor); });

    std::unique_lock lock(mutex_);
    const auto logged = [&](const char* text) { return log_.find(text) != std::string::npos; };
    logged_.wait_for(lock, kStartLimit, [&] { return closed_ || logged(kRunning); });
    if (closed_ || !logged(kRunning)) {
        return logged(kPortTaken) ? Launch::port_taken : Launch::failed;
    }
    return Launch::running;
}

// Until the broker has ended. Nobody else reads, so the broker never waits for us.
void Mosquitto::read_log(int descriptor) {
    std::array<char, 4096> buffer;
    for (ssize_t count = 0; (count = ::read(descriptor, buffer.data(), buffer.size())) > 0;) {
        const std::lock_guard lock(mutex_);
        log_.append(buffer.data(), static_cast<std::size_t>(count));
        logged_.notify_all();
    }
    ::close(descriptor);
    const std::lock_guard lock(mutex_);
    closed_ = true;
    logged_.notify_all();
}

void Mosquitto::end(int signal) {
    if (pid_ > 0) {
        ::kill(pid_, signal);
        ::kill(pid_, SIGCONT);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }
    if (reader_.joinable()) {
        reader_.join();
    }
}

}  // namespace muster::test
