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
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

// How a store is, for those who look after it.
enum class StoreState {
    ok,
    full,       // no space: later commits may succeed
    busy,       // another process is in the way: later commits may succeed
    read_only,  // its file system may no longer be written
    failing,    // the disk fails
    damaged,    // what is there makes no sense: a backup is needed
};
// Part of the control API (SPEC 7.9): "read-only".
[[nodiscard]] std::string_view to_string(StoreState state) noexcept;
// Nothing more may be written through this store object; one opened anew goes on
// from what the disk holds.
[[nodiscard]] bool has_failed(StoreState state) noexcept;

struct StoreHealth {
    StoreState state = StoreState::ok;
    std::string detail{};  // the cause, and what to do; empty when ok
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

    // As of the last call. A failed one stays failed.
    [[nodiscard]] virtual StoreHealth health() const = 0;
};

using OpenStore = std::function<Result<std::unique_ptr<Store>>()>;

}  // namespace muster::store
