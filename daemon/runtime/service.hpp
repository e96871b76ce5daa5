// musterd as a service of systemd, or of another manager that speaks its
// protocol: tells that it is ready, what it does, that it reloads and stops,
// and feeds the watchdog while the gateway gets on. Does nothing when no manager
// listens.
//
// Threads: the io_context's.
#pragma once

#include "daemon/runtime/notify_socket.hpp"
#include "daemon/runtime/progress.hpp"
#include "daemon/runtime/service_state.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace muster::runtime {

class Service {
public:
    // The status is told at most this often.
    static constexpr std::chrono::seconds kStatusPause{1};

    // `watchdog`: within what time it is to be fed; absent: there is none.
    Service(boost::asio::io_context& io, NotifySocket socket,
            std::optional<std::chrono::microseconds> watchdog);
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    // Before it is ready: what it is doing.
    void starting(std::string_view doing);
    // Asked before the watchdog is fed; to be given before working().
    void watch(std::function<Progress()> progress) { progress_ = std::move(progress); }
    // The gateway works. The first time says that it is ready, and from then on the
    // watchdog is fed as long as nothing hangs.
    void working(const ServiceState& state);
    // Around a reload.
    void reloading();
    void reloaded();
    void stopping();

private:
    void tell_status();
    void await_feeding();
    void feed();

    NotifySocket socket_;
    const std::optional<std::chrono::microseconds> watchdog_;
    std::function<Progress()> progress_;
    bool ready_ = false;
    std::string status_;
    std::string told_status_;
    std::chrono::steady_clock::time_point status_due_{};  // not before
    bool status_waits_ = false;
    bool stopping_ = false;
    std::string hangs_;  // told already
    boost::asio::steady_timer status_timer_;
    boost::asio::steady_timer watchdog_timer_;
};

}  // namespace muster::runtime
