// Where everything durable lives. One interface, two implementations that pass
// the same contract tests (tests/contract): memory_store, a fake with the same
// semantics and no disk, and sqlite/.
//
// Of what is given to it a store expects what the core keeps to: an execution has a time at
// which it finished exactly if it is not Pending, and attempts only if it was sent.
//
// What core/change.hpp leaves open, both decide alike: CreateExecutions leaves
// executions that exist as they are; PutExecution, PutLateAnswer and PutPresence
// of something that is not there, and deleting it, change nothing; PutTemplate of
// a version that is there replaces it in its place. An AuditEntry adds a line, and a
// TrimAudit takes some, each time it is applied; nothing else does more the second time.
//
// Threads: a Store is used from one thread at a time (the engine thread).
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
#include <tuple>
#include <vector>

namespace muster::store {

struct ExecutionFilter {
    std::optional<core::ExecutionState> state = std::nullopt;
    std::optional<core::Reason> reason = std::nullopt;
    std::optional<std::string> message = std::nullopt;  // exact
    std::string search = {};                            // part of the device's id, in any case
};

// What each page of one looks at is bounded (ExecutionQuery::examined): there is an
// index for every order, and where many executions do not pass the filter the page is short.
enum class ExecutionSort {
    ordinal,
    device,
    state,         // Pending, Completed, Failed
    attempts,      // of those with none, what is Pending comes first
    last_sent_at,  // what was never sent comes first, and of it what is Pending
    finished_at,   // what is Pending comes first
};

// A place in a sorted list, whether or not an execution stands there: what is sorted
// by, as number (state, attempts, milliseconds) or text (device), then the ordinal.
struct ExecutionPosition {
    std::uint32_t ordinal = 0;
    std::int64_t number = 0;
    std::string text = {};

    friend auto operator<=>(const ExecutionPosition& a, const ExecutionPosition& b) {
        return std::tie(a.number, a.text, a.ordinal) <=> std::tie(b.number, b.text, b.ordinal);
    }
    friend bool operator==(const ExecutionPosition&, const ExecutionPosition&) = default;
};
[[nodiscard]] ExecutionPosition position_of(const core::Execution& execution, ExecutionSort sort);

// About how many executions one page looks at: a few milliseconds. What has to be fetched
// from behind an index counts for several.
inline constexpr std::size_t kExecutionsExamined = 8'000;

struct ExecutionQuery {
    JobId job = JobId::none;
    ExecutionFilter filter = {};
    std::optional<ExecutionPosition> from = std::nullopt;  // none: from the beginning
    std::size_t most = 0;
    ExecutionSort sort = ExecutionSort::ordinal;
    bool descending = false;  // the whole order backwards, ordinals of equals too
    std::size_t examined = kExecutionsExamined;
};

struct ExecutionPage {
    std::vector<core::Execution> items;
    // Pass as `from` for the next page, which may be there though this one is short, or
    // has no items at all; absent: there is none.
    std::optional<ExecutionPosition> next;
};

struct NumberedAudit {
    std::uint64_t number = 0;  // from 1, no gaps; the oldest may be gone
    core::AuditEntry entry;
};

struct AuditFilter {  // each exact
    std::optional<std::string> user = std::nullopt;
    std::optional<std::string> action = std::nullopt;
    std::optional<std::string> subject = std::nullopt;
};

// Entries that one page looks at: a filter that few pass must not read the log of years at once.
inline constexpr std::size_t kAuditExamined = 10'000;

struct AuditQuery {
    std::uint64_t before = 0;  // numbers below it; 0: from the newest
    std::size_t most = 0;
    AuditFilter filter = {};
    std::size_t examined = kAuditExamined;
};

struct AuditPage {
    std::vector<NumberedAudit> items;  // newest first
    // Pass as `before` for the next page, which may be there though this one is
    // short; 0: there is none.
    std::uint64_t next = 0;
};

// What both stores make of a query: the numbers that its page looks at (none: newest 0),
// and, of the page they filled, what `next` is.
struct AuditRange {
    std::uint64_t newest = 0;
    std::uint64_t oldest = 1;
    std::uint64_t first = 1;  // that there is
};
// Of a log that has the numbers from `first` to `last` (0: it is empty).
[[nodiscard]] AuditRange audit_range(const AuditQuery& query, std::uint64_t first, std::uint64_t last);
[[nodiscard]] std::uint64_t next_of(const AuditPage& page, const AuditQuery& query, const AuditRange& range);

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

    // Executions of a job that pass the filter, in the order asked for. A job that
    // does not exist has none.
    [[nodiscard]] virtual Result<ExecutionPage> executions(const ExecutionQuery& query) = 0;
    // Executions of one device, newest job first, jobs below `before` (none: all).
    [[nodiscard]] virtual Result<std::vector<core::Execution>> device_executions(const DeviceId& device,
                                                                                 JobId before,
                                                                                 std::size_t most) = 0;
    [[nodiscard]] virtual Result<AuditPage> audit(const AuditQuery& query) = 0;
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

    // commit() in two halves, for who has something to do while the disk works: as commit(), but what
    // `changes` hold is durable only when end_commit() has returned success. Reads see it from here on,
    // and a process that ends leaves it behind; only power that fails takes it back. `ready` is
    // called once end_commit() need not wait, from any thread, or within this call; not after an
    // error. Only reads until end_commit().
    [[nodiscard]] virtual Result<void> begin_commit(std::span<const core::Change> changes,
                                                    std::function<void()> ready) {
        auto committed = commit(changes);
        if (committed) {
            ready();
        }
        return committed;
    }
    // Errors: as commit(), of which unavailable is none any more.
    [[nodiscard]] virtual Result<void> end_commit() { return {}; }

    // Goes on with what jobs that began or were deleted have left to do: so much that it takes
    // a millisecond or two. It changes nothing of what is read, but perhaps where pages are cut. A store that
    // is opened again knows what is left. Answers whether there is more.
    // Errors: as commit().
    [[nodiscard]] virtual Result<bool> tidy() { return false; }

    // As of the last call. A failed one stays failed.
    [[nodiscard]] virtual StoreHealth health() const = 0;
};

using OpenStore = std::function<Result<std::unique_ptr<Store>>()>;

}  // namespace muster::store
