// Many device ids in little room: of each only what differs from the one before it
// (front coding; Witten, Moffat and Bell, Managing Gigabytes, 2nd ed., section 4.1).
// Those of a fleet, in order, take three or four bytes each, where a DeviceId takes 32.
//
// Threads: a plain value.
#pragma once

#include "protocol/ids.hpp"

#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace muster::core {

class DeviceIds {
public:
    void add(const DeviceId& id);
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    // For a disk, and back from there. Absent: these bytes are not those of ids.
    [[nodiscard]] const std::string& coded() const noexcept { return coded_; }
    [[nodiscard]] static std::optional<DeviceIds> decode(std::string_view coded);

    // From the first to the last, in the order in which they were added. What it
    // stands on is valid until it goes on.
    class Iterator {
    public:
        using difference_type = std::ptrdiff_t;
        using value_type = std::string;

        explicit Iterator(const DeviceIds& ids) : coded_(ids.coded_), left_(ids.size_) { read(); }
        [[nodiscard]] const std::string& operator*() const noexcept { return id_; }
        Iterator& operator++();
        void operator++(int) { ++*this; }
        friend bool operator==(const Iterator& at, std::default_sentinel_t) noexcept { return at.left_ == 0; }

    private:
        void read();

        std::string_view coded_;  // from the next one on
        std::size_t left_;        // this one and those after it
        std::string id_;
    };
    [[nodiscard]] Iterator begin() const { return Iterator(*this); }
    [[nodiscard]] static std::default_sentinel_t end() noexcept { return {}; }

private:
    // For each: how many bytes it shares with the one before, how many follow, and those.
    std::string coded_;
    std::string last_;
    std::size_t size_ = 0;
};

}  // namespace muster::core
