#include "daemon/store/sqlite/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace muster::store::sqlite {
namespace {

// For the moments in which another connection opens, closes or recovers the log.
constexpr int kBusyMilliseconds = 5000;

// Settings of every connection. synchronous: a commit is on the disk when it
// returns. secure_delete: Debian's default overwrites what is deleted. The
// cache (KiB) holds the pages that one batch of a large job touches. A log that
// one large job has grown is cut back at the next checkpoint (bytes).
constexpr const char* kSettings = R"sql(
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = OFF;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA foreign_keys = OFF;
    PRAGMA temp_store = MEMORY;
    PRAGMA mmap_size = 0;
    PRAGMA cache_size = -8192;
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA journal_size_limit = 16777216;
)sql";

}  // namespace

Error storage_error(sqlite3* handle) {
    const int code = sqlite3_extended_errcode(handle);
    switch (code & 0xff) {
        case SQLITE_FULL:
            return make_error(ErrorCode::unavailable,
                              "no space is left for the store: free some on its disk");
        case SQLITE_BUSY:
            return make_error(ErrorCode::unavailable, "the store is busy: try again");
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return make_error(ErrorCode::internal,
                              fmt::format("the store's file is damaged ({}): restore it from a backup",
                                          sqlite3_errmsg(handle)));
        default:
            return make_error(ErrorCode::internal, fmt::format("the store failed: {} (SQLite error {})",
                                                               sqlite3_errmsg(handle), code));
    }
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path) {
    sqlite3* handle = nullptr;
    const int code =
        sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    // After an error too there is a handle to close.
    std::unique_ptr<Database> database(new Database(handle));
    if (code != SQLITE_OK) {
        return storage_error(handle);
    }
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, kBusyMilliseconds);
    if (auto set = database->run(kSettings); !set) {
        return set.error();
    }
    return database;
}

Result<std::unique_ptr<Database>> Database::open_writer(const std::string& path) {
    auto database = open(path);
    if (database) {
        sqlite3_wal_hook((*database)->handle_, count_log_pages, database->get());
    }
    return database;
}

Result<std::unique_ptr<Database>> Database::open_reader(const std::string& path) {
    auto database = open(path);
    if (database) {
        (*database)->leave_log_behind();
        if (auto set = (*database)->run("PRAGMA query_only = ON"); !set) {
            return set.error();
        }
    }
    return database;
}

Database::~Database() {
    sqlite3_close(handle_);
}

Result<void> Database::run(const char* sql) {
    if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
        return storage_error(handle_);
    }
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &statement, nullptr) != SQLITE_OK) {
        return storage_error(handle_);
    }
    return Statement(statement);
}

Result<std::int64_t> Database::number(std::string_view sql) {
    auto statement = prepare(sql);
    if (!statement) {
        return statement.error();
    }
    const auto row = statement->step();
    if (!row) {
        return row.error();
    }
    return *row ? statement->number(0) : 0;
}

std::int64_t Database::changed_rows() const noexcept {
    return sqlite3_changes64(handle_);
}

void Database::roll_back() {
    // Some errors have ended the transaction already. If this fails too, the
    // next BEGIN says so.
    if (sqlite3_get_autocommit(handle_) == 0) {
        static_cast<void>(run("ROLLBACK"));
    }
}

int Database::count_log_pages(void* self, sqlite3*, const char*, int pages) noexcept {
    static_cast<Database*>(self)->log_pages_ = pages;
    return SQLITE_OK;
}

Result<void> Database::checkpoint() {
    const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return storage_error(handle_);
    }
    return {};
}

void Database::leave_log_behind() noexcept {
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

}  // namespace muster::store::sqlite
