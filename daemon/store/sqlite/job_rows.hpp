// The jobs table: a row is a core::Job.
//
// Threads: those of the Statement.
#pragma once

#include "daemon/core/job.hpp"
#include "daemon/store/sqlite/statement.hpp"

namespace muster::store::sqlite {

inline constexpr const char* kPutJob = R"sql(
    INSERT OR REPLACE INTO jobs
        (job, revision, name, description, device_set, selection, type, operations, policy, state, template_name,
         template_version, parent, run_order, created_by, created_at, started_at, ended_at, succeeded, failed, pending,
         outcomes, request_key, request_digest, run_key, epoch)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
)sql";
[[nodiscard]] Result<void> put_job(Statement& statement, const core::Job& job);

inline constexpr const char* kAllJobs = R"sql(
    SELECT job, revision, name, description, device_set, selection, type, operations, policy, state, template_name,
           template_version, parent, run_order, created_by, created_at, started_at, ended_at, succeeded, failed,
           pending, outcomes, request_key, request_digest, run_key,
           epoch
    FROM jobs ORDER BY job
)sql";
[[nodiscard]] Result<core::Job> read_job(const Statement& statement);

}  // namespace muster::store::sqlite
