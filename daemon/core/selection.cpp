#include "daemon/core/selection.hpp"

#include <utility>

namespace muster::core {
namespace {

constexpr std::size_t kNamedInError = 100;

// Units of Effort.
constexpr std::int64_t kListedCost = 120;
constexpr std::int64_t kExceptCost = 50;
constexpr std::int64_t kPassedCost = 10;

Error gateway_refusal(const std::string& what) {
    return make_error(ErrorCode::conflict,
                      what + ": a device that is itself a gateway cannot be the target of a job");
}

Matches& members_of(const Target& target, const Registry& registry) {
    return registry.match_cache().of(Catalog::filter_of(*target.set), registry);
}

}  // namespace

Result<Target> target_of(const JobSpec& spec, const Catalog& catalog) {
    const auto* set = catalog.find_set(spec.set);
    if (set == nullptr) {
        return make_error(ErrorCode::not_found, "there is no device set " + spec.set,
                          {{"set", "is " + spec.set + "; there is no such device set"}});
    }
    if (!set->broken.empty()) {
        return make_error(ErrorCode::conflict, "the device set " + spec.set + " is broken: " + set->broken);
    }
    const auto* in_force = catalog.find_template(set->set.template_name);
    if (in_force->body->gateway) {
        return gateway_refusal("the devices of the set " + spec.set + " are gateways (template " +
                               in_force->body->name + ")");
    }
    return Target{set, in_force};
}

// Room for all at once: a table that grows is moved as a whole.
ListCheck::ListCheck(const JobSpec& spec) : spec_(spec) {
    seen_.reserve(spec.selection.devices.size());
}

Result<std::optional<DeviceIndex>> ListCheck::look_at(const DeviceId& id, const Fleet& fleet,
                                                      Matches& members, Effort& effort) {
    effort.spend(kListedCost);
    const auto index = fleet.registry.find(id.text());
    const auto* in_force =
        index ? fleet.catalog.find_template(fleet.registry.at(*index).device.template_name) : nullptr;
    if (!seen_.insert(id.text()).second) {
        mistake(id, " twice");
    } else if (!index) {
        mistake(id, "; there is no such device");
    } else if (in_force != nullptr && in_force->body->gateway) {
        return gateway_refusal(id.text() + " is a gateway (template " + in_force->body->name + ")");
    } else if (!spec_.selection.all && !members.contains(fleet.registry, *index, effort)) {
        mistake(id, "; it is not in the device set " + spec_.set);
    } else {
        return index;
    }
    return std::optional<DeviceIndex>();
}

void ListCheck::mistake(const DeviceId& id, std::string_view what) {
    details_.push_back({spec_.selection.all ? "selection.except" : "selection.devices",
                        "names " + id.text() + std::string(what)});
}

bool ListCheck::full() const noexcept {
    return details_.size() >= kNamedInError;
}

Result<void> ListCheck::verdict() const {
    return details_.empty() ? Result<void>()
                            : make_error(ErrorCode::invalid, "the selection is not valid", details_);
}

Result<void> check_selection(const JobSpec& spec, const Fleet& fleet, const Target& target) {
    ListCheck check(spec);
    auto& members = members_of(target, fleet.registry);
    auto effort = Effort::boundless();
    for (const auto& id : spec.selection.devices) {
        if (const auto looked = check.look_at(id, fleet, members, effort); !looked) {
            return looked.error();
        }
        if (check.full()) {
            break;
        }
    }
    return check.verdict();
}

SelectionWalk::SelectionWalk(const JobSpec& spec) : spec_(spec) {
    if (spec.selection.all) {
        except_.reserve(spec.selection.devices.size());
    } else {
        check_.emplace(spec);
    }
}

Result<bool> SelectionWalk::go_on(const Fleet& fleet, const Target& target, Effort& effort,
                                  const Visit& visit) {
    return check_ ? through_list(fleet, target, effort, visit)
                  : Result<bool>(through_set(fleet, target, effort, visit));
}

bool SelectionWalk::through_set(const Fleet& fleet, const Target& target, Effort& effort,
                                const Visit& visit) {
    const auto& named = spec_.selection.devices;
    for (const auto first = named_; named_ < named.size(); ++named_) {
        if (named_ > first && effort.spent()) {
            return false;
        }
        effort.spend(kExceptCost);
        except_.insert(named[named_].text());
    }
    const auto& registry = fleet.registry;
    auto& members = members_of(target, registry);
    // Finding out about many at once is cheaper than about each in turn. Half of the effort is left
    // for those at hand: what was found out may be forgotten again for other questions.
    auto half = effort.split();
    static_cast<void>(members.settle(registry, half));
    effort.join(half);
    std::optional<DeviceIndex> last;
    bool over = true;
    registry.for_each_after(after_, [&](DeviceIndex index, const Device& device) {
        if (last && effort.spent()) {
            over = false;
            return false;
        }
        effort.spend(kPassedCost);
        if (members.contains(registry, index, effort) &&
            (except_.empty() || !except_.contains(device.id.text()))) {
            visit(index, device);
        }
        last = index;
        return true;
    });
    if (last) {
        after_ = registry.at(*last).device.id.text();
    }
    return over;
}

Result<bool> SelectionWalk::through_list(const Fleet& fleet, const Target& target, Effort& effort,
                                         const Visit& visit) {
    const auto& listed = spec_.selection.devices;
    auto& members = members_of(target, fleet.registry);
    const auto first = named_;
    for (; named_ < listed.size() && !check_->full(); ++named_) {
        if (named_ > first && effort.spent()) {
            return false;
        }
        const auto looked = check_->look_at(listed[named_], fleet, members, effort);
        if (!looked) {
            return looked.error();
        }
        if (*looked) {
            visit(**looked, fleet.registry.at(**looked).device);
        }
    }
    const auto verdict = check_->verdict();
    return verdict ? Result<bool>(true) : Result<bool>(verdict.error());
}

}  // namespace muster::core
