// A settings job on all of a fleet, played once through an engine and kept in
// pieces: what the engine was told, and what had to be stored. Whoever measures the
// engine tells the same to another one; whoever measures a store commits the same.
//
// Each device answers its message as muster-sim does: with an acknowledgement, and
// with the state that has changed.
//
// Threads: one.
#pragma once

#include "tests/support/sample_fleet.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace muster::test {

class PlayedJob {
public:
    // `batch`: how many messages are under way, and are answered together.
    PlayedJob(const SampleFleet& fleet, std::uint32_t batch);

    // First the request that runs the job, then what the devices answer to each batch.
    [[nodiscard]] const std::vector<std::vector<core::Event>>& rounds() const noexcept { return rounds_; }
    // What the steps of each round change, as a gateway commits it.
    [[nodiscard]] const std::vector<std::vector<core::Change>>& changes() const noexcept { return changes_; }
    // The engine that it was played through.
    [[nodiscard]] const core::Engine& engine() const noexcept { return *engine_; }

private:
    std::unique_ptr<core::Engine> engine_;
    std::vector<std::vector<core::Event>> rounds_;
    std::vector<std::vector<core::Change>> changes_;
};

// The request that runs it.
[[nodiscard]] core::Event run_sample_job();

}  // namespace muster::test
