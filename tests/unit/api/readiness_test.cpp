#include "daemon/api/readiness.hpp"

#include "protocol/codec.hpp"

#include <doctest/doctest.h>

namespace muster::api {
namespace {

TimePoint at(std::int64_t seconds) {
    return TimePoint(Seconds(1'800'000'000 + seconds));
}

GatewayState well() {
    GatewayState gateway;
    gateway.broker_connected = true;
    gateway.store_since = at(0);
    return gateway;
}

}  // namespace

TEST_CASE("ready: the store is well, the broker there, the engine idle or at work") {
    auto gateway = well();
    CHECK(readiness(gateway, at(5)).ready());
    gateway.engine_busy_since = at(0);
    CHECK(readiness(gateway, at(29)).ready());
    CHECK(format_json(readiness_json(readiness(gateway, at(5)))) ==
          R"({"ready":true,"checks":{"store":"ok","broker":"ok","engine":"ok"}})");
}

TEST_CASE("not ready, and why") {
    auto gateway = well();
    gateway.broker_connected = false;
    CHECK(readiness(gateway, at(5)).checks[1].problem == "not connected to the broker");
    CHECK_FALSE(readiness(gateway, at(5)).ready());

    gateway = well();
    gateway.engine_busy_since = at(0);
    CHECK(readiness(gateway, at(30)).checks[2].problem == "at work on one batch for 30 s: restart musterd");
    CHECK_FALSE(readiness(gateway, at(30)).ready());

    for (const auto state : {store::StoreState::full, store::StoreState::busy, store::StoreState::read_only,
                             store::StoreState::failing, store::StoreState::damaged}) {
        gateway = well();
        gateway.store = {state, "do something"};
        const auto verdict = readiness(gateway, at(5));
        CHECK_FALSE(verdict.ready());
        CHECK(verdict.checks[0].problem == std::string(store::to_string(state)) + ": do something");
        CHECK_FALSE(store_json(gateway).at("healthy").as_bool());
    }
}

}  // namespace muster::api
