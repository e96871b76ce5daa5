#include "daemon/store/sqlite/verify.hpp"

#include "daemon/store/sqlite/schema.hpp"

#include <fmt/format.h>

namespace muster::store::sqlite {
namespace {

// The version from which on executions may be left of jobs that are deleted.
constexpr std::int64_t kLeavesExecutions = 3;
// The version from which on executions may be newer in the journal than in their table.
constexpr std::int64_t kHasJournal = 5;

// A job of which not every execution is there, one of executions that have no job,
// or 0. States 2 and 3 are Completed and Failed, whose tally is stored.
constexpr const char* kWrongJob = R"sql(
    WITH counted AS (
        SELECT job, count(*) AS found, max(ordinal) AS last, sum(state = 1) AS completed,
               sum(state = 2) AS failed, sum(state = 0) AS pending
        FROM executions {} GROUP BY job)
    SELECT ifnull(min(job), 0) FROM (
        SELECT counted.job AS job FROM counted LEFT JOIN jobs ON jobs.job = counted.job
        WHERE jobs.job IS NULL OR last + 1 <> found
           OR (jobs.state BETWEEN 2 AND 3
               AND (jobs.succeeded, jobs.failed, jobs.pending) IS NOT (completed, counted.failed, counted.pending))
        UNION ALL
        SELECT job FROM jobs WHERE state BETWEEN 2 AND 3 AND succeeded + failed + pending > 0
               AND NOT EXISTS (SELECT 1 FROM executions WHERE executions.job = jobs.job))
)sql";

Error damaged(std::string_view what) {
    return make_error(ErrorCode::internal, fmt::format("is damaged ({})", what));
}

// `number` of the query, or an error into `failed`, if there is none yet.
std::uint64_t counted(Database& database, const std::string& sql, std::optional<Error>& failed) {
    const auto number = failed ? Result<std::int64_t>(0) : database.number(sql);
    if (!number) {
        failed = damaged(database.complaint());
    }
    return number ? static_cast<std::uint64_t>(*number) : 0;
}

Result<void> check_pages(Database& database) {
    const auto checked = database.text("PRAGMA integrity_check(1)");
    if (!checked) {
        return damaged(database.complaint());
    }
    return *checked == "ok" ? Result<void>() : damaged(*checked);
}

}  // namespace

Result<StoreContents> verify(Database& database) {
    const auto version = identify(database);
    if (!version) {
        return version.error().code == ErrorCode::internal ? damaged(database.complaint()) : version.error();
    }
    if (auto checked = check_pages(database); !checked) {
        return checked.error();
    }
    const std::string living =
        *version >= kLeavesExecutions ? "WHERE job NOT IN (SELECT job FROM deleted_jobs)" : "";
    std::optional<Error> failed;
    const bool waits =
        *version >= kHasJournal && counted(database, "SELECT count(*) FROM journal", failed) > 0;
    const auto wrong = waits ? 0 : counted(database, fmt::format(kWrongJob, living), failed);
    StoreContents contents;
    contents.schema = *version;
    contents.devices = counted(database, "SELECT count(*) FROM devices", failed);
    contents.jobs = counted(database, "SELECT count(*) FROM jobs", failed);
    contents.running = counted(database, "SELECT count(*) FROM jobs WHERE state = 1", failed);
    contents.executions =
        counted(database, fmt::format("SELECT count(*) FROM executions {}", living), failed);
    contents.bytes =
        counted(database, "PRAGMA page_count", failed) * counted(database, "PRAGMA page_size", failed);
    if (failed) {
        return *failed;
    }
    if (wrong != 0) {
        return damaged(fmt::format("the tally of job {} is not that of its executions", wrong));
    }
    return contents;
}

}  // namespace muster::store::sqlite
