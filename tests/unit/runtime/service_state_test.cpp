#include "daemon/runtime/service_state.hpp"

#include <doctest/doctest.h>

namespace muster::runtime {

TEST_CASE("the status line says how it is with broker, jobs and store") {
    ServiceState state;
    CHECK(status_line(state) == "Connecting to the broker; 0 jobs running");
    state.broker_connected = true;
    state.broker = "mqtt://127.0.0.1:1883";
    state.running_jobs = 1;
    CHECK(status_line(state) == "Connected to mqtt://127.0.0.1:1883; 1 job running");
    state.running_jobs = 2;
    state.store = store::StoreState::full;
    CHECK(status_line(state) == "Connected to mqtt://127.0.0.1:1883; 2 jobs running; the store is full");
}

TEST_CASE("the status line is one line, whatever a broker says") {
    ServiceState state;
    state.broker_detail = "refused\nREADY=1\x7F";
    CHECK(status_line(state) == "Not connected to the broker: refused READY=1 ; 0 jobs running");
}

}  // namespace muster::runtime
