#include "daemon/runtime/service.hpp"

#include "tests/support/notify_listener.hpp"

#include <doctest/doctest.h>

#include <chrono>

namespace muster::runtime {
namespace {

using test::NotifyListener;

ServiceState with_jobs(std::size_t running) {
    ServiceState state;
    state.running_jobs = running;
    return state;
}

}  // namespace

TEST_CASE("the first state makes it ready; of many that follow at once the last is told") {
    NotifyListener manager;
    boost::asio::io_context io;
    Service service(io, NotifySocket::open(manager.address()).value(), std::nullopt);
    service.watch([] { return Progress{}; });
    service.starting("Opening the store");
    service.working(with_jobs(0));
    for (std::size_t jobs = 1; jobs <= 100; ++jobs) {
        service.working(with_jobs(jobs));
    }
    io.run();  // until the pause is over
    CHECK(manager.told() == std::vector<std::string>{"STATUS=Opening the store", "READY=1",
                                                     "STATUS=Connecting to the broker; 0 jobs running",
                                                     "STATUS=Connecting to the broker; 100 jobs running"});
}

TEST_CASE("a reload tells the time that it began at, and stopping is told once and last") {
    NotifyListener manager;
    boost::asio::io_context io;
    Service service(io, NotifySocket::open(manager.address()).value(), std::nullopt);
    service.working(with_jobs(0));
    const auto before = std::chrono::steady_clock::now().time_since_epoch();
    service.reloading();
    service.reloaded();
    service.stopping();
    service.stopping();
    service.working(with_jobs(1));
    io.run();
    const auto& told = manager.told();
    REQUIRE(told.size() == 7);
    CHECK(told[2] == "RELOADING=1");
    REQUIRE(told[3].starts_with("MONOTONIC_USEC="));
    CHECK(std::chrono::microseconds(std::stoll(told[3].substr(15))) >=
          std::chrono::floor<std::chrono::microseconds>(before));
    CHECK(told[4] == "READY=1");
    CHECK(told[5] == "STOPPING=1");
    CHECK(told[6] == "STATUS=Stopping");
}

TEST_CASE("the watchdog is fed until something hangs, and again when it goes on") {
    NotifyListener manager;
    boost::asio::io_context io;
    Service service(io, NotifySocket::open(manager.address()).value(), std::chrono::milliseconds(20));
    bool hangs = false;
    service.watch([&] {
        Progress progress;
        progress.engine_due =
            hangs ? std::chrono::steady_clock::now() - std::chrono::seconds(1) : SteadyTime::max();
        return progress;
    });
    service.working(with_jobs(0));
    while (manager.count("WATCHDOG=1") < 3) {
        io.run_one();
    }
    hangs = true;
    while (manager.count("STATUS=Hangs: the engine") == 0) {
        io.run_one();
    }
    const auto fed = manager.count("WATCHDOG=1");
    for (int feeding = 0; feeding < 5; ++feeding) {
        io.run_one();
    }
    CHECK(manager.count("WATCHDOG=1") == fed);
    hangs = false;
    while (manager.count("WATCHDOG=1") == fed) {
        io.run_one();
    }
    CHECK(manager.count("STATUS=Hangs") == 1);
}

TEST_CASE("without a manager nothing is told and nothing waits") {
    boost::asio::io_context io;
    Service service(io, NotifySocket(), std::chrono::milliseconds(20));
    service.starting("Opening the store");
    service.working(with_jobs(0));
    service.stopping();
    CHECK(io.run() == 0);
}

}  // namespace muster::runtime
