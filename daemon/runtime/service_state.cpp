#include "daemon/runtime/service_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::runtime {
namespace {

std::string broker_text(const ServiceState& state) {
    if (state.broker_connected) {
        return "Connected to " + state.broker;
    }
    return state.broker_detail.empty() ? "Connecting to the broker"
                                       : "Not connected to the broker: " + state.broker_detail;
}

}  // namespace

std::string status_line(const ServiceState& state) {
    auto line = fmt::format("{}; {} {} running{}", broker_text(state), state.running_jobs,
                            state.running_jobs == 1 ? "job" : "jobs",
                            state.store == store::StoreState::ok
                                ? ""
                                : fmt::format("; the store is {}", store::to_string(state.store)));
    // A broker's words may be in it, and a line feed would begin another assignment.
    std::ranges::replace_if(
        line, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }, ' ');
    return line;
}

}  // namespace muster::runtime
