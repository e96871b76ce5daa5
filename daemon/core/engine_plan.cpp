// Which devices a job means, and what a run would do to them.
#include "daemon/core/digest.hpp"
#include "daemon/core/engine.hpp"
#include "daemon/core/job_check.hpp"
#include "protocol/codec.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace muster::core {
namespace {

constexpr std::size_t kNamedInError = 100;

Error gateway_refusal(const std::string& what) {
    return make_error(ErrorCode::conflict,
                      what + ": a device that is itself a gateway cannot be the target of a job");
}

std::string operations_text(const JobSpec& spec) {
    std::string text(to_string(spec.type));
    for (const auto& operation : spec.operations) {
        text += '\n' + operation.name + '=' + format_json(operation.value);
    }
    return text;
}

std::string rule_text(const JobSpec& spec) {
    const auto rule = spec.policy.offline ? to_string(*spec.policy.offline) : std::string_view("default");
    const auto timeout = spec.policy.timeout.value_or(Seconds{0}).count();
    return std::string(rule) + ' ' + std::to_string(timeout);
}

std::uint64_t hash_of(const JobSpec& spec, const Device& device, PlanEffect effect) {
    std::string text = device.id.text() + '\n' + std::string(to_string(effect));
    if (spec.type != JobType::commands) {
        for (const auto& value : old_values(spec, device)) {
            text += '\n' + format_json(value);
        }
    }
    return hash64(text);
}

std::string digest_of(const Plan& plan) {
    Digest digest;
    digest.add(operations_text(plan.spec));
    digest.add(rule_text(plan.spec));
    digest.add(plan.template_name);
    digest.add(std::to_string(plan.template_version));
    for (const auto& device : plan.devices) {
        digest.add(std::to_string(device.hash));
    }
    return digest.hex();
}

// Devices whose part differs between what was reviewed and what would happen now.
std::vector<ErrorDetail> differences(const Plan& reviewed, const Plan& current) {
    std::vector<ErrorDetail> details;
    if (operations_text(reviewed.spec) != operations_text(current.spec) ||
        rule_text(reviewed.spec) != rule_text(current.spec)) {
        details.push_back({"job", "was edited since it was planned"});
    }
    if (reviewed.template_version != current.template_version) {
        details.push_back({"template", "is version " + std::to_string(current.template_version) + " now"});
    }
    std::unordered_map<std::string_view, const PlannedDevice*> before;
    for (const auto& device : reviewed.devices) {
        before.emplace(device.device.text(), &device);
    }
    for (const auto& device : current.devices) {
        const auto found = before.find(device.device.text());
        if (found == before.end()) {
            details.push_back({device.device.text(), "was not in the plan"});
            continue;
        }
        if (found->second->effect != device.effect) {
            details.push_back(
                {device.device.text(), "was planned as " + std::string(to_string(found->second->effect)) +
                                           ", would now be " + std::string(to_string(device.effect))});
        } else if (found->second->hash != device.hash) {
            details.push_back({device.device.text(), "has another value now than when it was planned"});
        }
        before.erase(found);
    }
    for (const auto& [id, device] : before) {
        details.push_back({std::string(id), "is no longer selected"});
    }
    if (details.empty()) {
        details.push_back({"selection", "is in another order"});
    }
    return details;
}

}  // namespace

Result<Engine::Target> Engine::target_of(const JobSpec& spec) const {
    const auto* set = catalog_.find_set(spec.set);
    if (set == nullptr) {
        return make_error(ErrorCode::not_found, "there is no device set " + spec.set,
                          {{"set", "is " + spec.set + "; there is no such device set"}});
    }
    if (!set->broken.empty()) {
        return make_error(ErrorCode::conflict, "the device set " + spec.set + " is broken: " + set->broken);
    }
    const auto* in_force = catalog_.find_template(set->set.template_name);
    if (in_force->body->gateway) {
        return gateway_refusal("the devices of the set " + spec.set + " are gateways (template " +
                               in_force->body->name + ")");
    }
    return Target{set, in_force};
}

Result<void> Engine::check_selection(const JobSpec& spec, const Target& target) const {
    std::vector<ErrorDetail> details;
    std::unordered_set<std::string_view> seen;
    const auto* field = spec.selection.all ? "selection.except" : "selection.devices";
    for (const auto& id : spec.selection.devices) {
        const auto* device = registry_.get(id.text());
        const auto* in_force = device == nullptr ? nullptr : catalog_.find_template(device->template_name);
        if (!seen.insert(id.text()).second) {
            details.push_back({field, "names " + id.text() + " twice"});
        } else if (device == nullptr) {
            details.push_back({field, "names " + id.text() + "; there is no such device"});
        } else if (in_force != nullptr && in_force->body->gateway) {
            return gateway_refusal(id.text() + " is a gateway (template " + in_force->body->name + ")");
        } else if (!spec.selection.all && !Catalog::contains(*target.set, *device)) {
            details.push_back({field, "names " + id.text() + "; it is not in the device set " + spec.set});
        }
        if (details.size() == kNamedInError) {
            break;
        }
    }
    if (details.empty()) {
        return {};
    }
    return make_error(ErrorCode::invalid, "the selection is not valid", std::move(details));
}

