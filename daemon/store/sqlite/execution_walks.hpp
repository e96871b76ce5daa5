// Which indexes give the executions of a job in the order asked for. An order is one
// walk or a few, one behind the other; each is a stretch of an index, so a page costs
// what it looks at, however large the job is.
//
// Threads: pure functions.
#pragma once

#include "daemon/store/store.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::store::sqlite {

inline constexpr std::int64_t kHighestKey = std::numeric_limits<std::int64_t>::max();

// Parameters of all that is made of a walk. Numbers in SQL, so that one statement may leave some out.
enum Parameter : int {
    kJob = 1,
    kFromOrdinal = 2,
    kMost = 3,
    kState = 4,
    kReason = 5,
    kMessage = 6,
    kSearch = 7,
    kFromKey = 8,
    kToOrdinal = 9,
    kToKey = 10,
};

struct Walk {
    // The table, its index, and the conditions that hold for all of the stretch, which
    // the index answers: those of partial indexes stand as they stand in the schema.
    std::string_view rows;
    // Of these, those that belong to the order: "" or " AND …".
    std::string_view condition = "";
    // What the stretch is sorted by before the ordinal; "": by the ordinal alone.
    std::string_view key = "";
    // The numbers that position_of gives to what is in it.
    std::int64_t low = std::numeric_limits<std::int64_t>::min();
    std::int64_t high = kHighestKey;
    // The index is the table itself, by ordinals.
    bool is_table = false;
    // What all of the stretch has in common; of the filter's state, reason and message
    // it holds nothing else.
    std::optional<core::ExecutionState> state = std::nullopt;
    bool has_reason = false;
    bool has_message = false;
};

// In the order of the query, forwards or backwards.
[[nodiscard]] std::vector<Walk> walks_of(const ExecutionQuery& query);

// Part of the device's id, which an index by device answers too.
inline constexpr std::string_view kSearchCondition = " AND device LIKE ?7 ESCAPE '\\'";

// The index that gives only executions which pass a part of the filter; nullptr: none does.
[[nodiscard]] const Walk* filtered_walk(const ExecutionFilter& filter);

// The walk of all devices: executions of other jobs stand between those of this one.
[[nodiscard]] bool is_by_device(const Walk& walk) noexcept;

// What the walk leaves of the filter: "" or " AND …".
[[nodiscard]] std::string conditions_left(const Walk& walk, const ExecutionFilter& filter);

}  // namespace muster::store::sqlite
