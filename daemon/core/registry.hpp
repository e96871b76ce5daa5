// The devices, dense in memory, each with the head of its queue of executions.
//
// An index stays valid while any job run is in memory: a deleted device leaves
// a tombstone, so that its executions still know its id.
//
// Threads: the engine thread.
#pragma once

#include "daemon/core/device.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace muster::core {

enum class DeviceIndex : std::uint32_t {};

// Names one execution in memory: which run, which slot. Runs are numbered by
// the engine for as long as they are in memory.
struct ExecutionRef {
    static constexpr std::uint32_t kNone = 0xffff'ffff;
    std::uint32_t run = kNone;
    std::uint32_t ordinal = 0;

    [[nodiscard]] bool none() const noexcept { return run == kNone; }
    friend bool operator==(const ExecutionRef&, const ExecutionRef&) = default;
};

class Registry {
public:
    struct Entry {
        Device device;
        std::uint32_t heard_in : 31 = 0;  // connection to the broker in which it said that it is there
        bool deleted : 1 = false;
        ExecutionRef head;  // the execution whose turn it is
        ExecutionRef tail;
    };

    Registry() = default;
    Registry(const Registry&) = delete;  // its index points into it
    Registry& operator=(const Registry&) = delete;

    [[nodiscard]] std::optional<DeviceIndex> find(std::string_view id) const;
    [[nodiscard]] Entry& at(DeviceIndex index) { return entries_[static_cast<std::size_t>(index)]; }
    [[nodiscard]] const Entry& at(DeviceIndex index) const {
        return entries_[static_cast<std::size_t>(index)];
    }
    // nullptr when there is no such device, or it was deleted.
    [[nodiscard]] const Device* get(std::string_view id) const;

    // The device must not exist.
    DeviceIndex add(Device device);
    // A tombstone for a device that is already gone, for executions loaded from the store.
    DeviceIndex add_deleted(DeviceId id);
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
    // Leaves a tombstone.
    void erase(DeviceIndex index);
    // To be called when no run is in memory: tombstones may be used again.
    void reclaim();

    [[nodiscard]] std::size_t size() const noexcept { return by_id_.size(); }
    [[nodiscard]] std::size_t online() const noexcept { return online_; }

    // Every device in order of id, from the first id > `after` ("" for all),
    // until `visit` returns false.
    template <class Visit>
    void for_each_after(std::string_view after, Visit visit) const {
        const auto& order = sorted();
        for (auto at_index = first_after(order, after); at_index < order.size(); ++at_index) {
            const auto& entry = at(order[at_index]);
            if (!entry.deleted && !visit(order[at_index], entry.device)) {
                return;
            }
        }
    }

private:
    [[nodiscard]] const std::vector<DeviceIndex>& sorted() const;
    [[nodiscard]] std::size_t first_after(const std::vector<DeviceIndex>& order,
                                          std::string_view after) const;
    DeviceIndex place(Entry entry);
    [[nodiscard]] bool heard(DeviceIndex index) const { return at(index).heard_in == connection_; }

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

    std::vector<Entry> entries_;
    boost::unordered_flat_set<DeviceIndex, IdHash, IdEqual> by_id_{0, IdHash{this}, IdEqual{this}};
    std::vector<DeviceIndex> tombstones_;
    std::size_t online_ = 0;
    std::uint32_t connection_ = 0;  // counts forget_heard()
    std::size_t unheard_ = 0;
    bool unreclaimed_ = false;  // there are tombstones that may not be used again yet
    // In order of id up to sorted_; the devices added since are unsorted behind.
    mutable std::vector<DeviceIndex> order_;
    mutable std::size_t sorted_ = 0;
};

}  // namespace muster::core
