#include "device-sim/model/remembered_operations.hpp"

#include <algorithm>

namespace muster::sim {

const Verdict* RememberedOperations::find(std::string_view id) const noexcept {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [id](const Entry& entry) { return entry.id == id; });
    return found == entries_.end() ? nullptr : &found->verdict;
}

void RememberedOperations::remember(std::string_view id, Verdict verdict) {
    if (capacity_ == 0) {
        return;
    }
    if (entries_.size() < capacity_) {
        entries_.push_back({std::string(id), verdict});
        return;
    }
    entries_[oldest_] = {std::string(id), verdict};
    oldest_ = static_cast<std::uint16_t>((oldest_ + 1U) % capacity_);
}

void RememberedOperations::forget() noexcept {
    entries_.clear();
    oldest_ = 0;
}

}  // namespace muster::sim
