#include "daemon/store/sqlite/deleted_jobs.hpp"

#include "daemon/store/sqlite/codes.hpp"

#include <limits>
#include <optional>
#include <utility>

namespace muster::store::sqlite {
namespace {

// The number in the only row, if there is a row and it has one.
Result<std::optional<std::int64_t>> one_number(Statement& statement) {
    const Rewind rewind(statement);
    const auto row = statement.step();
    if (!row) {
        return row.error();
    }
    return *row ? std::optional(statement.number(0)) : std::nullopt;
}

}  // namespace

Result<DeletedJobs> DeletedJobs::prepare(Database& database) {
    DeletedJobs jobs;
    const std::pair<Statement DeletedJobs::*, const char*> statements[] = {
        {&DeletedJobs::add_,
         "INSERT OR IGNORE INTO deleted_jobs (job) SELECT ?1 "
         "WHERE EXISTS (SELECT 1 FROM executions WHERE job = ?1)"},
        {&DeletedJobs::first_, "SELECT job FROM deleted_jobs ORDER BY job LIMIT 1"},
        {&DeletedJobs::is_noted_, "SELECT job FROM deleted_jobs WHERE job = ?"},
        {&DeletedJobs::oldest_, "SELECT ordinal FROM executions WHERE job = ? ORDER BY ordinal LIMIT 1"},
        {&DeletedJobs::remove_, "DELETE FROM executions WHERE job = ? AND ordinal < ?"},
        {&DeletedJobs::forget_, "DELETE FROM deleted_jobs WHERE job = ?"},
    };
    for (const auto& [statement, sql] : statements) {
        auto prepared = database.prepare(sql);
        if (!prepared) {
            return prepared.error();
        }
        jobs.*statement = std::move(*prepared);
    }
    return jobs;
}

Result<void> DeletedJobs::add(JobId job) {
    add_.bind(1, code_of(job));
    return add_.run();
}

Result<void> DeletedJobs::remove_all(JobId job) {
    is_noted_.bind(1, code_of(job));
    const auto noted = one_number(is_noted_);
    if (!noted) {
        return noted.error();
    }
    if (!*noted) {
        return {};
    }
    remove_.bind(1, code_of(job));
    remove_.bind(2, std::numeric_limits<std::int64_t>::max());
    if (auto removed = remove_.run(); !removed) {
        return removed;
    }
    forget_.bind(1, code_of(job));
    return forget_.run();
}

Result<bool> DeletedJobs::remove_some() {
    const auto job = one_number(first_);
    if (!job) {
        return job.error();
    }
    if (!*job) {
        return false;
    }
    oldest_.bind(1, **job);
    const auto oldest = one_number(oldest_);
    if (!oldest) {
        return oldest.error();
    }
    if (*oldest) {
        remove_.bind(1, **job);
        remove_.bind(2, **oldest + kDeletedAtOnce);
    } else {
        forget_.bind(1, **job);
    }
    auto done = (*oldest ? remove_ : forget_).run();
    return done ? Result<bool>(true) : Result<bool>(done.error());
}

}  // namespace muster::store::sqlite
