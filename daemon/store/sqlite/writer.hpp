// Changes to rows: one prepared statement per kind of change, kept for the life
// of the store. Runs inside the caller's transaction.
//
// Threads: those of the Database.
#pragma once

#include "daemon/core/change.hpp"
#include "daemon/store/sqlite/database.hpp"
#include "daemon/store/sqlite/deleted_jobs.hpp"

namespace muster::store::sqlite {

class Writer {
public:
    [[nodiscard]] static Result<Writer> prepare(Database& database);

    // Errors: see storage_error. The transaction must then be rolled back.
    [[nodiscard]] Result<void> apply(const core::Change& change);
    // So many of a job's executions, for devices from `next` on, which it moves, the first with that
    // ordinal. What a deleted job with that number left behind has to be gone.
    [[nodiscard]] Result<void> create(JobId job, std::uint32_t first, core::DeviceIds::Iterator& next,
                                      std::size_t count);
    [[nodiscard]] Result<void> remove_left_behind(JobId job) { return deleted_jobs_.remove_all(job); }
    // As Store::tidy(), within a transaction.
    [[nodiscard]] Result<bool> tidy() { return deleted_jobs_.remove_some(); }

private:
    explicit Writer(Database& database) noexcept : database_(&database) {}

    [[nodiscard]] Result<void> write(const core::PutJob& change);
    [[nodiscard]] Result<void> write(const core::DeleteJob& change);
    [[nodiscard]] Result<void> write(const core::CreateExecutions& change);
    [[nodiscard]] Result<void> write(const core::PutExecution& change);
    [[nodiscard]] Result<void> write(const core::PutLateAnswer& change);
    [[nodiscard]] Result<void> write(const core::PutDevice& change);
    [[nodiscard]] Result<void> write(const core::PutPresence& change);
    [[nodiscard]] Result<void> write(const core::DeleteDevice& change);
    [[nodiscard]] Result<void> write(const core::PutSet& change);
    [[nodiscard]] Result<void> write(const core::DeleteSet& change);
    [[nodiscard]] Result<void> write(const core::PutTemplate& change);
    [[nodiscard]] Result<void> write(const core::AuditEntry& change);
    [[nodiscard]] Result<void> write(const core::TrimAudit& change);

    Database* database_;
    Statement put_job_;
    Statement raise_last_job_;
    Statement delete_job_;
    Statement create_execution_;
    Statement create_executions_;
    Statement put_pending_execution_;
    Statement put_execution_;
    Statement put_late_answer_;
    Statement put_device_;
    Statement put_presence_;
    Statement delete_device_;
    Statement put_set_;
    Statement delete_set_;
    Statement put_template_;
    Statement add_audit_;
    Statement oldest_audit_;
    Statement delete_audit_;
    DeletedJobs deleted_jobs_;
};

}  // namespace muster::store::sqlite
