// The reads of store.hpp on one connection: the store's own, or a reader's.
//
// Threads: those of the Database.
#pragma once

#include "daemon/store/sqlite/database.hpp"
#include "daemon/store/store.hpp"

namespace muster::store::sqlite {

[[nodiscard]] Result<ExecutionPage> read_executions(Database& database, JobId job,
                                                    const ExecutionFilter& filter, std::uint32_t from,
                                                    std::size_t most);
[[nodiscard]] Result<std::vector<core::Execution>> read_device_executions(Database& database,
                                                                          const DeviceId& device,
                                                                          JobId before, std::size_t most);
[[nodiscard]] Result<std::vector<NumberedAudit>> read_audit_page(Database& database, std::uint64_t before,
                                                                 std::size_t most);

}  // namespace muster::store::sqlite
