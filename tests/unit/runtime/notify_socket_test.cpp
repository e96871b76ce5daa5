#include "daemon/runtime/notify_socket.hpp"

#include "tests/support/notify_listener.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <unistd.h>

namespace muster::runtime {

using test::NotifyListener;

TEST_CASE("a datagram reaches the manager, at a path and at an abstract name") {
    for (const auto kind : {NotifyListener::Kind::path, NotifyListener::Kind::abstract}) {
        NotifyListener manager(kind);
        const auto socket = NotifySocket::open(manager.address());
        REQUIRE(socket.has_value());
        CHECK(socket->send("READY=1\nSTATUS=All is well"));
        CHECK(manager.told() == std::vector<std::string>{"READY=1", "STATUS=All is well"});
    }
}

TEST_CASE("an address that is none, or where nobody listens, is an error with the reason") {
    for (const auto& address : {std::string(), std::string("@"), std::string("/"), std::string("relative"),
                                "/" + std::string(200, 'x'), std::string("vsock:2:1")}) {
        const auto refused = NotifySocket::open(address);
        REQUIRE_FALSE(refused.has_value());
        CHECK_MESSAGE(refused.error().code == ErrorCode::invalid, address);
    }
    const auto alone = NotifySocket::open("/no/such/socket");
    REQUIRE_FALSE(alone.has_value());
    CHECK(alone.error().code == ErrorCode::unavailable);
    CHECK(alone.error().message.find("No such file") != std::string::npos);
    CHECK_FALSE(NotifySocket().send("READY=1"));
}

TEST_CASE("a manager that has gone does no harm") {
    auto manager = std::make_unique<NotifyListener>();
    const auto socket = NotifySocket::open(manager->address());
    REQUIRE(socket.has_value());
    manager.reset();
    CHECK_FALSE(socket->send("WATCHDOG=1"));
}

TEST_CASE("the watchdog is for this process, and within a time above zero") {
    using std::chrono::microseconds;
    CHECK(watchdog_interval("30000000", nullptr, 7) == microseconds(30'000'000));
    CHECK(watchdog_interval("30000000", "7", 7) == microseconds(30'000'000));
    CHECK(watchdog_interval("30000000", "8", 7) == std::nullopt);
    CHECK(watchdog_interval("30000000", "", 7) == std::nullopt);
    CHECK(watchdog_interval(nullptr, "7", 7) == std::nullopt);
    for (const auto* const bad : {"", "0", "-5", "5s", "99999999999999999999"}) {
        CHECK_MESSAGE(watchdog_interval(bad, nullptr, 7) == std::nullopt, bad);
    }
}

TEST_CASE("the variables are taken out of the environment") {
    ::setenv("NOTIFY_SOCKET", "@muster", 1);
    ::setenv("WATCHDOG_USEC", "1000", 1);
    ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
    const auto taken = take_service_environment();
    CHECK(taken.notify_socket == "@muster");
    CHECK(taken.watchdog == std::chrono::microseconds(1000));
    for (const auto* const name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) {
        CHECK(std::getenv(name) == nullptr);
    }
    CHECK(take_service_environment().notify_socket.empty());
}

}  // namespace muster::runtime
