#include "tests/support/notify_listener.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace muster::test {

NotifyListener::NotifyListener(Kind kind) {
    // The folder's name is nobody else's, for an abstract socket too.
    const auto path = (directory_ / "notify").string();
    address_ = kind == Kind::path ? path : "@" + path;
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    if (address_.size() >= sizeof name.sun_path) {
        throw std::runtime_error("too long for a socket: " + address_);
    }
    std::memcpy(name.sun_path, address_.data(), address_.size());
    auto length = offsetof(sockaddr_un, sun_path) + address_.size();
    if (kind == Kind::abstract) {
        name.sun_path[0] = '\0';
    } else {
        ++length;
    }
    descriptor_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor_ < 0 ||
        ::bind(descriptor_, reinterpret_cast<const sockaddr*>(&name), static_cast<socklen_t>(length)) != 0) {
        throw std::runtime_error("cannot listen at " + address_);
    }
}

NotifyListener::~NotifyListener() {
    ::close(descriptor_);
}

const std::vector<std::string>& NotifyListener::told() {
    std::array<char, 8192> datagram{};
    for (;;) {
        const auto bytes = ::recv(descriptor_, datagram.data(), datagram.size(), 0);
        if (bytes < 0) {
            return told_;
        }
        std::istringstream lines(std::string(datagram.data(), static_cast<std::size_t>(bytes)));
        for (std::string line; std::getline(lines, line);) {
            told_.push_back(std::move(line));
        }
    }
}

std::size_t NotifyListener::count(std::string_view beginning) {
    return static_cast<std::size_t>(std::ranges::count_if(
        told(), [&](const std::string& assignment) { return assignment.starts_with(beginning); }));
}

bool NotifyListener::wait(std::string_view beginning, std::size_t least, Milliseconds patience) {
    return eventually([&] { return count(beginning) >= least; }, patience);
}

}  // namespace muster::test
