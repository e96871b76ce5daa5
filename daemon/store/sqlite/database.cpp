#include "daemon/store/sqlite/database.hpp"

#include "daemon/store/sqlite/file_error.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <system_error>
#include <utility>

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

// ", CAUSE", or "" without one.
std::string system_text(int error) {
    return error == 0 ? "" : ", " + std::generic_category().message(error);
}

StoreState state_of(int code, int cause) {
    switch (code & 0xff) {
        case SQLITE_FULL:
            return StoreState::full;
        case SQLITE_BUSY:
            return StoreState::busy;
        case SQLITE_READONLY:
            return StoreState::read_only;
        case SQLITE_OK:
        case SQLITE_ROW:
        case SQLITE_DONE:
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return StoreState::damaged;
        default:
            break;
    }
    // A file could not be made or made larger; nothing was written.
    const bool wants_room = (code & 0xff) == SQLITE_CANTOPEN || code == SQLITE_IOERR_SHMSIZE;
    if (wants_room && is_no_space(cause)) {
        return StoreState::full;
    }
    return cause == EROFS ? StoreState::read_only : StoreState::failing;
}

// `words` are SQLite's.
Error error_of(int code, int cause, const char* words, const char* file) {
    switch (state_of(code, cause)) {
        case StoreState::full:
            return make_error(ErrorCode::unavailable,
                              "no space is left for the store: free some on its disk");
        case StoreState::busy:
            return make_error(ErrorCode::unavailable, "the store is busy: try again");
        case StoreState::read_only:
            return make_error(ErrorCode::internal,
                              "the store's file system is read-only: mount it to be written again");
        case StoreState::damaged:
            return make_error(ErrorCode::internal, fmt::format("the store's file is damaged ({}): {}", words,
                                                               restore_advice(file == nullptr ? "" : file)));
        case StoreState::ok:
        case StoreState::failing:
            break;
    }
    return make_error(
        ErrorCode::internal,
        fmt::format("the store failed: {} (SQLite error {}{}): see what the kernel says of its disk", words,
                    code, system_text(cause)));
}

}  // namespace

StoreState storage_state(sqlite3* handle, int cause) {
    return state_of(sqlite3_extended_errcode(handle), cause == 0 ? sqlite3_system_errno(handle) : cause);
}

Error storage_error(sqlite3* handle, int cause) {
    return error_of(sqlite3_extended_errcode(handle), cause == 0 ? sqlite3_system_errno(handle) : cause,
                    sqlite3_errmsg(handle), sqlite3_db_filename(handle, "main"));
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, int access) {
    // Counting what it allocates would cost SQLite a lock each time. Refused when it is in use already.
    [[maybe_unused]] static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, access | SQLITE_OPEN_NOMUTEX, nullptr);
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
    auto database = open(path, SQLITE_OPEN_READWRITE);
    if (database) {
        sqlite3_wal_hook((*database)->handle_, count_log_pages, database->get());
    }
    return database;
}

Result<std::unique_ptr<Database>> Database::open_reader(const std::string& path) {
    auto database = open(path, SQLITE_OPEN_READWRITE);
    if (database) {
        (*database)->leave_log_behind();
        if (auto set = (*database)->run("PRAGMA query_only = ON"); !set) {
            return set.error();
        }
    }
    return database;
}

Result<std::unique_ptr<Database>> Database::open_source(const std::string& path) {
    auto database = open(path, SQLITE_OPEN_READONLY);
    if (database) {
        (*database)->leave_log_behind();
    }
    return database;
}

Database::~Database() {
    begin_ = Statement();  // or it would not close
    commit_ = Statement();
    sqlite3_close(handle_);
}

Result<void> Database::run(const char* sql) {
    errno = 0;
    if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
        return failure(errno);
    }
    return {};
}

Result<void> Database::run_kept(Statement& statement, std::string_view sql) {
    if (!statement) {
        auto prepared = prepare(sql);
        if (!prepared) {
            return prepared.error();
        }
        statement = std::move(*prepared);
    }
    errno = 0;  // of a COMMIT that fails SQLite does not keep the cause
    const auto done = statement.run();
    return done ? done : failure(errno);
}

// Of the call that has just failed.
Error Database::failure(int cause) {
    note_state(cause);
    return storage_error(handle_, cause);
}

void Database::note_state(int cause) {
    if (!state_) {
        state_ = storage_state(handle_, cause);
    }
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &statement, nullptr) != SQLITE_OK) {
        return storage_error(handle_);
    }
    return Statement(statement);
}

namespace {

// Of the first row; an empty value when there is none.
template <class Value, class Read>
Result<Value> first_value(Result<Statement> statement, Read read) {
    if (!statement) {
        return statement.error();
    }
    const auto row = statement->step();
    if (!row) {
        return row.error();
    }
    return *row ? Value(read(*statement)) : Value();
}

}  // namespace

Result<std::int64_t> Database::number(std::string_view sql) {
    return first_value<std::int64_t>(prepare(sql), [](Statement& row) { return row.number(0); });
}

Result<std::string> Database::text(std::string_view sql) {
    return first_value<std::string>(prepare(sql), [](Statement& row) { return row.text(0); });
}

std::string Database::complaint() const {
    return sqlite3_errmsg(handle_);
}

StoreState Database::take_state() noexcept {
    const auto before = std::exchange(state_, std::nullopt);
    return before ? *before : storage_state(handle_);
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
    auto* database = static_cast<Database*>(self);
    database->log_pages_ = pages;
    ++database->logged_;
    return SQLITE_OK;
}

Result<void> Database::leave_syncing_to_caller() {
    return run("PRAGMA synchronous = NORMAL");
}

sqlite3_file* Database::log_file() noexcept {
    sqlite3_file* log = nullptr;
    sqlite3_file_control(handle_, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    return log;
}

// As SQLite does it at each commit with synchronous = FULL.
Database::LogSync Database::sync_log(sqlite3_file* log) {
    errno = 0;
    const int code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
    const int cause = errno;
    if (code == SQLITE_OK) {
        return {};
    }
    return {error_of(code, cause, sqlite3_errstr(code), nullptr), state_of(code, cause)};
}

Result<int> Database::checkpoint() {
    int moved = 0;
    if (sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, &moved) !=
        SQLITE_OK) {
        return storage_error(handle_);
    }
    return moved;
}

void Database::leave_log_behind(bool leave) noexcept {
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leave ? 1 : 0, nullptr);
}

}  // namespace muster::store::sqlite
