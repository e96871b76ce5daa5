// A fleet of devices as a gateway knows it before a job: registered, with tags,
// online, reporting that the fan is at 2. For benchmarks and counts of
// instructions: always the same.
//
// Threads: one.
#pragma once

#include "daemon/core/engine.hpp"
#include "daemon/store/memory_store.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace muster::test {

class SampleFleet {
public:
    // The time in which everything happens.
    static constexpr TimePoint kNow{std::chrono::hours(24 * 365 * 56)};

    // Devices 1 to `size` of engine_world.hpp; the sets "fridges", which holds all, and kFleetSets.
    explicit SampleFleet(std::size_t size);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    // One that knows the fleet, has heard of all that are in it, and may have so many messages under way.
    [[nodiscard]] std::unique_ptr<core::Engine> engine(std::uint32_t window) const;
    // What a store holds of it.
    [[nodiscard]] std::vector<core::Change> changes() const;

private:
    std::size_t size_;
    store::MemoryStore store_{OperationKey::Bytes{1, 2, 3}};
};

}  // namespace muster::test
