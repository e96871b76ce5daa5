#include "daemon/core/registry.hpp"

#include "daemon/core/matches.hpp"
#include "protocol/result.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace muster::core {
namespace {

constexpr std::uint32_t kConnections = 0x7fff'ffff;  // counted in 31 bits

constexpr std::array kOrders{DeviceOrder::id, DeviceOrder::name, DeviceOrder::template_name,
                             DeviceOrder::since};
static_assert(kOrders.size() == kDeviceOrders);

// What two places differ by first, mostly: sorting a million by it looks at few of the devices.
std::uint64_t sort_key(const DevicePlace& place, DeviceOrder by) {
    constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;
    if (by == DeviceOrder::since) {
        return static_cast<std::uint64_t>(place.number) ^ kSign;
    }
    const auto text = by == DeviceOrder::id ? place.id : place.text;
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < sizeof key; ++i) {
        key = key << 8U | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
    }
    return key;
}

}  // namespace

DevicePlace place_of(const Device& device, DeviceOrder order) noexcept {
    switch (order) {
        case DeviceOrder::id:
            break;
        case DeviceOrder::name:
            return {0, device.shown_name(), device.id.text()};
        case DeviceOrder::template_name:
            return {0, device.template_name.view(), device.id.text()};
        case DeviceOrder::since:
            return {device.presence_since.time_since_epoch().count(), {}, device.id.text()};
    }
    return {0, {}, device.id.text()};
}

Registry::Registry() : match_cache_(std::make_unique<MatchCache>()) {}
Registry::~Registry() = default;

std::optional<DeviceIndex> Registry::find(std::string_view id) const {
    const auto* found = by_id_.find(id);
    return found == nullptr ? std::nullopt : std::optional(*found);
}

const Device* Registry::get(std::string_view id) const {
    const auto index = find(id);
    return index ? &at(*index).device : nullptr;
}

DeviceIndex Registry::store(Entry made) {
    if (!free_.empty()) {
        const auto index = free_.back();
        free_.pop_back();
        entry(index) = std::move(made);
        return index;
    }
    MUSTER_INVARIANT(entries_.size() < ExecutionRef::kNone);
    entries_.push_back(std::move(made));
    return static_cast<DeviceIndex>(entries_.size() - 1);
}

// All but its places in the orders.
DeviceIndex Registry::admit(Device device) {
    MUSTER_INVARIANT(!find(device.id.text()));
    share_texts(device, texts_);
    const auto online = device.online;
    Entry made;
    made.device = std::move(device);
    made.heard_in = connection_ & kConnections;
    const auto index = store(std::move(made));
    online_ += online ? 1 : 0;
    online_bits_.put(index, online);
    by_id_.shard_of(index).insert(index);
    return index;
}

DeviceIndex Registry::add(Device device) {
    const auto index = admit(std::move(device));
    for (const auto by : kOrders) {
        insert(index, by);
    }
    match_cache_->note_new(index);
    return index;
}

void Registry::load(std::deque<Device> devices) {
    MUSTER_INVARIANT(entries_.empty());
    while (!devices.empty()) {
        admit(std::move(devices.front()));
        devices.pop_front();  // never all of them twice in memory
    }
    for (const auto by : kOrders) {
        sort(by);
    }
}

void Registry::sort(DeviceOrder by) {
    std::vector<std::pair<std::uint64_t, DeviceIndex>> keys;
    keys.reserve(entries_.size());
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const auto index = static_cast<DeviceIndex>(i);
        keys.emplace_back(sort_key(place(index, by), by), index);
    }
    const auto before = [this, by](const auto& a, const auto& b) {
        return a.first != b.first ? a.first < b.first : place(a.second, by) < place(b.second, by);
    };
    if (!std::is_sorted(keys.begin(), keys.end(), before)) {
        std::sort(keys.begin(), keys.end(), before);
    }
    std::vector<DeviceIndex> sorted;
    sorted.reserve(keys.size());
    std::ranges::transform(keys, std::back_inserter(sorted), [](const auto& key) { return key.second; });
    orders_[static_cast<std::size_t>(by)].assign(sorted);
}

void Registry::insert(DeviceIndex index, DeviceOrder by) {
    const auto own = place(index, by);
    orders_[static_cast<std::size_t>(by)].insert(index,
                                                 [&](DeviceIndex other) { return place(other, by) < own; });
}

void Registry::remove(DeviceIndex index, DeviceOrder by) {
    const auto own = place(index, by);
    orders_[static_cast<std::size_t>(by)].erase(index,
                                                [&](DeviceIndex other) { return place(other, by) < own; });
}

DeviceIndex Registry::add_deleted(DeviceId id) {
    Entry made;
    made.device.id = std::move(id);
    made.deleted = true;
    const auto index = store(std::move(made));
    deleted_.push_back(index);
    return index;
}

