// Where the devices of a job and its device set of today differ.
//
// Threads: the engine thread.
#pragma once

#include "daemon/core/catalog.hpp"
#include "daemon/core/effects.hpp"
#include "daemon/core/registry.hpp"

#include <vector>

namespace muster::core {

// `original`: the devices of the job, those it ran on or those it lists. A list
// asks for no others, so nothing can be added to it. Linear in them, some 0.1 us each: no more than
// it costs to show a job that lists them.
[[nodiscard]] Drift find_drift(const JobSpec& spec, const std::vector<DeviceId>& original,
                               const Registry& registry, const Catalog& catalog);
// `ids` but those that left or were deleted.
[[nodiscard]] std::vector<DeviceId> without_drifted(const std::vector<DeviceId>& ids, const Drift& drift);

}  // namespace muster::core
