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

}  // namespace

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
