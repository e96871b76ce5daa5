#include "daemon/runtime/notify_socket.hpp"

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace muster::runtime {
namespace {

constexpr timeval kSendPatience{1, 0};

struct Address {
    sockaddr_un name{};
    socklen_t length = 0;
};

std::optional<Address> parse(std::string_view text) {
    Address address;
    auto& path = address.name.sun_path;
    const bool abstract = text.starts_with('@');
    // A path ends with a NUL; the name of an abstract socket begins with one, and is as long as it is.
    const bool fits = text.size() > 1 && text.size() < sizeof path;
    if (!fits || !(abstract || text.starts_with('/')) || text.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    address.name.sun_family = AF_UNIX;
    std::memcpy(path, text.data(), text.size());
    if (abstract) {
        path[0] = '\0';
    }
    address.length =
        static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + text.size() + (abstract ? 0U : 1U));
    return address;
}

std::optional<std::int64_t> parse_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && stop == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

Error unavailable(std::string_view address) {
    return make_error(ErrorCode::unavailable, "cannot reach the service manager at " + std::string(address) +
                                                  ": " + std::generic_category().message(errno));
}

}  // namespace

Result<NotifySocket> NotifySocket::open(std::string_view address) {
    const auto parsed = parse(address);
    if (!parsed) {
        return make_error(ErrorCode::invalid, "NOTIFY_SOCKET is \"" + std::string(address) +
                                                  "\"; a path from the root, or @ and a name, is expected");
    }
    NotifySocket opened;
    opened.descriptor_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (!opened.is_open()) {
        return unavailable(address);
    }
    ::setsockopt(opened.descriptor_, SOL_SOCKET, SO_SNDTIMEO, &kSendPatience, sizeof kSendPatience);
    if (::connect(opened.descriptor_, reinterpret_cast<const sockaddr*>(&parsed->name), parsed->length) !=
        0) {
        return unavailable(address);
    }
    return opened;
}

NotifySocket::~NotifySocket() {
    if (is_open()) {
        ::close(descriptor_);
    }
}

NotifySocket::NotifySocket(NotifySocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

NotifySocket& NotifySocket::operator=(NotifySocket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

bool NotifySocket::send(std::string_view assignments) const {
    return is_open() && ::send(descriptor_, assignments.data(), assignments.size(), MSG_NOSIGNAL) ==
                            static_cast<ssize_t>(assignments.size());
}

std::optional<std::chrono::microseconds> watchdog_interval(const char* watchdog_usec,
                                                           const char* watchdog_pid, long own_process) {
    const auto usec = watchdog_usec == nullptr ? std::nullopt : parse_number(watchdog_usec);
    if (!usec || *usec <= 0) {
        return std::nullopt;
    }
    if (watchdog_pid != nullptr && parse_number(watchdog_pid) != own_process) {
        return std::nullopt;
    }
    return std::chrono::microseconds(*usec);
}

ServiceEnvironment take_service_environment() {
    ServiceEnvironment environment;
    if (const char* socket = std::getenv("NOTIFY_SOCKET")) {
        environment.notify_socket = socket;
    }
    environment.watchdog =
        watchdog_interval(std::getenv("WATCHDOG_USEC"), std::getenv("WATCHDOG_PID"), ::getpid());
    for (const auto* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) {
        ::unsetenv(name);
    }
    return environment;
}

}  // namespace muster::runtime
