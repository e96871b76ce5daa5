#include "daemon/core/plan_desk.hpp"

#include <algorithm>
#include <utility>

namespace muster::core {

Result<std::shared_ptr<const Plan>> PlanWork::go_on(const Fleet& fleet, Effort& effort) {
    const auto target = target_of(*spec_, fleet.catalog);
    if (!target) {
        return target.error();
    }
    const auto& set = target->set->set;
    if (const Begun now{set.query, set.template_name, target->in_force->version}; begun_ != now) {
        begun_ = now;
        walk_.emplace(*spec_);
        planner_.emplace(*spec_, *target->in_force);
    }
    planner_->devices_may_have_changed();
    const auto over = walk_->go_on(fleet, *target, effort,
                                   [&](DeviceIndex, const Device& device) { planner_->add(device, effort); });
    if (!over) {
        return over.error();
    }
    return *over ? planner_->finish() : nullptr;
}

void PlanDesk::begin(RequestToken token, std::shared_ptr<const JobSpec> spec) {
    MUSTER_INVARIANT(!full());
    at_work_.push_front({token, std::make_unique<PlanWork>(std::move(spec))});
}

std::optional<PlanDesk::Answered> PlanDesk::go_on(const Fleet& fleet, Effort effort) {
    if (at_work_.empty()) {
        return std::nullopt;
    }
    auto& work = at_work_.front();
    auto made = work.plan->go_on(fleet, effort);
    if (made && *made == nullptr) {
        std::rotate(at_work_.begin(), at_work_.begin() + 1, at_work_.end());
        return std::nullopt;
    }
    if (made) {
        keep({work.plan->spec(), *made});
    }
    Answered answered{work.token, std::move(made)};
    at_work_.pop_front();
    return answered;
}

std::shared_ptr<const Plan> PlanDesk::find(const std::string& digest, const JobSpec& spec) const {
    // A saved job's is the very same, however many devices it lists.
    const auto found = std::ranges::find_if(kept_, [&](const Kept& kept) {
        return kept.plan->digest == digest && (kept.spec.get() == &spec || *kept.spec == spec);
    });
    return found == kept_.end() ? nullptr : found->plan;
}

const Plan* PlanDesk::find(const std::string& digest) const {
    const auto found =
        std::ranges::find_if(kept_, [&](const Kept& kept) { return kept.plan->digest == digest; });
    return found == kept_.end() ? nullptr : found->plan.get();
}

void PlanDesk::keep(Kept made) {
    std::erase_if(kept_, [&made](const Kept& kept) { return kept.plan->digest == made.plan->digest; });
    kept_.push_back(std::move(made));
    std::size_t devices = 0;
    for (const auto& kept : kept_) {
        devices += kept.plan->devices.size();
    }
    while (kept_.size() > 1 && (kept_.size() > kPlansKept || devices > kPlannedDevicesKept)) {
        devices -= kept_.front().plan->devices.size();
        kept_.pop_front();
    }
}

}  // namespace muster::core
