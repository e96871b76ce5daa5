#include "tests/crash/figures.hpp"

#include "tests/crash/failpoints.hpp"

#include <algorithm>

namespace muster::crash {
namespace {

constexpr std::string_view kNames[]{
    "kills_random",
    "kills_at_failpoints",
    "failpoints_not_reached",
    "broker_kills_persistent",
    "broker_kills_forgetful",
    "both_killed",
    "broker_stops",
    "network_slow",
    "network_split",
    "network_stalled",
    "network_only_to_broker",
    "network_only_to_client",
    "network_half_open",
    "network_reset",
    "network_abandoned",
    "jobs",
    "executions",
    "executions_uncertain",
    "operations",
    "operations_executed_twice",
    "settings_executed_again_after_stop",
    "devices_reconnected_in_peace",
    "answers_checked",
    "violations",
};

}  // namespace

std::uint64_t Figures::count(const std::string& name) const {
    const auto found = counts_.find(name);
    return found == counts_.end() ? 0 : found->second;
}

std::uint64_t Figures::kills() const {
    return count("kills_random") + count("kills_at_failpoints");
}

boost::json::object Figures::report() const {
    boost::json::object object;
    for (const auto name : kNames) {
        object.emplace(name, count(std::string(name)));
    }
    for (const auto& row : failpoint_table()) {
        const auto name = "failpoint_" + std::string(row.name);
        object.emplace(name, count(name));
    }
    auto sorted = recoveries_;
    std::ranges::sort(sorted);
    object.emplace("recoveries", sorted.size());
    object.emplace("recovery_milliseconds_median", sorted.empty() ? 0 : sorted[sorted.size() / 2]);
    object.emplace("recovery_milliseconds_worst", sorted.empty() ? 0 : sorted.back());
    return object;
}

}  // namespace muster::crash
