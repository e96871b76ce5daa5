// What the service manager is told of a running gateway, in one line.
//
// Threads: plain values and pure functions.
#pragma once

#include "daemon/store/store.hpp"

#include <cstddef>
#include <string>

namespace muster::runtime {

struct ServiceState {
    bool broker_connected = false;
    std::string broker;         // connected to
    std::string broker_detail;  // why it is not connected; empty: nothing was tried yet
    store::StoreState store = store::StoreState::ok;
    std::size_t running_jobs = 0;

    friend bool operator==(const ServiceState&, const ServiceState&) = default;
};

// "Connected to mqtt://127.0.0.1:1883; 2 jobs running": one line, without control characters.
[[nodiscard]] std::string status_line(const ServiceState& state);

}  // namespace muster::runtime
