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
// ordinals in order, and the one by state states too, so a page in those orders costs
// what it returns. Named in the query, since SQLite has no statistics to choose
// by. The conditions of the partial indexes must stand in the query as they stand
// in the schema.
std::string source_of(const ExecutionQuery& query) {
    const auto& filter = query.filter;
    if (filter.message && !filter.message->empty()) {
        return "executions INDEXED BY executions_by_message WHERE message <> '' AND";
    }
    if (filter.reason && *filter.reason != core::Reason::none) {
        return "executions INDEXED BY executions_by_reason WHERE reason <> 0 AND";
    }
    if (filter.state || query.sort == ExecutionSort::state) {
        return "executions INDEXED BY executions_by_state WHERE";
    }
    return "executions NOT INDEXED WHERE";
}

// A time that has not come is NULL, and counts as the epoch.
std::string_view key_of(ExecutionSort sort) {
    switch (sort) {
        case ExecutionSort::ordinal:
            return "";
        case ExecutionSort::device:
            return "device";
        case ExecutionSort::state:
            return "state";
        case ExecutionSort::attempts:
            return "attempts";
        case ExecutionSort::last_sent_at:
            return "ifnull(last_sent_at, 0)";
        case ExecutionSort::finished_at:
            return "ifnull(finished_at, 0)";
    }
    return "";
}

std::string executions_sql(const ExecutionQuery& query) {
    const auto key = key_of(query.sort);
    const auto* direction = query.descending ? "DESC" : "ASC";
    const auto from = !query.from ? std::string{}
                      : key.empty()
                          ? fmt::format(" AND ordinal {}= ?2", query.descending ? '<' : '>')
                          : fmt::format(" AND ({}, ordinal) {}= (?8, ?2)", key, query.descending ? '<' : '>');
    const auto& filter = query.filter;
    return fmt::format(
        "SELECT {} FROM {} job = ?1 AND NOT EXISTS (SELECT 1 FROM deleted_jobs WHERE job = ?1)"
        "{}{}{}{}{} ORDER BY {}ordinal {} LIMIT ?3",
        kExecutionColumns, source_of(query), from, filter.state ? " AND state = ?4" : "",
        filter.reason ? " AND reason = ?5" : "", filter.message ? " AND message = ?6" : "",
        filter.search.empty() ? "" : " AND instr(lower(device), lower(?7)) > 0",
        key.empty() ? std::string{} : fmt::format("{} {}, ", key, direction), direction);
}

void bind_executions(Statement& statement, const ExecutionQuery& query) {
    const auto& filter = query.filter;
    statement.bind(1, code_of(query.job));
    // One more than asked for, to know where the next page begins.
    statement.bind(3, limit_of(std::max(query.most, query.most + 1)));
    if (query.from) {
        statement.bind(2, std::int64_t{query.from->ordinal});
    }
    if (query.from && query.sort == ExecutionSort::device) {
        statement.bind(8, query.from->text);
    } else if (query.from && query.sort != ExecutionSort::ordinal) {
        statement.bind(8, query.from->number);
    }
    if (filter.state) {
        statement.bind(4, code_of(*filter.state));
    }
    if (filter.reason) {
        statement.bind(5, code_of(*filter.reason));
    }
    if (filter.message) {
        statement.bind(6, *filter.message);
    }
    if (!filter.search.empty()) {
        statement.bind(7, filter.search);
    }
}

}  // namespace

Result<ExecutionPage> read_executions(Database& database, const ExecutionQuery& query) {
    auto statement = database.prepare(executions_sql(query));
    if (!statement) {
        return statement.error();
    }
    bind_executions(*statement, query);
    ExecutionPage page;
    auto read = for_each_row(*statement, read_execution, [&](core::Execution&& execution) {
        if (page.items.size() < query.most) {
            page.items.push_back(std::move(execution));
        } else {
            page.next = position_of(execution, query.sort);
        }
    });
    if (!read) {
        return read.error();
    }
    return page;
}

Result<std::vector<core::Execution>> read_device_executions(Database& database, const DeviceId& device,
                                                            JobId before, std::size_t most) {
    auto statement = database.prepare(
        fmt::format("SELECT {} FROM executions WHERE device = ?1 AND job < ?2 "
                    "AND job NOT IN (SELECT job FROM deleted_jobs) ORDER BY job DESC, ordinal LIMIT ?3",
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

Result<AuditPage> read_audit_page(Database& database, const AuditQuery& query) {
    const auto last = database.number("SELECT ifnull(max(number), 0) FROM audit");
    const auto first = database.number("SELECT ifnull(min(number), 1) FROM audit");
    if (!last || !first) {
        return last ? first.error() : last.error();
    }
    const auto& filter = query.filter;
    auto statement = database.prepare(
        fmt::format("SELECT {} FROM audit WHERE number BETWEEN ?1 AND ?2{}{}{} ORDER BY number DESC LIMIT ?3",
                    kAuditColumns, filter.user ? " AND user = ?4" : "",
                    filter.action ? " AND action = ?5" : "", filter.subject ? " AND subject = ?6" : ""));
    if (!statement) {
        return statement.error();
    }
    const auto range =
        audit_range(query, static_cast<std::uint64_t>(*first), static_cast<std::uint64_t>(*last));
    statement->bind(1, limit_of(range.oldest));
    statement->bind(2, limit_of(range.newest));
    statement->bind(3, limit_of(query.most));
    auto parameter = 4;
    for (const auto* wanted : {&filter.user, &filter.action, &filter.subject}) {
        if (*wanted) {
            statement->bind(parameter, **wanted);
        }
        ++parameter;
    }
    AuditPage page;
    auto read = for_each_row(*statement, read_audit,
                             [&](NumberedAudit&& audit) { page.items.push_back(std::move(audit)); });
    if (!read) {
        return read.error();
    }
    page.next = next_of(page, query, range);
    return page;
}

}  // namespace muster::store::sqlite
