// Pages of a job's executions. A page looks at no more than ExecutionQuery::examined
// allows, so it is short where few of many pass a filter, and says where to go on.
//
// Threads: those of the Database.
#pragma once

#include "daemon/store/sqlite/database.hpp"
#include "daemon/store/store.hpp"

#include <functional>
#include <string>

namespace muster::store::sqlite {

[[nodiscard]] Result<ExecutionPage> read_executions(Database& database, const ExecutionQuery& query);

// The same, and every statement that it runs is told first: what tests look at.
using Told = std::function<void(const std::string& sql)>;
[[nodiscard]] Result<ExecutionPage> read_executions(Database& database, const ExecutionQuery& query,
                                                    const Told& told);

// In the order of ordinals, forwards.
[[nodiscard]] bool is_in_order(const ExecutionQuery& query) noexcept;
// And of all executions.
[[nodiscard]] bool is_plain(const ExecutionQuery& query) noexcept;

}  // namespace muster::store::sqlite
