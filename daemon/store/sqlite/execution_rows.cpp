#include "daemon/store/sqlite/execution_rows.hpp"

#include "daemon/store/sqlite/row.hpp"

namespace muster::store::sqlite {

std::string create_executions_sql(std::size_t rows) {
    std::string sql =
        "INSERT INTO executions (job, ordinal, device, state, phase, reason, operation, attempts, "
        "progress, message, old_values, late_code) VALUES ";
    for (std::size_t row = 0; row < rows; ++row) {
        sql += row == 0 ? "" : ", ";
        sql += "(?1, ?, ?, 0, 0, 0, 0, 0, 0, '', '', 0)";
    }
    return sql + " ON CONFLICT DO NOTHING";
}

Result<void> create_executions(Statement& statement, JobId job, std::uint32_t first,
                               std::span<const std::string> devices) {
    int parameter = 1;
    statement.bind(parameter++, code_of(job));
    for (const auto& device : devices) {
        statement.bind(parameter++, std::int64_t{first++});
        statement.bind(parameter++, device);
    }
    return statement.run();
}

Result<void> put_execution(Statement& statement, const core::Execution& execution) {
    statement.bind(1, code_of(execution.job));
    statement.bind(2, std::int64_t{execution.ordinal});
    statement.bind(3, code_of(execution.state));
    statement.bind(4, code_of(execution.phase));
    statement.bind(5, code_of(execution.reason));
    statement.bind(6, std::int64_t{execution.operation});
    statement.bind(7, std::int64_t{execution.attempts});
    statement.bind(8, std::int64_t{execution.progress});
    statement.bind(9, execution.message);
    statement.bind(10, execution.old_values);
    statement.bind(11, execution.turn_at);
    statement.bind(12, execution.first_sent_at);
    statement.bind(13, execution.last_sent_at);
    statement.bind(14, execution.not_before);
    if (statement.parameters() == 15) {  // what is Pending has not finished
        statement.bind(15, execution.finished_at);
    }
    return statement.run();
}

Result<void> put_late_answer(Statement& statement, const core::PutLateAnswer& answer) {
    statement.bind(1, code_of(answer.job));
    statement.bind(2, std::int64_t{answer.ordinal});
    statement.bind(3, answer.device.text());
    statement.bind(4, std::int64_t{answer.code});
    statement.bind(5, answer.at);
    statement.bind(6, std::int64_t{answer.operation});
    return statement.run();
}

Result<core::Execution> read_execution(const Statement& statement) {
    Row row(statement);
    core::Execution execution;
    execution.job = row.job(0);
    execution.ordinal = row.number<std::uint32_t>(1);
    execution.device = row.device(2);
    execution.state = row.code<core::ExecutionState>(3);
    execution.phase = row.code<core::Phase>(4);
    execution.reason = row.code<core::Reason>(5);
    execution.operation = row.number<std::uint16_t>(6);
    execution.attempts = row.number<std::uint16_t>(7);
    execution.progress = row.number<std::uint8_t>(8);
    execution.message = row.text(9);
    execution.old_values = row.text(10);
    execution.turn_at = row.time(11);
    execution.first_sent_at = row.time(12);
    execution.last_sent_at = row.time(13);
    execution.not_before = row.time(14);
    execution.finished_at = row.time(15);
    execution.late_code = row.number<std::int32_t>(16);
    execution.late_at = row.time(17);
    return row.finish(std::move(execution), "executions");
}

}  // namespace muster::store::sqlite
