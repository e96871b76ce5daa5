// Datagrams to the service manager that started this process: the protocol of
// sd_notify(3). Written here and not taken from libsystemd, because it is one
// sendmsg() of a documented, stable format, and the library would bring four
// others for compression and cryptography into a daemon that is to be locked down.
//
// Threads: one at a time.
#pragma once

#include "protocol/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace muster::runtime {

class NotifySocket {
public:
    // To nobody: what is sent is dropped.
    NotifySocket() = default;
    // `address` as NOTIFY_SOCKET has it: an absolute path, or "@name" of an
    // abstract socket. Errors: invalid (anything else), unavailable (the system's reason).
    [[nodiscard]] static Result<NotifySocket> open(std::string_view address);
    ~NotifySocket();
    NotifySocket(NotifySocket&& other) noexcept;
    NotifySocket& operator=(NotifySocket&& other) noexcept;

    [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }
    // "READY=1\nSTATUS=…", as one datagram. Waits at most a second for a manager that is behind. false: not
    // delivered.
    bool send(std::string_view assignments) const;

private:
    int descriptor_ = -1;
};

// What the service manager put into the environment.
struct ServiceEnvironment {
    std::string notify_socket;                          // empty: nobody listens
    std::optional<std::chrono::microseconds> watchdog;  // absent: not wanted of this process
};

// Takes the variables NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID away, so that nothing that this
// process may ever start speaks in its name. To be called before there is a second thread.
[[nodiscard]] ServiceEnvironment take_service_environment();

// The interval within which the watchdog wants to be fed. Null pointers: the
// variable is not set. nullopt: no watchdog, one for another process, or not a
// number above zero.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval(const char* watchdog_usec,
                                                                         const char* watchdog_pid,
                                                                         long own_process);

}  // namespace muster::runtime
