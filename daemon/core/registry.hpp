// The devices, dense in memory, each with the head of its queue of executions.
//
// An index stays valid while any job run is in memory: a deleted device leaves
// a tombstone, so that its executions still know its id.
//
// A million devices share what is alike in their records, nothing is moved when
// there are more of them, and nothing but loading looks at all of them: every
// order that lists come in is kept as devices change, and so is what was found out
// for the filters that were asked for last (matches.hpp).
//
// Threads: the engine thread.
#pragma once

#include "daemon/core/device.hpp"
#include "daemon/core/device_index.hpp"
#include "daemon/core/index_order.hpp"
#include "daemon/core/sharded_set.hpp"
#include "daemon/core/text_pool.hpp"

#include <boost/container/deque.hpp>
#include <boost/json/object.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace muster::core {

class MatchCache;

// Names one execution in memory: which run, which slot. Runs are numbered by
// the engine for as long as they are in memory.
struct ExecutionRef {
    static constexpr std::uint32_t kNone = 0xffff'ffff;
    std::uint32_t run = kNone;
    std::uint32_t ordinal = 0;

    [[nodiscard]] bool none() const noexcept { return run == kNone; }
    friend bool operator==(const ExecutionRef&, const ExecutionRef&) = default;
};

// The executions of one device that are not over.
struct DeviceQueue {
    ExecutionRef head;  // whose turn it is
    ExecutionRef tail;
};

enum class DeviceOrder : std::uint8_t { id, name, template_name, since };
inline constexpr std::size_t kDeviceOrders = static_cast<std::size_t>(DeviceOrder::since) + 1;

// Where a device stands in an order, or would: texts are somebody else's.
struct DevicePlace {
    std::int64_t number = 0;  // since
    std::string_view text;    // the name that is shown; the template's
    std::string_view id;

    friend auto operator<=>(const DevicePlace&, const DevicePlace&) = default;
};
[[nodiscard]] DevicePlace place_of(const Device& device, DeviceOrder order) noexcept;

class Registry {
public:
    struct Entry : DeviceQueue {
        Device device;
        std::uint32_t heard_in : 31 = 0;  // connection to the broker in which it said that it is there
        bool deleted : 1 = false;
    };

    Registry();
    ~Registry();
    Registry(const Registry&) = delete;  // its index points into it
    Registry& operator=(const Registry&) = delete;

    [[nodiscard]] std::optional<DeviceIndex> find(std::string_view id) const;
    [[nodiscard]] const Entry& at(DeviceIndex index) const {
        return entries_[static_cast<std::size_t>(index)];
    }
    [[nodiscard]] DeviceQueue& queue(DeviceIndex index) { return entry(index); }
    // nullptr when there is no such device, or it was deleted.
    [[nodiscard]] const Device* get(std::string_view id) const;

    // The device must not exist.
    DeviceIndex add(Device device);
    // The first devices of all, none of them twice; fastest in order of id.
    void load(std::deque<Device> devices);
    // A tombstone for a device that is already gone, for executions loaded from the store.
    DeviceIndex add_deleted(DeviceId id);
    // Its record is that of `device` from now on, but for id and presence.
    void put(DeviceIndex index, Device device);
    // The same of one group of its values. Returns whether anything changed.
    bool set(DeviceIndex index, Values Device::*group, const Values& values);
    // Values::merge on it. Returns whether anything changed.
    bool merge(DeviceIndex index, Values Device::*group, const boost::json::object& patch);
    void set_online(DeviceIndex index, bool online, TimePoint since);
    // The connection to the broker is lost: nobody who was online is known to be there now.
    void forget_heard();
    // The device said something. True: for the first time since forget_heard(), and it is online.
    bool hear(DeviceIndex index);
    // Online, by what it said since forget_heard().
    [[nodiscard]] bool is_here(DeviceIndex index) const { return at(index).device.online && heard(index); }
    // How many are online by what they said before it.
    [[nodiscard]] std::size_t unheard() const noexcept { return unheard_; }
    // The next of those, from place `from` of the memory on, which is moved on, up to `end`. There has to be
    // one.
    [[nodiscard]] std::optional<DeviceIndex> next_unheard(std::size_t& from, std::size_t end) const;
    // The same of those who said nothing since forget_heard(), online or not; there need be none.
    [[nodiscard]] std::optional<DeviceIndex> next_silent(std::size_t& from, std::size_t end) const;
    // Leaves a tombstone.
    void erase(DeviceIndex index);
    // To be called when no run is in memory: tombstones may be used again.
    void reclaim();

