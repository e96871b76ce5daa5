#include "daemon/core/plan.hpp"

#include "daemon/core/device.hpp"
#include "daemon/core/template.hpp"

#include <algorithm>

namespace muster::core {

std::string_view to_string(PlanEffect effect) noexcept {
    switch (effect) {
        case PlanEffect::change:
            return "change";
        case PlanEffect::equal:
            return "equal";
        case PlanEffect::unknown:
            return "unknown";
        case PlanEffect::offline:
            return "offline";
        case PlanEffect::unsupported:
            return "unsupported";
        case PlanEffect::out_of_range:
            return "out_of_range";
        case PlanEffect::apply:
            return "apply";
        case PlanEffect::call:
            return "call";
    }
    return "";
}

std::vector<boost::json::value> old_values(const JobSpec& spec, const Device& device) {
    std::vector<boost::json::value> values;
    values.reserve(spec.operations.size());
    const auto& recorded = spec.type == JobType::settings ? device.settings : device.properties;
    for (const auto& operation : spec.operations) {
        auto value = device.reported.find(operation.name);
        if (!value) {
            value = recorded.find(operation.name);
        }
        values.push_back(value.value_or(nullptr));
    }
    return values;
}

namespace {

bool all_kept_by_gateway(const JobSpec& spec, const Template& device_template) {
    return spec.type == JobType::properties &&
           std::all_of(spec.operations.begin(), spec.operations.end(), [&](const Operation& operation) {
               const auto found = device_template.properties.find(operation.name);
               return found != device_template.properties.end() &&
                      found->second.kept == PropertyKept::gateway;
           });
}

}  // namespace

PlanEffect effect_on(const JobSpec& spec, const Template& device_template, const Device& device) {
    if (all_kept_by_gateway(spec, device_template)) {
        return PlanEffect::apply;
    }
    if (!device.online) {
        return PlanEffect::offline;
    }
    if (spec.type == JobType::commands) {
        return PlanEffect::call;
    }
    const auto old = old_values(spec, device);
    auto effect = PlanEffect::equal;
    for (std::size_t i = 0; i < old.size(); ++i) {
        if (old[i] == spec.operations[i].value) {
            continue;
        }
        if (!old[i].is_null()) {
            return PlanEffect::change;
        }
        effect = PlanEffect::unknown;
    }
    return effect;
}

}  // namespace muster::core
