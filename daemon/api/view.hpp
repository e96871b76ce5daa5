// What answers are made from: the engine between two steps, the store as of the
// last commit, and the state of the gateway itself.
#pragma once

#include "daemon/api/console_token.hpp"
#include "daemon/api/examiner.hpp"
#include "daemon/api/figures.hpp"
#include "daemon/core/engine.hpp"
#include "daemon/store/store.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace muster::api {

// Facts of the running process, kept by the runtime.
struct GatewayState {
    std::string version;
    TimePoint started_at{};
    bool broker_connected = false;
    std::string broker;
    int mqtt_version = 0;
    std::uint32_t link_window = 0;  // most messages under way above QoS 0; 0: never connected
    TimePoint broker_since{};
    std::string broker_detail;  // why the last attempt or connection ended; empty: none has
    store::StoreHealth store{};
    TimePoint store_since{};                          // when it became so
    std::optional<TimePoint> engine_busy_since = {};  // with the batch it works on; absent: it waits for one
    boost::json::object counters;                     // by name, since the start
    Figures figures{};
    ConsoleDoor console{};
};

class ProgressHistory;

struct View {
    const core::Engine& engine;
    store::Reader& store;
    const GatewayState& gateway;
    TimePoint now{};
    const ProgressHistory* progress = nullptr;  // absent: no history is kept
    Examiner* examiner = nullptr;               // absent: nothing is known of the process
};

}  // namespace muster::api
