#include "daemon/runtime/service.hpp"

#include "daemon/runtime/log.hpp"

#include <fmt/format.h>

#include <utility>

namespace muster::runtime {
namespace {

using Clock = std::chrono::steady_clock;

std::string monotonic_usec() {
    const auto now = std::chrono::floor<std::chrono::microseconds>(Clock::now().time_since_epoch());
    return std::to_string(now.count());
}

}  // namespace

Service::Service(boost::asio::io_context& io, NotifySocket socket,
                 std::optional<std::chrono::microseconds> watchdog)
    : socket_(std::move(socket)), watchdog_(watchdog), status_timer_(io), watchdog_timer_(io) {}

void Service::starting(std::string_view doing) {
    socket_.send(fmt::format("STATUS={}", doing));
}

void Service::working(const ServiceState& state) {
    if (!socket_.is_open() || stopping_) {
        return;
    }
    status_ = status_line(state);
    if (std::exchange(ready_, true)) {
        tell_status();
        return;
    }
    told_status_ = status_;
    status_due_ = Clock::now() + kStatusPause;
    socket_.send("READY=1\nSTATUS=" + status_);
    if (watchdog_) {
        feed();
        await_feeding();
    }
}

void Service::reloading() {
    socket_.send("RELOADING=1\nMONOTONIC_USEC=" + monotonic_usec());
}

void Service::reloaded() {
    socket_.send("READY=1");
}

void Service::stopping() {
    if (!std::exchange(stopping_, true)) {
        socket_.send("STOPPING=1\nSTATUS=Stopping");
    }
}

void Service::tell_status() {
    if (status_waits_ || status_ == told_status_ || stopping_) {
        return;
    }
    if (Clock::now() >= status_due_) {
        told_status_ = status_;
        status_due_ = Clock::now() + kStatusPause;
        socket_.send("STATUS=" + status_);
        return;
    }
    status_waits_ = true;
    status_timer_.expires_at(status_due_);
    status_timer_.async_wait([this](const boost::system::error_code& error) {
        status_waits_ = false;
        if (!error) {
            tell_status();
        }
    });
}

// Twice within the interval, so that one that comes late does no harm.
void Service::await_feeding() {
    watchdog_timer_.expires_after(*watchdog_ / 2);
    watchdog_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            feed();
            await_feeding();
        }
    });
}

void Service::feed() {
    const auto patience = std::chrono::floor<Milliseconds>(*watchdog_ / 2);
    const auto progress = progress_();
    const auto hangs = what_hangs(progress, Clock::now(), patience);
    if (!hangs) {
        socket_.send("WATCHDOG=1");
        if (!std::exchange(hangs_, {}).empty()) {
            log(LogLevel::info, "watchdog_fed_again", {});
            told_status_.clear();
            tell_status();
        }
        return;
    }
    if (hangs_.empty()) {
        log(LogLevel::error, "watchdog_not_fed", {{"text", *hangs}});
        socket_.send("STATUS=Hangs: " + *hangs);
    }
    hangs_ = *hangs;
}

}  // namespace muster::runtime
