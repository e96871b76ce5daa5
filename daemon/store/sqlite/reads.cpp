#include "daemon/store/sqlite/reads.hpp"

#include "daemon/store/sqlite/codes.hpp"
#include "daemon/store/sqlite/execution_rows.hpp"
#include "daemon/store/sqlite/registry_rows.hpp"
#include "daemon/store/sqlite/row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace muster::store::sqlite {
namespace {

constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

// SQLite's LIMIT for `most` rows; anything larger is no limit.
std::int64_t limit_of(std::size_t most) {
    return static_cast<std::int64_t>(std::min<std::uint64_t>(most, std::uint64_t{kHighest}));
}

// The access path that reads the fewest rows that the filter drops. Each gives
// ordinals in order, so a page costs what it returns. Named in the query, since
// SQLite has no statistics to choose by. The conditions of the partial indexes
// must stand in the query as they stand in the schema.
std::string executions_sql(const ExecutionFilter& filter) {
    std::string_view source = "executions NOT INDEXED";
    std::string_view condition;
    if (filter.message && !filter.message->empty()) {
        source = "executions INDEXED BY executions_by_message";
        condition = " AND message <> ''";
    } else if (filter.reason && *filter.reason != core::Reason::none) {
        source = "executions INDEXED BY executions_by_reason";
        condition = " AND reason <> 0";
    } else if (filter.state) {
        source = "executions INDEXED BY executions_by_state";
    }
    return fmt::format("SELECT {} FROM {} WHERE job = ?1 AND ordinal >= ?2{}{}{}{} ORDER BY ordinal LIMIT ?3",
                       kExecutionColumns, source, condition, filter.state ? " AND state = ?4" : "",
                       filter.reason ? " AND reason = ?5" : "", filter.message ? " AND message = ?6" : "");
}

}  // namespace

Result<ExecutionPage> read_executions(Database& database, JobId job, const ExecutionFilter& filter,
                                      std::uint32_t from, std::size_t most) {
    auto statement = database.prepare(executions_sql(filter));
    if (!statement) {
        return statement.error();
    }
    statement->bind(1, code_of(job));
    statement->bind(2, std::int64_t{from});
    // One more than asked for, to know where the next page begins.
    statement->bind(3, limit_of(most < std::numeric_limits<std::size_t>::max() ? most + 1 : most));
    if (filter.state) {
        statement->bind(4, code_of(*filter.state));
    }
    if (filter.reason) {
        statement->bind(5, code_of(*filter.reason));
    }
    if (filter.message) {
        statement->bind(6, *filter.message);
    }
    ExecutionPage page;
    auto read = for_each_row(*statement, read_execution, [&](core::Execution&& execution) {
        if (page.items.size() < most) {
            page.items.push_back(std::move(execution));
        } else {
            page.next = execution.ordinal;
        }
    });
    if (!read) {
        return read.error();
    }
    return page;
}

Result<std::vector<core::Execution>> read_device_executions(Database& database, const DeviceId& device,
                                                            JobId before, std::size_t most) {
    auto statement = database.prepare(fmt::format(
        "SELECT {} FROM executions WHERE device = ?1 AND job < ?2 ORDER BY job DESC, ordinal LIMIT ?3",
        kExecutionColumns));
    if (!statement) {
        return statement.error();
    }
    statement->bind(1, device.text());
    statement->bind(2, before == JobId::none ? kHighest : code_of(before));
    statement->bind(3, limit_of(most));
    std::vector<core::Execution> found;
    auto read = for_each_row(*statement, read_execution,
                             [&](core::Execution&& execution) { found.push_back(std::move(execution)); });
    if (!read) {
        return read.error();
    }
    return found;
}

Result<std::vector<NumberedAudit>> read_audit_page(Database& database, std::uint64_t before,
                                                   std::size_t most) {
    auto statement = database.prepare(kAuditPage);
    if (!statement) {
        return statement.error();
    }
    statement->bind(1, before == 0 ? kHighest : limit_of(before));
    statement->bind(2, limit_of(most));
    std::vector<NumberedAudit> found;
    auto read = for_each_row(*statement, read_audit,
                             [&](NumberedAudit&& audit) { found.push_back(std::move(audit)); });
    if (!read) {
        return read.error();
    }
    return found;
}

}  // namespace muster::store::sqlite
