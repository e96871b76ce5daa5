#include "daemon/core/registry.hpp"

#include "protocol/result.hpp"

#include <algorithm>

namespace muster::core {
namespace {

constexpr std::uint32_t kConnections = 0x7fff'ffff;  // counted in 31 bits

}  // namespace

std::optional<DeviceIndex> Registry::find(std::string_view id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? std::nullopt : std::optional(*found);
}

const Device* Registry::get(std::string_view id) const {
    const auto index = find(id);
    return index ? &at(*index).device : nullptr;
}

DeviceIndex Registry::place(Entry entry) {
    if (!tombstones_.empty()) {
        const auto index = tombstones_.back();
        tombstones_.pop_back();
        at(index) = std::move(entry);
        return index;
    }
    MUSTER_INVARIANT(entries_.size() < ExecutionRef::kNone);
    entries_.push_back(std::move(entry));
    return static_cast<DeviceIndex>(entries_.size() - 1);
}

DeviceIndex Registry::add(Device device) {
    MUSTER_INVARIANT(!find(device.id.text()));
    online_ += device.online ? 1 : 0;
    const auto index = place(Entry{std::move(device), connection_ & kConnections, false, {}, {}});
    by_id_.insert(index);
    order_.push_back(index);
    return index;
}

DeviceIndex Registry::add_deleted(DeviceId id) {
    Entry entry;
    entry.device.id = std::move(id);
    entry.deleted = true;
    unreclaimed_ = true;
    return place(std::move(entry));
}

void Registry::set_online(DeviceIndex index, bool online, TimePoint since) {
    auto& device = at(index).device;
    static_cast<void>(hear(index));
    if (device.online != online) {
        online_ += online ? 1 : static_cast<std::size_t>(-1);
    }
    device.online = online;
    device.presence_since = since;
}

void Registry::forget_heard() {
    connection_ = (connection_ + 1) & kConnections;
    unheard_ = online_;
}

bool Registry::hear(DeviceIndex index) {
    if (heard(index)) {
        return false;
    }
    auto& entry = at(index);
    entry.heard_in = connection_ & kConnections;
    unheard_ -= entry.device.online ? 1 : 0;
    return entry.device.online;
}

std::optional<DeviceIndex> Registry::next_unheard(std::size_t& from, std::size_t end) const {
    MUSTER_INVARIANT(from < entries_.size());
    while (from < std::min(end, entries_.size())) {
        const auto index = static_cast<DeviceIndex>(from++);
        if (!at(index).deleted && at(index).device.online && !heard(index)) {
            return index;
        }
    }
    return std::nullopt;
}

void Registry::erase(DeviceIndex index) {
    static_cast<void>(hear(index));
    auto& entry = at(index);
    online_ -= entry.device.online ? 1 : 0;
    by_id_.erase(index);
    Device left;
    left.id = entry.device.id;
    entry.device = std::move(left);
    entry.deleted = true;
    unreclaimed_ = true;
}

void Registry::reclaim() {
    if (!unreclaimed_) {
        return;
    }
    unreclaimed_ = false;
    // The order still names tombstones; they have to leave it before reuse.
    std::erase_if(order_, [this](DeviceIndex index) { return at(index).deleted; });
    sorted_ = 0;
    tombstones_.clear();
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (entries_[i].deleted) {
            tombstones_.push_back(static_cast<DeviceIndex>(i));
        }
    }
}

const std::vector<DeviceIndex>& Registry::sorted() const {
    if (sorted_ < order_.size()) {
        const auto by_id = [this](DeviceIndex a, DeviceIndex b) { return at(a).device.id < at(b).device.id; };
        const auto middle = order_.begin() + static_cast<std::ptrdiff_t>(sorted_);
        std::sort(middle, order_.end(), by_id);
        std::inplace_merge(order_.begin(), middle, order_.end(), by_id);
        sorted_ = order_.size();
    }
    return order_;
}

std::size_t Registry::first_after(const std::vector<DeviceIndex>& order, std::string_view after) const {
    const auto found =
        std::upper_bound(order.begin(), order.end(), after,
                         [this](std::string_view id, DeviceIndex b) { return id < at(b).device.id.text(); });
    return static_cast<std::size_t>(found - order.begin());
}

}  // namespace muster::core
