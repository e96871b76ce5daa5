#include "daemon/store/sqlite/job_rows.hpp"

#include "daemon/store/sqlite/job_texts.hpp"
#include "daemon/store/sqlite/row.hpp"

namespace muster::store::sqlite {

Result<void> put_job(Statement& statement, const core::Job& job) {
    const std::string selection = selection_text(job.spec.selection);
    const std::string operations = operations_text(job.spec.operations);
    const std::string policy = policy_text(job.spec.policy);
    const std::string outcomes = outcomes_text(job.outcomes);

    statement.bind(1, code_of(job.id));
    statement.bind(2, static_cast<std::int64_t>(job.revision));
    statement.bind(3, job.spec.name);
    statement.bind(4, job.spec.description);
    statement.bind(5, job.spec.set);
    statement.bind(6, selection);
    statement.bind(7, code_of(job.spec.type));
    statement.bind(8, operations);
    statement.bind(9, policy);
    statement.bind(10, code_of(job.state));
    statement.bind(11, job.template_name);
    statement.bind(12, static_cast<std::int64_t>(job.template_version));
    statement.bind(13, code_of(job.parent));
    statement.bind(14, static_cast<std::int64_t>(job.run_order));
    statement.bind(15, job.created_by);
    statement.bind(16, job.created_at);
    statement.bind(17, job.started_at);
    statement.bind(18, job.ended_at);
    statement.bind(19, std::int64_t{job.tally.succeeded});
    statement.bind(20, std::int64_t{job.tally.failed});
    statement.bind(21, std::int64_t{job.tally.pending});
    statement.bind(22, outcomes);
    statement.bind(23, job.request.key);
    statement.bind(24, job.request.digest);
    statement.bind(25, job.run_key);
    statement.bind(26, static_cast<std::int64_t>(job.epoch));
    return statement.run();
}

Result<core::Job> read_job(const Statement& statement) {
    Row row(statement);
    core::Job job;
    job.id = row.job(0);
    job.revision = row.number<std::uint64_t>(1);
    job.spec.name = row.text(2);
    job.spec.description = row.text(3);
    job.spec.set = row.text(4);
    row.check(read_selection(row.json(5), job.spec.selection));
    job.spec.type = row.code<core::JobType>(6);
    row.check(read_operations(row.json(7), job.spec.operations));
    row.check(read_policy(row.json(8), job.spec.policy));
    job.state = row.code<core::JobState>(9);
    job.template_name = row.text(10);
    job.template_version = row.number<std::uint64_t>(11);
    job.parent = row.job(12);
    job.run_order = row.number<std::uint64_t>(13);
    job.created_by = row.text(14);
    job.created_at = row.time(15);
    job.started_at = row.time(16);
    job.ended_at = row.time(17);
    job.tally.succeeded = row.number<std::uint32_t>(18);
    job.tally.failed = row.number<std::uint32_t>(19);
    job.tally.pending = row.number<std::uint32_t>(20);
    row.check(read_outcomes(row.json(21), job.outcomes));
    job.request = {row.text(22), row.text(23)};
    job.run_key = row.text(24);
    job.epoch = row.number<std::uint64_t>(25);
    return row.finish(std::move(job), "jobs");
}

}  // namespace muster::store::sqlite
