// What answers are made from: the engine between two steps, the store as of the
// last commit, and the state of the gateway itself.
#pragma once

#include "daemon/core/engine.hpp"
#include "daemon/store/store.hpp"

#include <boost/json/object.hpp>

namespace muster::api {

// Facts of the running process, kept by the runtime.
struct GatewayState {
    std::string version;
    TimePoint started_at{};
    bool broker_connected = false;
    std::string broker;
    int mqtt_version = 0;
    TimePoint broker_since{};
    std::string broker_detail;  // why the last attempt or connection ended; empty: none has
    bool store_healthy = true;
    std::string store_detail;      // why not
    boost::json::object counters;  // by name, since the start
};

struct View {
    const core::Engine& engine;
    store::Reader& store;
    const GatewayState& gateway;
};

}  // namespace muster::api
