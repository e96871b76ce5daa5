#include "device-sim/operation_tally.hpp"

#include "protocol/limits.hpp"

#include <functional>

namespace muster::sim {

static_assert(OperationTally::kMostOperations * limits::kOperationIdLength <
              std::numeric_limits<std::uint32_t>::max());

std::size_t OperationTally::Hash::operator()(std::string_view id) const noexcept {
    return std::hash<std::string_view>{}(id);
}

std::string_view OperationTally::id(Index index) const noexcept {
    const Entry& entry = entries_[index];
    return {texts_.data() + entry.text, entry.length};
}

OperationTally::Index OperationTally::at(std::string_view id) {
    if (const auto found = indices_.find(id); found != indices_.end()) {
        return *found;
    }
    if (entries_.size() >= kMostOperations || id.size() > limits::kOperationIdLength) {
        return kNone;
    }
    const auto index = static_cast<Index>(entries_.size());
    entries_.push_back({static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint8_t>(id.size()), {}});
    texts_.insert(texts_.end(), id.begin(), id.end());
    indices_.insert(index);
    return index;
}

void OperationTally::count(Index index, std::uint16_t Counts::*which) noexcept {
    if (index == kNone) {
        return;
    }
    std::uint16_t& counter = entries_[index].counts.*which;
    counter = static_cast<std::uint16_t>(counter + (counter < std::numeric_limits<std::uint16_t>::max()));
}

}  // namespace muster::sim
