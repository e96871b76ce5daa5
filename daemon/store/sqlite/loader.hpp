// Rows to the snapshot a starting engine needs.
//
// Threads: those of the Database.
#pragma once

#include "daemon/core/change.hpp"
#include "daemon/store/sqlite/database.hpp"

namespace muster::store::sqlite {

[[nodiscard]] Result<core::Snapshot> load_snapshot(Database& database);

}  // namespace muster::store::sqlite