bool Registry::replace(SharedText& kept, SharedText text) {
    if (kept.is(text) || kept == text) {
        return false;
    }
    texts_.drop(std::exchange(kept, texts_.keep(std::move(text))));
    return true;
}

bool Registry::replace(Values& kept, const Values& values) {
    if (kept == values) {
        return false;
    }
    texts_.drop(std::exchange(kept, texts_.keep(values)));
    return true;
}

void Registry::put(DeviceIndex index, Device device) {
    auto& kept = entry(index).device;
    kept.remembers = device.remembers;
    Aspects changed;
    if (kept.name != device.name) {
        remove(index, DeviceOrder::name);
        kept.name = device.name;
        insert(index, DeviceOrder::name);
        changed |= Aspect::name;
    }
    if (kept.template_name != device.template_name) {
        remove(index, DeviceOrder::template_name);
        static_cast<void>(replace(kept.template_name, device.template_name));
        insert(index, DeviceOrder::template_name);
        changed |= Aspect::template_name;
    }
    const auto values = [&](Values& old, const Values& by, Aspect aspect) {
        changed |= replace(old, by) ? aspect : Aspects();
    };
    values(kept.tags, device.tags, Aspect::tags);
    values(kept.properties, device.properties, Aspect::properties);
    values(kept.settings, device.settings, Aspect::settings);
    values(kept.reported, device.reported, Aspect::reported);
    match_cache_->note_change(index, changed);
}

bool Registry::merge(DeviceIndex index, Values Device::*group, const boost::json::object& patch) {
    auto values = at(index).device.*group;
    return values.merge(patch) && set(index, group, values);
}

bool Registry::set(DeviceIndex index, Values Device::*group, const Values& values) {
    if (!replace(entry(index).device.*group, values)) {
        return false;
    }
    match_cache_->note_change(index, group == &Device::tags         ? Aspect::tags
                                     : group == &Device::properties ? Aspect::properties
                                     : group == &Device::settings   ? Aspect::settings
                                                                    : Aspect::reported);
    return true;
}

void Registry::set_online(DeviceIndex index, bool online, TimePoint since) {
    static_cast<void>(hear(index));
    auto& device = entry(index).device;
    if (device.online != online) {
        online_ += online ? 1 : static_cast<std::size_t>(-1);
        online_bits_.put(index, online);
        device.online = online;
        match_cache_->note_change(index, Aspect::presence);
    }
    if (device.presence_since != since) {
        remove(index, DeviceOrder::since);
        device.presence_since = since;
        insert(index, DeviceOrder::since);
    }
}

void Registry::forget_heard() {
    connection_ = (connection_ + 1) & kConnections;
    unheard_ = online_;
}

bool Registry::hear(DeviceIndex index) {
    if (heard(index)) {
        return false;
    }
    auto& heard = entry(index);
    heard.heard_in = connection_ & kConnections;
    unheard_ -= heard.device.online ? 1 : 0;
    return heard.device.online;
}

std::optional<DeviceIndex> Registry::next_unheard(std::size_t& from, std::size_t end) const {
    MUSTER_INVARIANT(from < entries_.size());
    for (auto index = next_silent(from, end); index; index = next_silent(from, end)) {
        if (at(*index).device.online) {
            return index;
        }
    }
    return std::nullopt;
}

std::optional<DeviceIndex> Registry::next_silent(std::size_t& from, std::size_t end) const {
    while (from < std::min(end, entries_.size())) {
        const auto index = static_cast<DeviceIndex>(from++);
        if (!at(index).deleted && !heard(index)) {
            return index;
        }
    }
    return std::nullopt;
}

void Registry::erase(DeviceIndex index) {
    static_cast<void>(hear(index));
    for (const auto by : kOrders) {
        remove(index, by);
    }
    auto& left = entry(index);
    online_ -= left.device.online ? 1 : 0;
    online_bits_.put(index, false);
    by_id_.shard_of(index).erase(index);
    match_cache_->note_gone(index);
    static_cast<void>(replace(left.device.template_name, SharedText()));
    for (auto* values :
         {&left.device.tags, &left.device.properties, &left.device.settings, &left.device.reported}) {
        static_cast<void>(replace(*values, Values()));
    }
    Device gone;
    gone.id = std::move(left.device.id);
    left.device = std::move(gone);
    left.deleted = true;
    deleted_.push_back(index);
}

void Registry::reclaim() {
    free_.insert(free_.end(), deleted_.begin(), deleted_.end());
    deleted_.clear();
}

std::size_t Registry::count_with_template(std::string_view name) const {
    constexpr auto kBy = DeviceOrder::template_name;
    return order(kBy).between(edge(kBy, [&](const DevicePlace& one) { return one.text < name; }),
                              edge(kBy, [&](const DevicePlace& one) { return one.text <= name; }));
}

}  // namespace muster::core
