// The reads of store.hpp on one connection, the store's own or a reader's; pages of
// executions are in execution_pages.hpp.
//
// Threads: those of the Database.
#pragma once

#include "daemon/store/sqlite/database.hpp"
#include "daemon/store/store.hpp"

namespace muster::store::sqlite {

[[nodiscard]] Result<std::vector<core::Execution>> read_device_executions(Database& database,
                                                                          const DeviceId& device,
                                                                          JobId before, std::size_t most);
[[nodiscard]] Result<AuditPage> read_audit_page(Database& database, const AuditQuery& query);

}  // namespace muster::store::sqlite
