// Makes a plan, device by device, of those that the caller goes through.
//
// Threads: the engine thread.
#pragma once

#include "daemon/core/digest.hpp"
#include "daemon/core/matches.hpp"
#include "daemon/core/plan.hpp"
#include "daemon/core/template.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace muster::core {

class Planner {
public:
    // Of a job with this specification, run on devices of this template.
    Planner(const JobSpec& spec, const StoredTemplate& in_force);

    // The next device of the plan, as it is now.
    void add(const Device& device, Effort& effort);
    // To be called when devices may have changed since the last one: from then on another text may
    // be where one was.
    void devices_may_have_changed() noexcept { ++generation_; }
    // The plan of all that were added, who may add no more.
    [[nodiscard]] std::shared_ptr<const Plan> finish();

private:
    // What a run does to all devices that report the same and were asked for the same. Most of a fleet
    // shares its texts, so that it was found out for another device a moment ago.
    struct Found {
        std::uint64_t generation = 0;
        const void* reported = nullptr;
        const void* recorded = nullptr;
        bool online = false;
        PlanEffect effect = PlanEffect::change;
        std::string hashed;  // of such a device, behind its id
    };
    static constexpr std::size_t kPlaces = 1024;

    // An operation of a job of settings or properties.
    struct Wanted {
        std::string key;   // of the member, for Values::find_text
        std::string text;  // of its value
    };

    [[nodiscard]] const Found& find_out(const Device& device, Effort& effort);
    // Adds the old values to what is hashed; what an online device has then to do.
    [[nodiscard]] PlanEffect add_old(const Device& device, std::string& hashed) const;

    std::shared_ptr<Plan> plan_;
    std::optional<PlanEffect> on_all_;  // whatever the device says
    std::uint64_t messages_each_ = 0;
    std::vector<Wanted> wanted_;
    Digest digest_;
    std::vector<Found> found_ = std::vector<Found>(kPlaces);
    std::uint64_t generation_ = 1;
    std::string text_;  // what is hashed of one device
};

// Where what would happen now differs from what was reviewed, at most so many details of it.
struct PlanDifferences {
    std::size_t count = 0;  // at least one
    std::vector<ErrorDetail> details;
};
[[nodiscard]] PlanDifferences differences(const Plan& reviewed, const Plan& current, std::size_t most);

}  // namespace muster::core
