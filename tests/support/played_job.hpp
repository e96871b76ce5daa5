// A settings job on a fleet of devices, played once through an engine and kept in
// pieces: what the engine was told, and what had to be stored. Whoever measures the
// engine tells the same to another one; whoever measures a store commits the same.
//
// All devices are online and answer each message as muster-sim does: with an
// acknowledgement, and with the state that has changed.
//
// Threads: one.
#pragma once

#include "daemon/core/engine.hpp"
#include "daemon/store/memory_store.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace muster::test {

// What a device of the fleet publishes when it has done what it was sent, and what it is.
[[nodiscard]] std::string ack_payload(const std::string& operation);
[[nodiscard]] std::string state_payload();
[[nodiscard]] DeviceInfo fleet_info(std::size_t number);

class PlayedJob {
public:
    // The time in which all of it happens.
    static constexpr TimePoint kNow{std::chrono::hours(24 * 365 * 56)};

    // `batch`: how many messages are under way, and are answered together.
    PlayedJob(std::size_t devices, std::uint32_t batch);

    // Knows the fleet, is connected, and has not been asked for the job yet.
    [[nodiscard]] std::unique_ptr<core::Engine> engine() const;
    // What a store has to hold before it is given the changes.
    [[nodiscard]] const std::vector<core::Change>& fleet() const noexcept { return fleet_; }

    // First the request that runs the job, then what the devices answer to each batch.
    [[nodiscard]] const std::vector<std::vector<core::Event>>& rounds() const noexcept { return rounds_; }
    // What the steps of each round change, as a gateway commits it.
    [[nodiscard]] const std::vector<std::vector<core::Change>>& changes() const noexcept { return changes_; }

private:
    void register_fleet();
    void play(std::vector<core::Event> first);

    std::size_t devices_;
    std::uint32_t batch_;
    std::vector<core::Change> fleet_;
    std::vector<std::vector<core::Event>> rounds_;
    std::vector<std::vector<core::Change>> changes_;
};

}  // namespace muster::test
