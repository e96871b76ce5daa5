// The executions table: a row is a core::Execution.
//
// Threads: those of the Statement.
#pragma once

#include "daemon/core/change.hpp"
#include "daemon/store/sqlite/statement.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace muster::store::sqlite {

// So many rows by one statement: most of what a row costs is to open and close the indexes.
inline constexpr std::size_t kRowsAtOnce = 32;
// A statement that creates so many.
[[nodiscard]] std::string create_executions_sql(std::size_t rows);
// `devices`: as many as the statement's rows; `first` is the ordinal of the first. What is there already
// stays.
[[nodiscard]] Result<void> create_executions(Statement& statement, JobId job, std::uint32_t first,
                                             std::span<const std::string> devices);

// The statements take the same parameters. The first is for an execution that stays as
// Pending as it was: leaving the state and the time of finishing alone spares their indexes.
// It finds no row when the stored state is another. (The + keeps SQLite from looking the row
// up by anything but its place.)
inline constexpr const char* kPutPendingExecution = R"sql(
    UPDATE executions
    SET phase = ?4, reason = ?5, operation = ?6, attempts = ?7, progress = ?8, message = ?9,
        old_values = iif(?10 = '', old_values, ?10), turn_at = ?11, first_sent_at = ?12, last_sent_at = ?13,
        not_before = ?14
    WHERE job = ?1 AND ordinal = ?2 AND +state = ?3
)sql";
inline constexpr const char* kPutExecution = R"sql(
    UPDATE executions
    SET state = ?3, phase = ?4, reason = ?5, operation = ?6, attempts = ?7, progress = ?8, message = ?9,
        old_values = iif(?10 = '', old_values, ?10), turn_at = ?11, first_sent_at = ?12, last_sent_at = ?13,
        not_before = ?14, finished_at = ?15
    WHERE job = ?1 AND ordinal = ?2
)sql";
[[nodiscard]] Result<void> put_execution(Statement& statement, const core::Execution& execution);

inline constexpr const char* kPutLateAnswer = R"sql(
    UPDATE executions SET late_code = ?4, late_at = ?5
    WHERE job = ?1 AND ordinal = ?2 AND device = ?3 AND state = 2 AND late_code = 0
      AND operation = ?6 AND reason NOT BETWEEN 1 AND 2
)sql";
[[nodiscard]] Result<void> put_late_answer(Statement& statement, const core::PutLateAnswer& answer);

// What read_execution expects, in this order.
inline constexpr const char* kExecutionColumns =
    "job, ordinal, device, state, phase, reason, operation, attempts, progress, message, old_values, "
    "turn_at, "
    "first_sent_at, last_sent_at, not_before, finished_at, late_code, late_at";
[[nodiscard]] Result<core::Execution> read_execution(const Statement& statement);

}  // namespace muster::store::sqlite
