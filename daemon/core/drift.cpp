#include "daemon/core/drift.hpp"

#include <algorithm>
#include <unordered_set>

namespace muster::core {

Drift find_drift(const JobSpec& spec, const std::vector<DeviceId>& original, const Registry& registry,
                 const Catalog& catalog) {
    Drift drift;
    const auto* set = catalog.find_set(spec.set);
    drift.broken = set == nullptr ? "the device set " + spec.set + " no longer exists" : set->broken;
    std::unordered_set<DeviceId> before(original.begin(), original.end());
    for (const auto& id : original) {
        const auto* device = registry.get(id.text());
        if (device == nullptr) {
            drift.deleted.push_back(id.text());
        } else if (drift.broken.empty() && !Catalog::contains(*set, *device)) {
            drift.left.push_back(id.text());
        }
    }
    if (spec.selection.all && drift.broken.empty() && !original.empty()) {
        before.insert(spec.selection.devices.begin(), spec.selection.devices.end());
        for (const auto index : catalog.evaluate(*set, registry)) {
            const auto& id = registry.at(index).device.id;
            if (!before.contains(id)) {
                drift.added.push_back(id.text());
            }
        }
    }
    return drift;
}

std::vector<DeviceId> without_drifted(const std::vector<DeviceId>& ids, const Drift& drift) {
    std::unordered_set<std::string> gone(drift.left.begin(), drift.left.end());
    gone.insert(drift.deleted.begin(), drift.deleted.end());
    std::vector<DeviceId> kept;
    std::copy_if(ids.begin(), ids.end(), std::back_inserter(kept),
                 [&gone](const DeviceId& id) { return !gone.contains(id.text()); });
    return kept;
}

}  // namespace muster::core