Result<std::vector<DeviceIndex>> Engine::select(const JobSpec& spec, const Target& target) const {
    if (spec.selection.all) {
        auto members = catalog_.evaluate(*target.set, registry_);
        if (!spec.selection.devices.empty()) {
            const std::unordered_set<DeviceId> except(spec.selection.devices.begin(),
                                                      spec.selection.devices.end());
            std::erase_if(members,
                          [&](DeviceIndex index) { return except.contains(registry_.at(index).device.id); });
        }
        return members;
    }
    if (const auto checked = check_selection(spec, target); !checked) {
        return checked.error();
    }
    std::vector<DeviceIndex> listed;
    listed.reserve(spec.selection.devices.size());
    for (const auto& id : spec.selection.devices) {
        listed.push_back(*registry_.find(id.text()));
    }
    return listed;
}

Result<std::shared_ptr<const Plan>> Engine::make_plan(const JobSpec& spec) const {
    const auto target = target_of(spec);
    if (!target) {
        return target.error();
    }
    const auto devices = select(spec, *target);
    if (!devices) {
        return devices.error();
    }
    auto plan = std::make_shared<Plan>();
    plan->spec = spec;
    plan->template_name = target->in_force->body->name;
    plan->template_version = target->in_force->version;
    const auto allowed = check_operations(spec, *target->in_force->body);
    const auto capable = has_capabilities(*target->in_force->body, spec);
    if (!allowed) {
        plan->message = sentence(allowed.error());
    } else if (devices->empty()) {
        plan->message = "the job selects no devices";
    }
    const auto each = spec.type == JobType::commands ? spec.operations.size() : 1;
    for (const auto index : *devices) {
        const auto& device = registry_.at(index).device;
        const auto effect = !capable   ? PlanEffect::unsupported
                            : !allowed ? PlanEffect::out_of_range
                                       : effect_on(spec, *target->in_force->body, device);
        ++plan->counts[static_cast<std::size_t>(effect)];
        plan->messages += allowed && effect != PlanEffect::apply ? each : 0;
        plan->devices.push_back({device.id, effect, hash_of(spec, device, effect)});
    }
    plan->digest = digest_of(*plan);
    return std::shared_ptr<const Plan>(std::move(plan));
}

void Engine::keep_plan(std::shared_ptr<const Plan> plan) {
    std::erase_if(plans_, [&plan](const auto& kept) { return kept->digest == plan->digest; });
    plans_.push_back(std::move(plan));
    std::size_t devices = 0;
    for (const auto& kept : plans_) {
        devices += kept->devices.size();
    }
    while (plans_.size() > 1 && (plans_.size() > kPlansKept || devices > kPlannedDevicesKept)) {
        devices -= plans_.front()->devices.size();
        plans_.pop_front();
    }
}

Result<void> Engine::check_digest(const JobSpec& spec, const std::string& digest) const {
    const auto current = make_plan(spec);
    if (!current) {
        return current.error();
    }
    if ((*current)->digest == digest) {
        return {};
    }
    const auto reviewed = std::find_if(plans_.rbegin(), plans_.rend(),
                                       [&digest](const auto& plan) { return plan->digest == digest; });
    if (reviewed == plans_.rend()) {
        return make_error(
            ErrorCode::conflict,
            "a run would not do what this digest stands for, and its plan is no longer remembered; "
            "plan again");
    }
    auto details = differences(**reviewed, **current);
    const auto count = details.size();
    if (count > kNamedInError) {
        details.resize(kNamedInError);
    }
    return make_error(ErrorCode::conflict,
                      "a run would differ from the plan in " + std::to_string(count) +
                          (count == 1 ? " point" : " points") + "; plan again",
                      std::move(details));
}

Result<Answer> Engine::handle(Step&, const std::string&, const request::PlanJob& asked) {
    JobSpec spec;
    if (asked.spec) {
        spec = *asked.spec;
        if (const auto checked = check_spec(spec); !checked) {
            return checked.error();
        }
    } else {
        const auto job = job_of(asked.job);
        if (!job) {
            return job.error();
        }
        if ((*job)->state != JobState::pending) {
            return make_error(ErrorCode::conflict, "job " + to_string(asked.job) + " is " +
                                                       std::string(to_string((*job)->state)) +
                                                       "; only a job that was not run yet can be planned");
        }
        spec = (*job)->spec;
    }
    for (const auto& kept : plans_) {
        if (kept->digest == asked.digest && kept->spec == spec) {
            return PlanAnswer{kept};
        }
    }
    auto plan = make_plan(spec);
    if (!plan) {
        return plan.error();
    }
    keep_plan(*plan);
    return PlanAnswer{std::move(plan).value()};
}

}  // namespace muster::core
