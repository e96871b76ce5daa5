#include "daemon/store/sqlite/execution_walks.hpp"

#include <algorithm>

namespace muster::store::sqlite {
namespace {

constexpr std::string_view kTable = "executions NOT INDEXED WHERE job = ?1";

constexpr Walk kByOrdinal{.rows = kTable, .is_table = true};
// The + keeps SQLite from leaving the job out of the index's order, for being the same everywhere.
constexpr Walk kByDevice{.rows = "executions INDEXED BY executions_by_device WHERE +job = ?1",
                         .key = "device"};

// What is Pending has not finished, and stands in the order of ordinals before all that has.
constexpr Walk kPending{
    .rows = "executions INDEXED BY executions_by_finished WHERE job = ?1 AND finished_at IS NULL",
    .state = core::ExecutionState::pending};
constexpr Walk kFailed{.rows = "executions INDEXED BY executions_failed WHERE job = ?1 AND state = 2",
                       .state = core::ExecutionState::failed};
constexpr Walk kOfReason{
    .rows = "executions INDEXED BY executions_by_reason WHERE job = ?1 AND reason <> 0 AND reason = ?5",
    .has_reason = true};
constexpr Walk kOfMessage{
    .rows = "executions INDEXED BY executions_by_message WHERE job = ?1 AND message <> '' AND message = ?6",
    .has_message = true};

// `walk` as a part of an order in which its executions have the key `key`.
constexpr Walk with_key(Walk walk, std::int64_t key, std::string_view condition = "") {
    walk.low = walk.high = key;
    walk.condition = condition;
    return walk;
}

// Most of what ended is Completed: the table itself is the index for that.
constexpr Walk kCompleted{.rows = kTable,
                          .condition = " AND state = 1",
                          .low = 1,
                          .high = 1,
                          .is_table = true,
                          .state = core::ExecutionState::completed};
constexpr Walk kByState[] = {with_key(kPending, 0), kCompleted, with_key(kFailed, 2)};

// Ended without ever having been sent: few, but in jobs on what the gateway keeps.
constexpr std::string_view kNeverSent =
    "executions INDEXED BY executions_never_sent WHERE job = ?1 AND attempts = 0 AND state <> 0";

// Nearly all executions of most jobs are sent once: the table itself is the index for those.
constexpr Walk kByAttempts[] = {
    with_key(kPending, -1, " AND attempts = 0"),
    {.rows = kNeverSent, .low = 0, .high = 0},
    {.rows = kTable, .condition = " AND attempts = 1", .low = 1, .high = 1, .is_table = true},
    {.rows = "executions INDEXED BY executions_by_attempts WHERE job = ?1 AND attempts NOT BETWEEN 0 AND 1",
     .key = "attempts",
     .low = 2},
};
constexpr Walk kByLastSent[] = {
    with_key(kPending, -1, " AND last_sent_at IS NULL"),
    {.rows = kNeverSent, .condition = " AND last_sent_at IS NULL", .low = 0, .high = 0},
    {.rows = "executions INDEXED BY executions_by_last_sent WHERE job = ?1 AND last_sent_at IS NOT NULL",
     .key = "last_sent_at",
     .low = 1},
};
constexpr Walk kByFinished[] = {
    with_key(kPending, 0),
    {.rows = "executions INDEXED BY executions_by_finished WHERE job = ?1 AND finished_at IS NOT NULL",
     .key = "finished_at",
     .low = 1},
};

std::vector<Walk> walks_upwards(const ExecutionQuery& query) {
    const auto* filtered = filtered_walk(query.filter);
    switch (query.sort) {
        case ExecutionSort::ordinal:
            return {filtered == nullptr ? kByOrdinal : *filtered};
        case ExecutionSort::device:
            return {kByDevice};
        case ExecutionSort::state:
            return {std::begin(kByState), std::end(kByState)};
        case ExecutionSort::attempts:
            return {std::begin(kByAttempts), std::end(kByAttempts)};
        case ExecutionSort::last_sent_at:
            return {std::begin(kByLastSent), std::end(kByLastSent)};
        case ExecutionSort::finished_at:
            return {std::begin(kByFinished), std::end(kByFinished)};
    }
    return {};
}

}  // namespace

std::vector<Walk> walks_of(const ExecutionQuery& query) {
    auto walks = walks_upwards(query);
    const auto& state = query.filter.state;
    std::erase_if(walks, [&state](const Walk& walk) { return state && walk.state && *walk.state != *state; });
    if (query.descending) {
        std::ranges::reverse(walks);
    }
    return walks;
}

const Walk* filtered_walk(const ExecutionFilter& filter) {
    if (filter.message && !filter.message->empty()) {
        return &kOfMessage;
    }
    if (filter.reason && *filter.reason != core::Reason::none) {
        return &kOfReason;
    }
    if (filter.state == core::ExecutionState::pending) {
        return &kPending;
    }
    return filter.state == core::ExecutionState::failed ? &kFailed : nullptr;
}

bool is_by_device(const Walk& walk) noexcept {
    return walk.rows == kByDevice.rows;
}

std::string conditions_left(const Walk& walk, const ExecutionFilter& filter) {
    std::string text(walk.condition);
    text += filter.state && !walk.state ? " AND state = ?4" : "";
    text += filter.reason && !walk.has_reason ? " AND reason = ?5" : "";
    text += filter.message && !walk.has_message ? " AND message = ?6" : "";
    text += filter.search.empty() ? "" : kSearchCondition;
    return text;
}

}  // namespace muster::store::sqlite
