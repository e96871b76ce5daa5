// One connection to a SQLite file, and what its errors mean for the caller.
//
// Threads: one at a time. Several connections to one file may live on several
// threads, but one alone writes (the store's), and one at a time checkpoints.
#pragma once

#include "daemon/store/sqlite/statement.hpp"
#include "daemon/store/store.hpp"
#include "protocol/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_file;

namespace muster::store::sqlite {

// The connection's last error: unavailable when there is no space or another
// connection is in the way (nothing was changed; later calls may succeed), else
// internal (the file or the disk is not to be trusted).
// `cause` is the errno behind it, for where SQLite does not keep it.
[[nodiscard]] Error storage_error(sqlite3* handle, int cause = 0);
// What that error makes of the store; damaged when SQLite saw none, for then it
// was a row that made no sense.
[[nodiscard]] StoreState storage_state(sqlite3* handle, int cause = 0);

class Database {
public:
    // Opens an existing file (an absolute path) to write, or to read only.
    // A reader leaves nothing behind, whenever it closes.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open_writer(const std::string& path);
    [[nodiscard]] static Result<std::unique_ptr<Database>> open_reader(const std::string& path);
    // To copy from, or to look through: SQLite itself keeps this connection from
    // writing to the file, and it writes what it is told to elsewhere.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open_source(const std::string& path);

    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    // Every statement of `sql`.
    [[nodiscard]] Result<void> run(const char* sql);
    // One statement, to be used many times.
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    // First column of the first row: for pragmas.
    [[nodiscard]] Result<std::int64_t> number(std::string_view sql);

    // First column of the first row; empty without one.
    [[nodiscard]] Result<std::string> text(std::string_view sql);
    // SQLite's words for the last error.
    [[nodiscard]] std::string complaint() const;

    // Runs `body`, which returns Result<void>, in one transaction: all of it is
    // durable when this returns success (but see leave_syncing_to_caller), and none of it is there otherwise.
    template <class Body>
    [[nodiscard]] Result<void> transact(Body&& body) {
        if (auto begun = run_kept(begin_, "BEGIN IMMEDIATE"); !begun) {
            return begun;
        }
        Result<void> done = body();
        if (done) {
            done = run_kept(commit_, "COMMIT");
        }
        if (!done) {
            note_state(0);
            roll_back();
        }
        return done;
    }
    // Of the last call that failed: what it makes of the store.
    [[nodiscard]] StoreState take_state() noexcept;
    // Rows that the last statement changed.
    [[nodiscard]] std::int64_t changed_rows() const noexcept;

    // What is committed from here on is durable once sync_log() has succeeded. A process that ends leaves
    // it behind all the same; what SQLite needs for the file to stay whole it syncs itself.
    [[nodiscard]] Result<void> leave_syncing_to_caller();
    // Transactions that had something to write to the log.
    [[nodiscard]] std::uint64_t logged() const noexcept { return logged_; }
    struct LogSync {
        std::optional<Error> error{};
        StoreState state = StoreState::ok;  // what the error makes of the store
    };
    // The log's file, while this connection is open.
    [[nodiscard]] sqlite3_file* log_file() noexcept;
    // All that was committed before is durable when this returns without an error. On any thread, while
    // the connection is used on its own.
    [[nodiscard]] static LogSync sync_log(sqlite3_file* log);

    // Pages in the write-ahead log as of the last commit.
    [[nodiscard]] int log_pages() const noexcept { return log_pages_; }
    // Moves the log's pages to the file, as far as readers allow: how many, from its beginning.
    [[nodiscard]] Result<int> checkpoint();
    // Closing writes nothing any more: what is on the disk stays as it is. Or it
    // moves the log to the file and removes it, as at first.
    void leave_log_behind(bool leave = true) noexcept;

private:
    explicit Database(sqlite3* handle) noexcept : handle_(handle) {}
    static Result<std::unique_ptr<Database>> open(const std::string& path, int access);
    // As run(), of one statement that `statement` keeps: SQLite's parser wants 4 KiB each time.
    [[nodiscard]] Result<void> run_kept(Statement& statement, std::string_view sql);
    [[nodiscard]] Error failure(int cause);
    void roll_back();
    void note_state(int cause);
    static int count_log_pages(void* self, sqlite3*, const char* schema, int pages) noexcept;

    sqlite3* handle_;
    Statement begin_;
    Statement commit_;
    int log_pages_ = 0;
    std::uint64_t logged_ = 0;
    std::optional<StoreState> state_;  // of the first error that was not taken yet
};

}  // namespace muster::store::sqlite
