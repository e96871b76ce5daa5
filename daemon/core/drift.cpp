#include "daemon/core/drift.hpp"

#include "daemon/core/matches.hpp"

#include <algorithm>
#include <unordered_set>

namespace muster::core {

Drift find_drift(const JobSpec& spec, const std::vector<DeviceId>& original, const Registry& registry,
                 const Catalog& catalog) {
    Drift drift;
    const auto* set = catalog.find_set(spec.set);
    drift.broken = set == nullptr ? "the device set " + spec.set + " no longer exists" : set->broken;
    // What was found out of a device for another question costs no query here.
    auto* members =
        drift.broken.empty() ? &registry.match_cache().of(Catalog::filter_of(*set), registry) : nullptr;
    auto effort = Effort::boundless();
    for (const auto& id : original) {
        const auto index = registry.find(id.text());
        if (!index) {
            drift.deleted.push_back(id.text());
        } else if (members != nullptr && !members->contains(registry, *index, effort)) {
            drift.left.push_back(id.text());
        }
    }
    if (spec.selection.all && drift.broken.empty() && !original.empty()) {
        std::unordered_set<DeviceId> before(original.begin(), original.end());
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
