// What the fleet has been through, in totals and, when wanted, operation by
// operation.
//
// Threads: owned by one thread.
#pragma once

#include "device-sim/model/device_model.hpp"
#include "device-sim/operation_tally.hpp"
#include "protocol/result.hpp"

#include <cstdint>
#include <string>

namespace muster::sim {

struct Totals {
    std::uint64_t received = 0;  // messages on cmd topics; the next eight sum to it
    std::uint64_t missed = 0;    // for a device that was away
    std::uint64_t unreadable = 0;
    std::uint64_t lost = 0;
    std::uint64_t expired = 0;
    std::uint64_t not_now = 0;
    std::uint64_t rejected = 0;
    std::uint64_t executed = 0;
    std::uint64_t repeated = 0;

    std::uint64_t acks = 0;  // published, final codes and 503
    std::uint64_t acks_lost = 0;
    std::uint64_t malformed_acks = 0;
    std::uint64_t unpublished = 0;  // could not be handed to the broker
    std::uint64_t connections_made = 0;
    std::uint64_t connections_lost = 0;
};

class Statistics {
public:
    // Without the table per operation nothing grows.
    explicit Statistics(bool per_operation) noexcept : per_operation_(per_operation) {}

    // Where the operation of this reaction is counted.
    OperationTally::Index record(const Reaction& reaction);
    void record_published(PublicationKind kind, OperationTally::Index operation) noexcept;

    [[nodiscard]] Totals& totals() noexcept { return totals_; }
    [[nodiscard]] const Totals& totals() const noexcept { return totals_; }
    [[nodiscard]] const OperationTally& operations() const noexcept { return operations_; }

private:
    Totals totals_;
    OperationTally operations_;
    bool per_operation_;
};

struct DeviceCounts {
    std::size_t total = 0;
    std::size_t online = 0;
    std::size_t offline = 0;
};

// One JSON object: "devices", "totals", "executed_more_than_once" (number of
// operations) and "operations", id by id. The file appears whole or not at all.
// Error: unavailable.
[[nodiscard]] Result<void> write_statistics(const std::string& path, const DeviceCounts& devices,
                                            const Statistics& statistics);

// "1200 messages received, 1150 executed, …" for people.
[[nodiscard]] std::string summary(const Totals& totals);

}  // namespace muster::sim
