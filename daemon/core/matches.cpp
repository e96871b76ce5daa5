#include "daemon/core/matches.hpp"

#include "daemon/core/text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace muster::core {
namespace {

// Measured with tests/bench/registry_bench; what counts is that no question is far off.
constexpr std::int64_t kKnownCost = 3;
constexpr std::int64_t kRememberedCost = 25;
constexpr std::int64_t kDeviceCost = 15;
constexpr std::int64_t kQueryCost = 100;
constexpr std::int64_t kByteCost = 12;      // of values that are taken apart
constexpr std::int64_t kQueryByteCost = 4;  // of the query's text
constexpr std::int64_t kSearchCost = 60;

constexpr auto kValues = Aspects(Aspect::tags) | Aspect::properties | Aspect::settings | Aspect::reported;

const Values* values_of(const Device& device, Aspect aspect) {
    switch (aspect) {
        case Aspect::tags:
            return &device.tags;
        case Aspect::properties:
            return &device.properties;
        case Aspect::settings:
            return &device.settings;
        case Aspect::reported:
            return &device.reported;
        case Aspect::id:
        case Aspect::template_name:
        case Aspect::name:
        case Aspect::presence:
            break;
    }
    return nullptr;
}

constexpr std::array kGroups{Aspect::tags, Aspect::properties, Aspect::settings, Aspect::reported};

}  // namespace

bool DeviceFilter::passes(const Device& device) const {
    return names(device) && (!query || query->matches(device));
}

bool DeviceFilter::names(const Device& device) const {
    return (!template_name || device.template_name == *template_name) &&
           (contains_in_any_case(device.id.text(), search) ||
            contains_in_any_case(device.name.view(), search));
}

Aspects DeviceFilter::aspects() const {
    auto aspects = query ? query->aspects() : Aspects();
    aspects |= template_name ? Aspect::template_name : Aspects();
    return search.empty() ? aspects : aspects | Aspect::id | Aspect::name;
}

std::string DeviceFilter::text() const {
    constexpr char kEnd = '\0';  // is in no name and no search
    return (template_name ? *template_name : std::string(1, kEnd)) + kEnd + search + kEnd +
           (query ? query->text() : std::string{});
}

// Devices share their values, so that most of what a query takes apart it has just
// seen. As long as nothing changes, values are the same if they are in the same place.
struct Matches::Memo {
    explicit Memo(Aspects query_aspects) : aspects(query_aspects) {}

    struct Key {
        std::array<const void*, kGroups.size()> values{};
        bool online = false;
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct Found {
        Key key;
        bool there = false;
        bool passes = false;
    };
    static constexpr std::size_t kPlaces = 1024;

    [[nodiscard]] Key key_of(const Device& device) const {
        Key key;
        for (std::size_t i = 0; i < kGroups.size(); ++i) {
            key.values[i] =
                aspects.has(kGroups[i]) ? values_of(device, kGroups[i])->packed().place() : nullptr;
        }
        key.online = aspects.has(Aspect::presence) && device.online;
        return key;
    }
    [[nodiscard]] Found& at(const Key& key) {
        std::uintptr_t hash = key.online ? 1 : 0;
        for (const auto* values : key.values) {
            hash = (std::rotl(hash, 23) ^ reinterpret_cast<std::uintptr_t>(values)) * 0x9e37'79b9'7f4a'7c15U;
        }
        return places[(hash >> 40U) % kPlaces];
    }

