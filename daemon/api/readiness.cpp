#include "daemon/api/readiness.hpp"

#include "daemon/api/render.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::api {
namespace json = boost::json;
namespace {

std::string store_problem(const GatewayState& gateway) {
    return gateway.store.state == store::StoreState::ok
               ? ""
               : fmt::format("{}: {}", store::to_string(gateway.store.state), gateway.store.detail);
}

std::string broker_problem(const GatewayState& gateway) {
    return gateway.broker_connected ? "" : "not connected to the broker";
}

std::string engine_problem(const GatewayState& gateway, TimePoint now) {
    if (!gateway.engine_busy_since || now - *gateway.engine_busy_since < kEnginePatience) {
        return "";
    }
    const auto busy = std::chrono::floor<Seconds>(now - *gateway.engine_busy_since);
    return fmt::format("at work on one batch for {} s: restart musterd", busy.count());
}

}  // namespace

bool Readiness::ready() const {
    return std::ranges::all_of(checks, [](const Check& check) { return check.problem.empty(); });
}

Readiness readiness(const GatewayState& gateway, TimePoint now) {
    return {{{{"store", store_problem(gateway)},
              {"broker", broker_problem(gateway)},
              {"engine", engine_problem(gateway, now)}}}};
}

json::object readiness_json(const Readiness& readiness) {
    json::object checks;
    for (const auto& [name, problem] : readiness.checks) {
        checks.emplace(name, problem.empty() ? "ok" : problem);
    }
    return {{"ready", readiness.ready()}, {"checks", std::move(checks)}};
}

json::object store_json(const GatewayState& gateway) {
    return {{"healthy", gateway.store.state == store::StoreState::ok},
            {"state", store::to_string(gateway.store.state)},
            {"since", time_json(gateway.store_since)},
            {"detail", gateway.store.detail}};
}

}  // namespace muster::api
