// Where everything durable lives. One interface, two implementations that pass
// the same contract tests (tests/contract): memory_store, a fake with the same
// semantics and no disk, and sqlite/.
//
// What core/change.hpp leaves open, both decide alike: CreateExecutions leaves
// executions that exist as they are; PutExecution, PutLateAnswer and PutPresence
// of something that is not there, and deleting it, change nothing; PutTemplate of
// a version that is there replaces it in its place. An AuditEntry alone adds a
// line each time it is applied.
//
// Threads: a Store is used from one thread at a time (the engine thread); the
// SQLite one gives read-only views for others (open_reader).
#pragma once

#include "daemon/core/change.hpp"
#include "protocol/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace muster::store {

struct ExecutionFilter {
    std::optional<core::ExecutionState> state = std::nullopt;
    std::optional<core::Reason> reason = std::nullopt;
    std::optional<std::string> message = std::nullopt;  // exact
};

struct ExecutionPage {
    std::vector<core::Execution> items;  // by ordinal
    std::optional<std::uint32_t> next;   // pass as `from` for the next page
};

struct NumberedAudit {
    std::uint64_t number = 0;  // from 1, no gaps
    core::AuditEntry entry;
};

// Reads see what was committed last.
class Reader {
public:
    virtual ~Reader() = default;

    // Executions of a job with ordinal >= from that pass the filter, at most
    // `most`. A job that does not exist has none.
    [[nodiscard]] virtual Result<ExecutionPage> executions(JobId job, const ExecutionFilter& filter,
                                                           std::uint32_t from, std::size_t most) = 0;
    // Executions of one device, newest job first, jobs below `before` (none: all).
    [[nodiscard]] virtual Result<std::vector<core::Execution>> device_executions(const DeviceId& device,
                                                                                 JobId before,
                                                                                 std::size_t most) = 0;
    // Newest first, numbers below `before` (0: from the newest).
    [[nodiscard]] virtual Result<std::vector<NumberedAudit>> audit(std::uint64_t before,
                                                                   std::size_t most) = 0;
};

class Store : public Reader {
public:
    // Everything a starting engine needs. Sets by name, devices by id. Jobs that
    // are Running or Stopped come with tally and outcomes recounted (recount.hpp).
    // Errors of reads: as commit(), and internal for damaged data.
    [[nodiscard]] virtual Result<core::Snapshot> load() = 0;

    // All of `changes`, in order, or none; durable when it returns success.
    // Error: unavailable (no space: nothing was changed, later calls may
    // succeed) or internal (the storage failed: nothing more may be written
    // through this object; recover by opening it anew).
    [[nodiscard]] virtual Result<void> commit(std::span<const core::Change> changes) = 0;
};

}  // namespace muster::store
