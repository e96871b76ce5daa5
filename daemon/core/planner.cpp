#include "daemon/core/planner.hpp"

#include "daemon/core/catalog.hpp"
#include "daemon/core/device.hpp"
#include "daemon/core/job_check.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

namespace muster::core {
namespace {

// Units of Effort: of a device like one before it, and of one whose values are looked through, once
// for each operation.
constexpr std::int64_t kAlikeCost = 150;
constexpr std::int64_t kOtherCost = 60;
constexpr std::int64_t kByteCost = 3;

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

JobSpec without_devices(const JobSpec& spec) {
    return {spec.name, spec.description, spec.set,   {spec.selection.all, {}},
            spec.type, spec.operations,  spec.policy};
}

boost::json::value value_of(std::string_view text) {
    auto value = parse_json(text, text.size(), limits::kRequestJsonDepth);
    MUSTER_INVARIANT(value.has_value());
    return std::move(value).value();
}

std::size_t place_of_key(const void* reported, const void* recorded, bool online) {
    auto hash = reinterpret_cast<std::uintptr_t>(reported) * 0x9e37'79b9'7f4a'7c15U;
    hash = (std::rotl(hash, 23) ^ reinterpret_cast<std::uintptr_t>(recorded)) * 0x9e37'79b9'7f4a'7c15U;
    return (hash >> 40U) ^ (online ? 1U : 0U);
}

}  // namespace

Planner::Planner(const JobSpec& spec, const StoredTemplate& in_force) : plan_(std::make_shared<Plan>()) {
    const auto& body = *in_force.body;
    plan_->spec = without_devices(spec);
    plan_->template_name = body.name;
    plan_->template_version = in_force.version;
    if (const auto allowed = check_operations(spec, body); !allowed) {
        plan_->message = sentence(allowed.error());
        on_all_ = PlanEffect::out_of_range;
    } else if (all_kept_by_gateway(spec, body)) {
        on_all_ = PlanEffect::apply;
    } else {
        messages_each_ = spec.type == JobType::commands ? spec.operations.size() : 1;
    }
    if (!has_capabilities(body, spec)) {
        on_all_ = PlanEffect::unsupported;
    }
    for (const auto& operation : plan_->spec.operations) {
        if (spec.type != JobType::commands) {
            wanted_.push_back(
                {format_json(boost::json::value(operation.name)), format_json(operation.value)});
        }
    }
    digest_.add(operations_text(spec));
    digest_.add(rule_text(spec));
    digest_.add(plan_->template_name);
    digest_.add(std::to_string(plan_->template_version));
}

// Of the places nothing is cleared: what was found out earlier is of another generation.
const Planner::Found& Planner::find_out(const Device& device, Effort& effort) {
    const auto& spec = plan_->spec;
    const auto valued = spec.type != JobType::commands;
    const auto& recorded = recorded_values(spec.type, device);
    const auto* const reported_at = valued ? device.reported.packed().place() : nullptr;
    const auto* const recorded_at = valued ? recorded.packed().place() : nullptr;
    auto& found = found_[place_of_key(reported_at, recorded_at, device.online) % kPlaces];
    if (found.generation == generation_ && found.reported == reported_at && found.recorded == recorded_at &&
        found.online == device.online) {
        return found;
    }
    const auto bytes = valued ? device.reported.size() + recorded.size() : 0;
    effort.spend(kOtherCost + kByteCost * static_cast<std::int64_t>(bytes * wanted_.size()));
    found = {generation_, reported_at, recorded_at, device.online, PlanEffect::change, {}};
    const auto effect = valued ? add_old(device, found.hashed) : PlanEffect::call;
    found.effect = on_all_ ? *on_all_ : device.online ? effect : PlanEffect::offline;
    found.hashed.insert(0, '\n' + std::string(to_string(found.effect)));
    return found;
}

// As effect_of() of old_values(), which it is told by their texts: equal ones are of equal values.
PlanEffect Planner::add_old(const Device& device, std::string& hashed) const {
    const auto& spec = plan_->spec;
    auto effect = PlanEffect::equal;
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        auto old = device.reported.find_text(wanted_[i].key);
        old = old.empty() ? recorded_values(spec.type, device).find_text(wanted_[i].key) : old;
        hashed += '\n';
        hashed += old.empty() ? "null" : old;
        if (old.empty()) {
            effect = spec.operations[i].value.is_null() || effect == PlanEffect::change ? effect
                                                                                        : PlanEffect::unknown;
        } else if (old != wanted_[i].text && value_of(old) != spec.operations[i].value) {
            effect = PlanEffect::change;
        }
    }
    return effect;
}

