#include "daemon/mqtt/reconnect.hpp"

#include <doctest/doctest.h>

using namespace muster::mqtt;
using namespace std::chrono_literals;

namespace {

// A machine, and the time that it is told.
struct Bench {
    explicit Bench(std::size_t brokers) : machine(brokers, {10s, 30s}, Backoff(1s, 30s, 7), now) {}

    LinkAction step(LinkEvent event) { return machine.step(now, event); }
    // Waits for the time of the next attempt, and begins it.
    std::chrono::steady_clock::duration next_attempt() {
        REQUIRE(machine.state() == LinkState::waiting);
        const auto delay = *machine.deadline() - now;
        now += delay;
        REQUIRE(step(LinkEvent::due) == LinkAction::open);
        return delay;
    }
    void come_up() {
        REQUIRE(step(LinkEvent::opened) == LinkAction::subscribe);
        REQUIRE(step(LinkEvent::subscribed) == LinkAction::announce);
        REQUIRE(machine.state() == LinkState::up);
    }

    Reconnect::TimePoint now{};
    Reconnect machine;
};

}  // namespace

TEST_CASE("the first attempt is at once, and the link then stays up without a deadline") {
    Bench bench(1);
    CHECK(bench.next_attempt() == 0s);
    CHECK(bench.machine.mqtt_version() == 5);
    CHECK(bench.machine.deadline() == bench.now + 10s);
    bench.come_up();
    CHECK_FALSE(bench.machine.deadline().has_value());
}

TEST_CASE("an attempt has one time limit, subscriptions included") {
    Bench bench(1);
    bench.next_attempt();
    bench.now += 6s;
    CHECK(bench.step(LinkEvent::opened) == LinkAction::subscribe);
    CHECK(*bench.machine.deadline() - bench.now == 4s);
    bench.now += 4s;
    CHECK(bench.step(LinkEvent::due) == LinkAction::close);
    CHECK(bench.machine.state() == LinkState::waiting);
}

TEST_CASE("a broker that sends what it retains before it grants subscriptions is waited for") {
    Bench bench(1);
    bench.next_attempt();
    bench.now += 6s;
    bench.machine.heard(bench.now);  // nothing is subscribed yet
    CHECK(*bench.machine.deadline() - bench.now == 4s);
    CHECK(bench.step(LinkEvent::opened) == LinkAction::subscribe);
    bench.now += 3s;
    bench.machine.heard(bench.now);
    CHECK(*bench.machine.deadline() - bench.now == 10s);
    bench.machine.heard(bench.now - 5s);
    CHECK(*bench.machine.deadline() - bench.now == 10s);
    bench.now += 10s;
    CHECK(bench.step(LinkEvent::due) == LinkAction::close);
    const auto next = bench.machine.deadline();
    bench.machine.heard(bench.now);
    CHECK(bench.machine.deadline() == next);
}

TEST_CASE("brokers are tried in turn, with growing delays") {
    Bench bench(3);
    bench.next_attempt();
    for (std::size_t attempt = 0; attempt < 7; ++attempt) {
        CHECK(bench.machine.broker() == attempt % 3);
        CHECK(bench.step(LinkEvent::failed) == LinkAction::close);
        const auto base = std::min<std::chrono::milliseconds>(1s * (1 << attempt), 30s);
        const auto delay = bench.next_attempt();
        CHECK(delay >= base / 2);
        CHECK(delay <= base * 3 / 2);
    }
}

TEST_CASE("delays start over after a link that settled, not after one that flapped") {
    Bench bench(1);
    bench.next_attempt();
    for (int attempt = 0; attempt < 6; ++attempt) {
        bench.come_up();
        bench.now += 1s;
        CHECK(bench.step(LinkEvent::failed) == LinkAction::close);
        bench.next_attempt();
    }
    bench.come_up();
    bench.now += 1s;
    CHECK(bench.step(LinkEvent::failed) == LinkAction::close);
    CHECK(bench.next_attempt() >= 15s);
    bench.come_up();
    bench.now += 30s;
    CHECK(bench.step(LinkEvent::failed) == LinkAction::close);
    CHECK(bench.next_attempt() <= 1500ms);
}

TEST_CASE("a broker that refuses 5 is asked for 3.1.1 at once, without a report") {
    Bench bench(2);
    bench.next_attempt();
    CHECK(bench.step(LinkEvent::refused) == LinkAction::fall_back);
    CHECK(bench.machine.broker() == 0);
    CHECK(bench.machine.mqtt_version() == 4);
    CHECK(bench.next_attempt() == 0s);
    bench.come_up();

    SUBCASE("and remembered, each broker by itself") {
        CHECK(bench.step(LinkEvent::failed) == LinkAction::close);
        CHECK(bench.machine.broker() == 1);
        CHECK(bench.machine.mqtt_version() == 5);
        bench.next_attempt();
        CHECK(bench.step(LinkEvent::failed) == LinkAction::close);
        CHECK(bench.machine.broker() == 0);
        CHECK(bench.machine.mqtt_version() == 4);
    }
    SUBCASE("until an attempt with 3.1.1 fails") {
        CHECK(bench.step(LinkEvent::failed) == LinkAction::close);
        bench.next_attempt();
        CHECK(bench.step(LinkEvent::failed) == LinkAction::close);
        bench.next_attempt();
        CHECK(bench.step(LinkEvent::failed) == LinkAction::close);
        bench.next_attempt();
        CHECK(bench.step(LinkEvent::failed) == LinkAction::close);
        CHECK(bench.machine.broker() == 0);
        CHECK(bench.machine.mqtt_version() == 5);
    }
}

TEST_CASE("Promise 5: a session that was taken over is taken back only after the longest delay") {
    Bench bench(1);
    bench.next_attempt();
    CHECK(bench.step(LinkEvent::taken_over) == LinkAction::close);
    CHECK(bench.next_attempt() >= 15s);
    bench.come_up();
    bench.now += 1s;
    CHECK(bench.step(LinkEvent::taken_over) == LinkAction::close);
    CHECK(bench.next_attempt() >= 15s);
    CHECK(bench.machine.short_lived() == 1);
}

TEST_CASE("links that were lost before they settled are counted until one settles") {
    Bench bench(1);
    bench.next_attempt();
    for (std::size_t lost = 1; lost <= 4; ++lost) {
        bench.come_up();
        bench.now += 1s;
        CHECK(bench.step(LinkEvent::failed) == LinkAction::close);
        CHECK(bench.machine.short_lived() == lost);
        bench.next_attempt();
        CHECK(bench.step(LinkEvent::failed) == LinkAction::close);
        CHECK(bench.machine.short_lived() == lost);
        bench.next_attempt();
    }
    bench.come_up();
    bench.now += 31s;
    CHECK(bench.step(LinkEvent::failed) == LinkAction::close);
    CHECK(bench.machine.short_lived() == 0);
}
