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

void PlannedDevices::add(const PlannedDevice& device) {
    if (size_ % kBlock == 0) {
        blocks_.emplace_back().ones.reserve(kBlock);
    }
    auto& block = blocks_.back();
    block.ids += device.device;
    block.ones.push_back({device.hash, static_cast<std::uint32_t>(block.ids.size()), device.effect});
    ++size_;
}

PlannedDevice PlannedDevices::operator[](std::size_t at) const {
    MUSTER_INVARIANT(at < size_);
    const auto& block = blocks_[at / kBlock];
    const auto& one = block.ones[at % kBlock];
    const auto begin = at % kBlock == 0 ? 0 : block.ones[at % kBlock - 1].end;
    return {std::string_view(block.ids).substr(begin, one.end - begin), one.effect, one.hash};
}

std::vector<boost::json::value> old_values(const JobSpec& spec, const Device& device) {
    std::vector<boost::json::value> values;
    values.reserve(spec.operations.size());
    const auto& recorded = recorded_values(spec.type, device);
    for (const auto& operation : spec.operations) {
        auto value = device.reported.find(operation.name);
        if (!value) {
            value = recorded.find(operation.name);
        }
        values.push_back(value.value_or(nullptr));
    }
    return values;
}

const Values& recorded_values(JobType type, const Device& device) {
    return type == JobType::settings ? device.settings : device.properties;
}

bool all_kept_by_gateway(const JobSpec& spec, const Template& device_template) {
    return spec.type == JobType::properties &&
           std::all_of(spec.operations.begin(), spec.operations.end(), [&](const Operation& operation) {
               const auto found = device_template.properties.find(operation.name);
               return found != device_template.properties.end() &&
                      found->second.kept == PropertyKept::gateway;
           });
}

PlanEffect effect_on(const JobSpec& spec, const Template& device_template, const Device& device) {
    if (all_kept_by_gateway(spec, device_template)) {
        return PlanEffect::apply;
    }
    if (!device.online) {
        return PlanEffect::offline;
    }
    return spec.type == JobType::commands ? PlanEffect::call : effect_of(spec, old_values(spec, device));
}

PlanEffect effect_of(const JobSpec& spec, const std::vector<boost::json::value>& old) {
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