    [[nodiscard]] std::size_t size() const noexcept { return order(DeviceOrder::id).size(); }
    [[nodiscard]] std::size_t online() const noexcept { return online_; }
    [[nodiscard]] const DeviceBits& online_bits() const noexcept { return online_bits_; }
    // Indices are below it.
    [[nodiscard]] std::size_t extent() const noexcept { return entries_.size(); }
    [[nodiscard]] std::size_t count_with_template(std::string_view name) const;

    // Every device in order of id, from the first id > `after` ("" for all),
    // until `visit` returns false.
    template <class Visit>
    void for_each_after(std::string_view after, Visit visit) const {
        for_each_behind(DeviceOrder::id, DevicePlace{0, {}, after},
                        [&](DeviceIndex index) { return visit(index, at(index).device); });
    }
    // Every device that stands behind a place in an order, or from its beginning on,
    // until `visit` returns false.
    template <class Visit>
    void for_each_behind(DeviceOrder by, const std::optional<DevicePlace>& after, Visit visit) const {
        order(by).forward(
            after ? edge(by, [&](const auto& one) { return one <= *after; }) : IndexOrder::Place{}, visit);
    }
    // And backwards: what stands before a place, or all from the end on.
    template <class Visit>
    void for_each_before(DeviceOrder by, const std::optional<DevicePlace>& before, Visit visit) const {
        order(by).backward(
            before ? edge(by, [&](const auto& one) { return one < *before; }) : order(by).end(), visit);
    }

    // What was found out for questions; no part of what the registry is.
    [[nodiscard]] MatchCache& match_cache() const noexcept { return *match_cache_; }

private:
    [[nodiscard]] Entry& entry(DeviceIndex index) { return entries_[static_cast<std::size_t>(index)]; }
    [[nodiscard]] const IndexOrder& order(DeviceOrder by) const noexcept {
        return orders_[static_cast<std::size_t>(by)];
    }
    [[nodiscard]] DevicePlace place(DeviceIndex index, DeviceOrder by) const {
        return place_of(at(index).device, by);
    }
    // Where those end of which `before` is true.
    template <class Before>
    [[nodiscard]] IndexOrder::Place edge(DeviceOrder by, Before before) const {
        return order(by).find([&](DeviceIndex one) { return before(place(one, by)); });
    }
    DeviceIndex store(Entry entry);
    DeviceIndex admit(Device device);
    void insert(DeviceIndex index, DeviceOrder by);
    void remove(DeviceIndex index, DeviceOrder by);
    void sort(DeviceOrder by);
    [[nodiscard]] bool heard(DeviceIndex index) const { return at(index).heard_in == connection_; }
    // Returns whether it is another text.
    bool replace(SharedText& kept, SharedText text);
    bool replace(Values& kept, const Values& values);

    // The index holds four bytes a device: ids are looked up where they are.
    struct IdHash {
        using is_transparent = void;
        const Registry* registry;
        std::size_t operator()(std::string_view id) const noexcept {
            return std::hash<std::string_view>{}(id);
        }
        std::size_t operator()(DeviceIndex index) const {
            return (*this)(registry->at(index).device.id.text());
        }
    };
    struct IdEqual {
        using is_transparent = void;
        const Registry* registry;
        bool operator()(DeviceIndex a, DeviceIndex b) const noexcept { return a == b; }
        bool operator()(std::string_view id, DeviceIndex b) const {
            return registry->at(b).device.id.text() == id;
        }
        bool operator()(DeviceIndex a, std::string_view id) const { return (*this)(id, a); }
    };

    // In blocks: growing moves nothing, and needs no room for a copy.
    static constexpr std::size_t kBlock = 1024;
    boost::container::deque<Entry, void,
                            boost::container::deque_options_t<boost::container::block_size<kBlock>>>
        entries_;
    TextPool texts_;
    ShardedSet<DeviceIndex, IdHash, IdEqual> by_id_{IdHash{this}, IdEqual{this}};
    std::array<IndexOrder, kDeviceOrders> orders_;
    std::vector<DeviceIndex> free_;     // tombstones that may be used again
    std::vector<DeviceIndex> deleted_;  // those that may not yet
    DeviceBits online_bits_;
    std::size_t online_ = 0;
    std::uint32_t connection_ = 0;  // counts forget_heard()
    std::size_t unheard_ = 0;
    std::unique_ptr<MatchCache> match_cache_;
};

}  // namespace muster::core
