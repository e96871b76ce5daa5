// Whether a file is a whole store: what a backup must pass before it has its name,
// and again before it takes a store's place.
//
// Threads: those of the Database.
#pragma once

#include "daemon/store/sqlite/backup.hpp"
#include "daemon/store/sqlite/database.hpp"

namespace muster::store::sqlite {

// Reads every page: SQLite's integrity_check, application_id and user_version, and
// that each job that ended has the executions that its tally counts, none missing; this
// last not before the journal is settled.
// Error: internal with the first thing that is wrong, without the file's name; as
// identify().
[[nodiscard]] Result<StoreContents> verify(Database& database);

}  // namespace muster::store::sqlite
