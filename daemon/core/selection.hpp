// Which devices a job selects: for a plan looked for some at a time, for a run in one go.
//
// Threads: the engine thread.
#pragma once

#include "daemon/core/catalog.hpp"
#include "daemon/core/job.hpp"
#include "daemon/core/matches.hpp"
#include "daemon/core/registry.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::core {

struct Fleet {
    const Registry& registry;
    const Catalog& catalog;
};

// The device set of a job and its template in force: good until the catalog changes.
struct Target {
    const Catalog::SetEntry* set;
    const StoredTemplate* in_force;
};
// Error: not_found, or conflict (a broken set, devices that are gateways).
[[nodiscard]] Result<Target> target_of(const JobSpec& spec, const Catalog& catalog);

// The devices that a selection names, one after the other; what is wrong with them is gathered.
class ListCheck {
public:
    // The specification has to outlive it.
    explicit ListCheck(const JobSpec& spec);

    // The next one, if nothing is wrong with it; `members`: the devices of its set. Error: conflict,
    // it is a gateway.
    [[nodiscard]] Result<std::optional<DeviceIndex>> look_at(const DeviceId& id, const Fleet& fleet,
                                                             Matches& members, Effort& effort);
    // So much is wrong that no more of it is told.
    [[nodiscard]] bool full() const noexcept;
    // Error: invalid.
    [[nodiscard]] Result<void> verdict() const;

private:
    void mistake(const DeviceId& id, std::string_view what);

    const JobSpec& spec_;
    boost::unordered_flat_set<std::string_view> seen_;
    std::vector<ErrorDetail> details_;
};

// All that a selection names at once. Errors: as ListCheck.
[[nodiscard]] Result<void> check_selection(const JobSpec& spec, const Fleet& fleet, const Target& target);

// A walk over the devices that a job selects, in the order in which it would run on them: those of
// the set in order of id, those of a list as they are listed. In a walk of several pieces each
// device is taken, or not, as it is when the walk comes to it, and none of them twice.
class SelectionWalk {
public:
    using Visit = std::function<void(DeviceIndex, const Device&)>;

    // The specification has to outlive it.
    explicit SelectionWalk(const JobSpec& spec);

    // The next of them as far as the effort goes, which is a little further at least. True: there
    // are no more. `target` has to be what it was. Errors: as ListCheck, of a list alone.
    [[nodiscard]] Result<bool> go_on(const Fleet& fleet, const Target& target, Effort& effort,
                                     const Visit& visit);

private:
    [[nodiscard]] bool through_set(const Fleet& fleet, const Target& target, Effort& effort,
                                   const Visit& visit);
    [[nodiscard]] Result<bool> through_list(const Fleet& fleet, const Target& target, Effort& effort,
                                            const Visit& visit);

    const JobSpec& spec_;
    std::size_t named_ = 0;  // of the selection's devices those before it were looked at
    boost::unordered_flat_set<std::string_view> except_;
    std::string after_;  // of the set's devices those up to it were
    std::optional<ListCheck> check_;
};

}  // namespace muster::core
