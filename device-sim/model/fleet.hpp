// All simulated devices, made from the options alone: the same options give
// the same fleet.
//
// Threads: owned by one thread.
#pragma once

#include "device-sim/model/device_model.hpp"
#include "device-sim/model/fleet_options.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace muster::sim {

class Fleet {
public:
    // Ids are the prefix and a number from 1, as wide as the largest:
    // fridge-001 to fridge-200. They keep the grammar of SPEC 2.1 when the
    // prefix does and leaves room for the digits.
    //
    // Shares are exact: `offline` is that share of the fleet, rounded, and
    // `reject` is that share of the fleet taken from those online (all of
    // them, if there are fewer).
    explicit Fleet(FleetOptions options);
    Fleet(const Fleet&) = delete;
    Fleet& operator=(const Fleet&) = delete;

    [[nodiscard]] const FleetOptions& options() const noexcept { return options_; }
    [[nodiscard]] std::vector<DeviceModel>& devices() noexcept { return devices_; }
    [[nodiscard]] const std::vector<DeviceModel>& devices() const noexcept { return devices_; }
    // How many are ever online.
    [[nodiscard]] std::size_t online() const noexcept { return online_; }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view id) const noexcept;

private:
    FleetOptions options_;
    std::vector<DeviceModel> devices_;
    // Keys live in devices_, which never changes its size.
    boost::unordered_flat_map<std::string_view, std::uint32_t> by_id_;
    std::size_t online_ = 0;
};

}  // namespace muster::sim
