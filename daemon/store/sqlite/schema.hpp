// What a store's file looks like, and how older ones are brought up to date.
//
// Threads: one at a time, on a Database to write.
#pragma once

#include "daemon/store/sqlite/database.hpp"
#include "protocol/result.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace muster::store::sqlite {

// In the header of the file (`file` and `sqlite3 … 'PRAGMA application_id'`
// show it): "Mstr".
inline constexpr std::int64_t kApplicationId = 0x4d737472;

struct Migration {
    const char* name;
    const char* sql;
};

// schema.sql, and migrations/ in order: applying the first n gives version n.
// Both ways lead to the same schema.
extern const char* const kSchema;
extern const std::span<const Migration> kMigrations;

// The version this program writes.
[[nodiscard]] std::int64_t schema_version() noexcept;

// Makes a new store at `path` with an operation key of its own. It gets its name
// when it is whole: a crash before leaves nothing that could be taken for a store.
// Error: unavailable (no space) or internal.
[[nodiscard]] Result<void> create_store(const std::string& path);

// The schema version of an existing file. Error: invalid (not a store of
// muster), conflict (written by a newer one), or those of storage_error.
[[nodiscard]] Result<std::int64_t> identify(Database& database);

// Applies the migrations after `version`, each in one transaction.
[[nodiscard]] Result<void> migrate(Database& database, std::int64_t version);

}  // namespace muster::store::sqlite