void Planner::add(const Device& device, Effort& effort) {
    effort.spend(kAlikeCost);
    const auto& found = find_out(device, effort);
    text_.assign(device.id.text());
    text_ += found.hashed;
    const auto hash = hash64(text_);
    std::array<char, std::numeric_limits<std::uint64_t>::digits10 + 1> digits;
    const auto* const end = std::to_chars(digits.data(), digits.data() + digits.size(), hash).ptr;
    digest_.add({digits.data(), static_cast<std::size_t>(end - digits.data())});
    ++plan_->counts[static_cast<std::size_t>(found.effect)];
    plan_->messages += messages_each_;
    plan_->devices.add({device.id.text(), found.effect, hash});
}

std::shared_ptr<const Plan> Planner::finish() {
    if (plan_->devices.empty() && plan_->message.empty()) {
        plan_->message = "the job selects no devices";
    }
    plan_->digest = digest_.hex();
    return std::exchange(plan_, nullptr);
}

namespace {

class Comparison {
public:
    explicit Comparison(std::size_t most) : most_(most) {}

    void add(std::string_view field, const std::string& message) {
        ++found_.count;
        if (found_.details.size() < most_) {
            found_.details.push_back({std::string(field), message});
        }
    }
    void compare(const PlannedDevice& before, const PlannedDevice& now) {
        if (before.effect != now.effect) {
            add(now.device, "was planned as " + std::string(to_string(before.effect)) + ", would now be " +
                                std::string(to_string(now.effect)));
        } else if (before.hash != now.hash) {
            add(now.device, "has another value now than when it was planned");
        }
    }
    PlanDifferences take() {
        if (found_.count == 0) {
            add("selection", "is in another order");
        }
        return std::move(found_);
    }

private:
    std::size_t most_;
    PlanDifferences found_;
};

// The places of its devices in order of id, in which those of a set are already.
std::vector<std::uint32_t> by_id(const PlannedDevices& devices) {
    std::vector<std::uint32_t> places(devices.size());
    std::iota(places.begin(), places.end(), 0U);
    const auto id = [&devices](std::uint32_t place) { return devices[place].device; };
    if (!std::ranges::is_sorted(places, {}, id)) {
        std::ranges::sort(places, {}, id);
    }
    return places;
}

}  // namespace

PlanDifferences differences(const Plan& reviewed, const Plan& current, std::size_t most) {
    Comparison comparison(most);
    if (operations_text(reviewed.spec) != operations_text(current.spec) ||
        rule_text(reviewed.spec) != rule_text(current.spec)) {
        comparison.add("job", "was edited since it was planned");
    }
    if (reviewed.template_version != current.template_version) {
        comparison.add("template", "is version " + std::to_string(current.template_version) + " now");
    }
    const auto before = by_id(reviewed.devices);
    const auto now = by_id(current.devices);
    auto old = before.begin();
    auto is = now.begin();
    while (old != before.end() || is != now.end()) {
        const auto planned = old == before.end() ? PlannedDevice{} : reviewed.devices[*old];
        const auto selected = is == now.end() ? PlannedDevice{} : current.devices[*is];
        if (is == now.end() || (old != before.end() && planned.device < selected.device)) {
            comparison.add(planned.device, "is no longer selected");
            ++old;
        } else if (old == before.end() || selected.device < planned.device) {
            comparison.add(selected.device, "was not in the plan");
            ++is;
        } else {
            comparison.compare(planned, selected);
            ++old;
            ++is;
        }
    }
    return comparison.take();
}

}  // namespace muster::core