    Aspects aspects;
    std::vector<Found> places = std::vector<Found>(kPlaces);
};

Matches::Matches(DeviceFilter filter, std::size_t devices)
    : filter_(std::move(filter)), aspects_(filter_.aspects()), unknown_(devices) {
    if (filter_.query) {
        query_aspects_ = filter_.query->aspects();
        query_cost_ = kQueryCost + kQueryByteCost * static_cast<std::int64_t>(filter_.query->text().size());
    }
}

std::int64_t Matches::query_cost(const Device& device) const {
    auto cost = query_cost_;
    for (const auto group : kGroups) {
        if (query_aspects_.has(group)) {
            cost += kByteCost * static_cast<std::int64_t>(values_of(device, group)->size());
        }
    }
    return cost;
}

bool Matches::ask_query(const Device& device, Memo* memo, Effort& effort) const {
    if (!filter_.query) {
        return true;
    }
    if (memo == nullptr) {
        effort.spend(query_cost(device));
        return filter_.query->matches(device);
    }
    effort.spend(kRememberedCost);
    const auto key = memo->key_of(device);
    auto& found = memo->at(key);
    if (!found.there || found.key != key) {
        effort.spend(query_cost(device));
        found = {key, true, filter_.query->matches(device)};
    }
    return found.passes;
}

bool Matches::find_out(const Registry& registry, DeviceIndex index, Memo* memo, Effort& effort) {
    const auto& entry = registry.at(index);
    if (entry.deleted) {
        known_.put(index, true);
        return false;
    }
    const auto& device = entry.device;
    const auto passes = filter_.names(device) && ask_query(device, memo, effort);
    effort.spend(kDeviceCost + (filter_.search.empty() ? 0 : kSearchCost));
    known_.put(index, true);
    passing_.put(index, passes);
    count_ += passes ? 1U : 0U;
    --unknown_;
    return passes;
}

bool Matches::contains(const Registry& registry, DeviceIndex index, Effort& effort) {
    effort.spend(kKnownCost);
    return known_.has(index) ? passing_.has(index) : find_out(registry, index, nullptr, effort);
}

bool Matches::settle(const Registry& registry, Effort& effort) {
    const auto of_values_alone = !query_aspects_.has(Aspect::id) && !query_aspects_.has(Aspect::name) &&
                                 (query_aspects_ & kValues).any();
    std::optional<Memo> memo;
    if (of_values_alone && unknown_ > Memo::kPlaces / 4) {
        memo.emplace(query_aspects_);
    }
    for (; unknown_ > 0 && !effort.spent(); ++first_word_) {
        const auto begin = first_word_ * DeviceBits::kWordBits;
        MUSTER_INVARIANT(begin < registry.extent());
        auto unknown = ~known_.word(first_word_);
        if (registry.extent() - begin < DeviceBits::kWordBits) {
            unknown &= (DeviceBits::Word{1} << (registry.extent() - begin)) - 1;
        }
        for (; unknown != 0; unknown &= unknown - 1) {
            const auto index = begin + static_cast<std::size_t>(std::countr_zero(unknown));
            static_cast<void>(
                find_out(registry, static_cast<DeviceIndex>(index), memo ? &*memo : nullptr, effort));
            if (effort.spent()) {
                return unknown_ == 0;
            }
        }
        effort.spend(kKnownCost);
    }
    return unknown_ == 0;
}

void Matches::forget(DeviceIndex index) {
    count_ -= passing_.has(index) ? 1U : 0U;
    known_.put(index, false);
    passing_.put(index, false);
    first_word_ = std::min(first_word_, static_cast<std::size_t>(index) / DeviceBits::kWordBits);
}

void Matches::note_new(DeviceIndex index) {
    forget(index);
    ++unknown_;
}

void Matches::note_change(DeviceIndex index, Aspects changed) {
    if ((aspects_ & changed).any() && known_.has(index)) {
        note_new(index);
    }
}

void Matches::note_gone(DeviceIndex index) {
    unknown_ -= known_.has(index) ? 0U : 1U;
    forget(index);
    known_.put(index, true);
}

Matches& MatchCache::of(const DeviceFilter& filter, const Registry& registry) {
    auto text = filter.text();
    const auto same = [&text](const auto& kept) { return kept->filter == text; };
    const auto found = std::ranges::find_if(kept_, same);
    if (found != kept_.end()) {
        std::rotate(found, found + 1, kept_.end());
    } else {
        if (kept_.size() == kKept) {
            kept_.erase(kept_.begin());
        }
        kept_.push_back(std::make_unique<Kept>(std::move(text), Matches(filter, registry.size())));
    }
    return kept_.back()->matches;
}

void MatchCache::note_new(DeviceIndex index) {
    for (const auto& kept : kept_) {
        kept->matches.note_new(index);
    }
}

void MatchCache::note_change(DeviceIndex index, Aspects changed) {
    for (const auto& kept : kept_) {
        kept->matches.note_change(index, changed);
    }
}

void MatchCache::note_gone(DeviceIndex index) {
    for (const auto& kept : kept_) {
        kept->matches.note_gone(index);
    }
}

}  // namespace muster::core
