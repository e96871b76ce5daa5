// What a run would do, and whether it is what was planned.
#include "daemon/core/engine.hpp"
#include "daemon/core/job_check.hpp"

#include <utility>

namespace muster::core {
namespace {

constexpr std::size_t kNamedInError = 100;

Error conflict(std::string message, std::vector<ErrorDetail> details = {}) {
    return make_error(ErrorCode::conflict, std::move(message), std::move(details));
}

}  // namespace

// A saved job is not copied, however many devices it lists: what it says never changes (edited()).
Result<std::shared_ptr<const JobSpec>> Engine::to_be_planned(const request::PlanJob& asked) const {
    if (asked.spec) {
        if (const auto checked = check_spec(*asked.spec); !checked) {
            return checked.error();
        }
        return std::make_shared<const JobSpec>(*asked.spec);
    }
    const auto found = jobs_.find(asked.job);
    if (found == jobs_.end()) {
        return make_error(ErrorCode::not_found, "there is no job " + to_string(asked.job));
    }
    const auto& job = found->second;
    if (job->state != JobState::pending) {
        return conflict("job " + to_string(asked.job) + " is " + std::string(to_string(job->state)) +
                        "; only a job that was not run yet can be planned");
    }
    return std::shared_ptr<const JobSpec>(job, &job->spec);
}

void Engine::plan(Step& step, RequestToken token, const request::PlanJob& asked) {
    auto spec = to_be_planned(asked);
    if (!spec) {
        step.effects.replies.push_back({token, spec.error()});
    } else if (auto kept = plans_.find(asked.digest, **spec)) {
        step.effects.replies.push_back({token, PlanAnswer{std::move(kept)}});
    } else if (plans_.full()) {
        step.effects.replies.push_back(
            {token,
             make_error(ErrorCode::unavailable, "as many plans as allowed (" + std::to_string(kPlansAtWork) +
                                                    ") are being made; ask again in a moment")});
    } else {
        plans_.begin(token, std::move(spec).value());
        go_on_planning(step);
    }
}

void Engine::go_on_planning(Step& step) {
    if (auto answered = plans_.go_on(fleet(), Effort(options_.plan_effort))) {
        auto& plan = answered->plan;
        step.effects.replies.push_back({answered->token, plan ? Result<Answer>(PlanAnswer{std::move(*plan)})
                                                              : Result<Answer>(plan.error())});
    }
}

Result<std::vector<DeviceIndex>> Engine::may_start(const JobSpec& spec,
                                                   const std::optional<std::string>& digest) const {
    const auto target = target_of(spec, catalog_);
    if (!target) {
        return target.error();
    }
    if (const auto checked = check_operations(spec, *target->in_force->body); !checked) {
        return checked.error();
    }
    std::vector<DeviceIndex> devices;
    std::optional<Planner> planner;
    if (digest) {
        planner.emplace(spec, *target->in_force);
    }
    auto effort = Effort::boundless();
    const auto walked =
        SelectionWalk(spec).go_on(fleet(), *target, effort, [&](DeviceIndex index, const Device& device) {
            devices.push_back(index);
            if (planner) {
                planner->add(device, effort);
            }
        });
    if (!walked) {
        return walked.error();
    }
    MUSTER_INVARIANT(*walked);
    if (devices.empty()) {
        return conflict("the job selects no devices: the device set " + spec.set +
                        " has none that are left to it");
    }
    if (planner) {
        if (const auto current = planner->finish(); current->digest != *digest) {
            return refusal_of(*digest, *current);
        }
    }
    return devices;
}

Error Engine::refusal_of(const std::string& digest, const Plan& current) const {
    const auto* reviewed = plans_.find(digest);
    if (reviewed == nullptr) {
        return conflict(
            "a run would not do what this digest stands for, and its plan is no longer remembered; "
            "plan again");
    }
    auto found = differences(*reviewed, current, kNamedInError);
    return conflict("a run would differ from the plan in " + std::to_string(found.count) +
                        (found.count == 1 ? " point" : " points") + "; plan again",
                    std::move(found.details));
}

}  // namespace muster::core
