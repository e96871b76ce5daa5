#include "device-sim/model/fleet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace muster::sim {
namespace {

std::size_t share(std::size_t of, double percent) {
    return static_cast<std::size_t>(std::llround(static_cast<double>(of) * percent / 100));
}

std::vector<std::string> make_ids(const FleetOptions& options) {
    const std::size_t width = fmt::formatted_size("{}", options.devices);
    std::vector<std::string> ids;
    ids.reserve(options.devices);
    for (std::size_t number = 1; number <= options.devices; ++number) {
        ids.push_back(fmt::format("{}{:0{}}", options.prefix, number, width));
    }
    return ids;
}

// Marks the `count` devices with the smallest stable number among those that may be chosen.
template <class MayChoose, class Mark>
void choose(const FleetOptions& options, const std::vector<std::string>& ids, std::string_view purpose,
            std::size_t count, const MayChoose& may_choose, const Mark& mark) {
    if (count == 0) {
        return;
    }
    std::vector<std::pair<std::uint64_t, std::size_t>> candidates;
    for (std::size_t index = 0; index < ids.size(); ++index) {
        if (may_choose(index)) {
            candidates.emplace_back(stable_number(options.seed, ids[index], purpose), index);
        }
    }
    count = std::min(count, candidates.size());
    const auto end = candidates.begin() + static_cast<std::ptrdiff_t>(count);
    std::nth_element(candidates.begin(), end, candidates.end());
    std::for_each(candidates.begin(), end, [&](const auto& candidate) { mark(candidate.second); });
}

std::vector<DeviceTraits> make_traits(const FleetOptions& options, const std::vector<std::string>& ids) {
    std::vector<DeviceTraits> traits(ids.size());
    const auto anybody = [](std::size_t) { return true; };
    const auto online = [&traits](std::size_t index) { return !traits[index].offline; };
    const Faults& faults = options.faults;
    choose(options, ids, "offline", share(ids.size(), faults.offline), anybody,
           [&traits](std::size_t index) { traits[index].offline = true; });
    choose(options, ids, "reject", share(ids.size(), faults.reject), online,
           [&traits](std::size_t index) { traits[index].rejects = true; });
    choose(options, ids, "text acks", share(ids.size(), faults.text_acks), anybody,
           [&traits](std::size_t index) { traits[index].text_acks = true; });
    return traits;
}

}  // namespace

Fleet::Fleet(FleetOptions options) : options_(std::move(options)) {
    std::vector<std::string> ids = make_ids(options_);
    const std::vector<DeviceTraits> traits = make_traits(options_, ids);
    devices_.reserve(ids.size());
    by_id_.reserve(ids.size());
    for (std::size_t index = 0; index < ids.size(); ++index) {
        const DeviceModel& device =
            devices_.emplace_back(options_, std::move(ids[index]), index + 1, traits[index]);
        by_id_.emplace(device.id(), static_cast<std::uint32_t>(index));
        online_ += static_cast<std::size_t>(!device.traits().offline);
    }
}

std::optional<std::size_t> Fleet::find(std::string_view id) const noexcept {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? std::nullopt : std::optional<std::size_t>(found->second);
}

}  // namespace muster::sim
