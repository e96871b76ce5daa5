#include "daemon/store/sqlite/sqlite_store.hpp"

#include "daemon/store/sqlite/backup.hpp"
#include "daemon/store/sqlite/checkpointer.hpp"
#include "daemon/store/sqlite/database.hpp"
#include "daemon/store/sqlite/execution_pages.hpp"
#include "daemon/store/sqlite/file_error.hpp"
#include "daemon/store/sqlite/helper_thread.hpp"
#include "daemon/store/sqlite/journal.hpp"
#include "daemon/store/sqlite/loader.hpp"
#include "daemon/store/sqlite/lock_file.hpp"
#include "daemon/store/sqlite/log_file.hpp"
#include "daemon/store/sqlite/reads.hpp"
#include "daemon/store/sqlite/schema.hpp"
#include "daemon/store/sqlite/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <functional>
#include <iterator>
#include <limits>
#include <optional>
#include <unistd.h>
#include <utility>

namespace muster::store {
namespace {

namespace files = std::filesystem;
using sqlite::about;
using sqlite::Database;

class SqliteStore final : public Store {
public:
    SqliteStore(sqlite::LockFile lock, std::unique_ptr<Database> database, sqlite::Journal journal,
                std::unique_ptr<sqlite::Checkpointer> checkpointer, OpenOptions options)
        : lock_(std::move(lock)),
          database_(std::move(database)),
          journal_(std::move(journal)),
          checkpointer_(std::move(checkpointer)),
          syncer_(options.sync_aside ? std::make_unique<sqlite::HelperThread>() : nullptr),
          options_(options) {}
    // So that whoever opens the file next, with whatever, finds everything in the tables.
    ~SqliteStore() override {
        syncer_.reset();
        checkpointer_.reset();
        if (!failed_) {
            static_cast<void>(transact([&] { return journal_.settle(); }));
        }
    }
    SqliteStore(const SqliteStore&) = delete;
    SqliteStore& operator=(const SqliteStore&) = delete;

    Result<core::Snapshot> load() override {
        return guarded([&]() -> Result<core::Snapshot> {
            const auto settled = transact([&] { return journal_.settle(); });
            return settled ? sqlite::load_snapshot(*database_) : settled.error();
        });
    }
    Result<ExecutionPage> executions(const ExecutionQuery& query) override {
        return guarded([&] { return read_page(query); });
    }
    Result<std::vector<core::Execution>> device_executions(const DeviceId& device, JobId before,
                                                           std::size_t most) override {
        return guarded([&] { return read_of_device(device, before, most); });
    }
    Result<AuditPage> audit(const AuditQuery& query) override {
        return guarded([&] { return sqlite::read_audit_page(*database_, query); });
    }
    Result<void> commit(std::span<const core::Change> changes) override;
    Result<void> begin_commit(std::span<const core::Change> changes, std::function<void()> ready) override;
    Result<void> end_commit() override;
    Result<bool> tidy() override;
    StoreHealth health() const override { return health_; }

private:
    // Runs `call` unless the store has failed; after an error other than
    // unavailable it has. A failed write or fsync leaves the kernel's idea of
    // the file and the disk's apart, so nothing may be tried again on top of it.
    template <class Call>
    auto guarded(Call&& call) -> decltype(call()) {
        if (failed_) {
            return *failed_;
        }
        auto result = call();
        if (result) {
            health_ = {};
        } else {
            take(result.error());
        }
        return result;
    }
    void take(const Error& error) { take(error, database_->take_state()); }
    void take(const Error& error, StoreState state) {
        health_ = {state, error.message};
        if (has_failed(health_.state)) {
            failed_ = error;
            database_->leave_log_behind();
        }
    }
    // Runs `body` in a transaction, and tells the journal how that ended.
    template <class Body>
    Result<void> transact(Body&& body) {
        auto done = database_->transact(std::forward<Body>(body));
        journal_.ended(done.has_value());
        return done;
    }
    // Whether that left something to sync.
    Result<bool> write(std::span<const core::Change> changes);
    Result<void> finish(const Database::LogSync& synced);
    Result<ExecutionPage> read_page(const ExecutionQuery& query);
    Result<std::vector<core::Execution>> read_of_device(const DeviceId& device, JobId before,
                                                        std::size_t most);
    void checkpoint_when_due();
    // Whether the checkpointer is so far behind that it cannot be left to it.
    [[nodiscard]] bool is_far_behind();
    void close_log();

    sqlite::LockFile lock_;  // let go last
    std::unique_ptr<Database> database_;
    sqlite::Journal journal_;
    std::unique_ptr<sqlite::Checkpointer> checkpointer_;  // absent: not aside
    bool moving_ = false;                                 // it was begun for the log as it is
    bool closing_ = false;                                // with the last of it: nothing is committed before
    std::unique_ptr<sqlite::HelperThread> syncer_;        // absent: not aside
    bool syncing_ = false;                                // between begin_commit() and end_commit()
    Database::LogSync synced_;                            // the syncer's while it is at work
    OpenOptions options_;
    StoreHealth health_;
    std::optional<Error> failed_;
};

Result<bool> SqliteStore::write(std::span<const core::Change> changes) {
    close_log();
    const auto before = database_->logged();
    const auto written = guarded([&] { return transact([&] { return journal_.write(changes); }); });
    return written ? Result<bool>(database_->logged() != before) : written.error();
}

Result<void> SqliteStore::finish(const Database::LogSync& synced) {
    if (synced.error) {
        take(*synced.error, synced.state);
        return *synced.error;
    }
    if (failed_) {
        return *failed_;
    }
    checkpoint_when_due();
    return {};
}

Result<void> SqliteStore::commit(std::span<const core::Change> changes) {
    const auto written = write(changes);
    if (!written) {
        return written.error();
    }
    return finish(*written ? Database::sync_log(database_->log_file()) : Database::LogSync{});
}

Result<void> SqliteStore::begin_commit(std::span<const core::Change> changes, std::function<void()> ready) {
    if (!syncer_) {
        return Store::begin_commit(changes, std::move(ready));
    }
    const auto written = write(changes);
    if (!written) {
        return written.error();
    }
    synced_ = {};
    syncing_ = true;
    if (!*written) {
        ready();
        return {};
    }
    syncer_->begin([this, log = database_->log_file(), ready = std::move(ready)] {
        synced_ = Database::sync_log(log);
        ready();
    });
    return {};
}

Result<void> SqliteStore::end_commit() {
    if (!std::exchange(syncing_, false)) {
        return {};
    }
    syncer_->wait();
    return finish(synced_);
}

namespace {

constexpr auto kHighestOrdinal = std::numeric_limits<std::uint32_t>::max();

// Comes before all that a query asks for; another one for each number of executions that are made, since
// clients take a page that comes twice for a mistake.
ExecutionPosition beginning_of(const ExecutionQuery& query, std::uint32_t made) {
    using Number = std::numeric_limits<std::int64_t>;
    return query.descending ? ExecutionPosition{kHighestOrdinal - made, Number::max(), "~"}
                            : ExecutionPosition{made, Number::min(), {}};
}

bool is_at_beginning(const ExecutionQuery& query) {
    if (!query.from) {
        return true;
    }
    const auto beginning = beginning_of(query, 0);
    switch (query.sort) {
        case ExecutionSort::ordinal:
            return query.from->ordinal > kHighestOrdinal / 2;
        case ExecutionSort::device:
            return query.from->text == beginning.text;
        case ExecutionSort::state:
        case ExecutionSort::attempts:
        case ExecutionSort::last_sent_at:
        case ExecutionSort::finished_at:
            break;
    }
    return query.from->number == beginning.number;
}

}  // namespace

// A job that has just begun has executions that are not in the table yet. In the order of ordinals a page
// shows those that are; in another it is empty until all are there. The next goes on, a piece further.
Result<ExecutionPage> SqliteStore::read_page(const ExecutionQuery& query) {
    const bool in_order = sqlite::is_in_order(query);
    std::optional<std::uint32_t> missing_from;
    if (journal_.has_executions_of(query.job)) {
        do {
            const auto settled = transact([&]() -> Result<void> {
                const auto done = journal_.settle(query);
                missing_from = done ? *done : std::nullopt;
                return done ? Result<void>() : done.error();
            });
            if (!settled) {
                return settled.error();
            }
        } while (missing_from && !in_order && !is_at_beginning(query));
        checkpoint_when_due();
    }
    if (missing_from && !in_order) {
        return ExecutionPage{{}, beginning_of(query, *missing_from)};
    }
    auto page = sqlite::read_executions(*database_, query);
    if (page && missing_from && !page->next) {
        page->next = ExecutionPosition{*missing_from};
    }
    return page;
}

Result<std::vector<core::Execution>> SqliteStore::read_of_device(const DeviceId& device, JobId before,
                                                                 std::size_t most) {
    if (journal_.has_executions()) {
        if (const auto settled = transact([&] { return journal_.settle(device); }); !settled) {
            return settled.error();
        }
    }
    auto found = sqlite::read_device_executions(*database_, device, before, most);
    if (!found) {
        return found;
    }
    std::ranges::move(journal_.not_made(device, before), std::back_inserter(*found));
    std::ranges::stable_sort(*found, std::ranges::greater(), &core::Execution::job);
    found->resize(std::min(found->size(), most));
    return found;
}

// It need not wait for the disk: until it is there, so is what it has to do again.
Result<bool> SqliteStore::tidy() {
    close_log();
    bool more = false;
    auto tidied = guarded([&] {
        return transact([&]() -> Result<void> {
            auto done = journal_.tidy();
            if (done && !*done) {
                done = journal_.writer().tidy();
            }
            more = done ? *done : false;
            return done ? Result<void>() : done.error();
        });
    });
    if (!tidied) {
        return tidied.error();
    }
    checkpoint_when_due();
    return more;
}

// SQLite's own automatic checkpoint would keep its errors to itself. These
// changes are durable in the log whatever happens here; it is the next call
// that learns of a disk that fails. Without space the log stays, and grows.
void SqliteStore::checkpoint_when_due() {
    if (database_->log_pages() < options_.log_pages) {
        moving_ = false;  // all was moved, and the log has begun anew
        return;
    }
    if (checkpointer_ && !is_far_behind()) {
        return;
    }
    if (const auto done = database_->checkpoint(); !done && done.error().code != ErrorCode::unavailable) {
        take(done.error());
    }
}

// Pages that are moved while no commit may begin: a millisecond or two, and what the disk takes. All are
// moved at once should the thread be left so far behind that the log is several times as long as it is to be.
constexpr int kFewPages = 256;
constexpr int kLogsBehind = 4;

bool SqliteStore::is_far_behind() {
    if (checkpointer_->at_work()) {
        return false;
    }
    if (std::exchange(moving_, false)) {
        const auto& moved = checkpointer_->outcome();
        if (!moved.error && database_->log_pages() / kLogsBehind > options_.log_pages) {
            return true;
        }
        if (moved.error && moved.error->code != ErrorCode::unavailable) {
            take(*moved.error, moved.state);
            return false;
        }
        closing_ = !moved.error && database_->log_pages() - moved.pages <= kFewPages;
    }
    checkpointer_->begin();
    moving_ = true;
    return false;
}

// The log begins anew with the next commit, if nothing was written since by those who read.
void SqliteStore::close_log() {
    if (std::exchange(closing_, false)) {
        checkpointer_->wait();
    }
}

Result<void> make_if_missing(const std::string& path) {
    std::error_code error;
    if (files::exists(path, error) || error) {
        return {};
    }
    // SQLite would take this log for the new file's.
    if (files::exists(path + "-wal", error)) {
        return make_error(ErrorCode::internal,
                          fmt::format("{}: is missing, but its log {}-wal is there: restore the "
                                      "file from a backup with musterd restore FILE, or remove the log to "
                                      "begin anew",
                                      path, path));
    }
    return sqlite::create_store(path);
}

// A verified backup first: a migration cannot be undone, and an older musterd refuses
// what it leaves. It is removed when the migration fails, for then the store is as it
// was, and the next start makes it again.
Result<void> upgrade(const std::string& name, Database& database, std::int64_t version,
                     const OpenOptions& options) {
    const auto newest = sqlite::schema_version();
    if (version == newest) {
        return {};
    }
    const auto now = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    const auto backup = fmt::format("{}.v{}-{}.backup", name, version, sqlite::time_name(now));
    if (const auto made = back_up(name, backup, true); !made) {
        return make_error(made.error().code,
                          fmt::format("is of an older muster (schema {}, this one writes {}) and was not "
                                      "migrated, since the backup that is made first failed: {}",
                                      version, newest, made.error().message));
    }
    if (auto migrated = sqlite::migrate(database, version); !migrated) {
        ::unlink(backup.c_str());
        return migrated;
    }
    if (options.upgraded) {
        options.upgraded({version, newest, backup});
    }
    return {};
}

Result<void> use_log(Database& database) {
    auto statement = database.prepare("PRAGMA journal_mode = WAL");
    if (!statement) {
        return statement.error();
    }
    const sqlite::Rewind rewind(*statement);
    const auto row = statement->step();
    if (!row) {
        return row.error();
    }
    if (statement->text(0) != "wal") {
        return make_error(ErrorCode::invalid,
                          "is on a file system without shared memory: put the store on a local disk");
    }
    // The row comes before the change is written: only the end tells whether it was.
    const auto end = statement->step();
    return end ? Result<void>() : end.error();
}

}  // namespace

Result<std::unique_ptr<Store>> open(const std::string& path, OpenOptions options) {
    const auto real = sqlite::real_path(path);
    if (!real) {
        return real.error();
    }
    const std::string& name = real.value();
    auto lock = sqlite::LockFile::acquire(name + ".lock");
    if (!lock) {
        return lock.error();
    }
    if (const auto restored = sqlite::finish_restore(name); !restored) {
        return restored.error();
    }
    if (auto made = make_if_missing(name); !made) {
        return made.error();
    }
    if (auto kept = sqlite::keep_log(name); !kept) {
        return kept.error();
    }
    auto database = Database::open_writer(name);
    if (!database) {
        return about(name, database.error());
    }
    (*database)->leave_log_behind();  // what is refused stays as it is
    const auto version = sqlite::identify(**database);
    if (!version) {
        return about(name, version.error());
    }
    if (const auto upgraded = upgrade(name, **database, *version, options); !upgraded) {
        return about(name, upgraded.error());
    }
    if (const auto logged = use_log(**database); !logged) {
        return about(name, logged.error());
    }
    auto writer = sqlite::Writer::prepare(**database);
    if (!writer) {
        return about(name, writer.error());
    }
    auto journal =
        sqlite::Journal::open(**database, std::move(*writer), options.journaled, options.made_at_once);
    if (!journal) {
        return about(name, journal.error());
    }
    std::unique_ptr<sqlite::Checkpointer> checkpointer;
    if (options.checkpoint_aside) {
        auto started = sqlite::Checkpointer::start(name);
        if (!started) {
            return about(name, started.error());
        }
        checkpointer = std::move(*started);
    }
    if (auto left = (*database)->leave_syncing_to_caller(); !left) {
        return about(name, left.error());
    }
    (*database)->leave_log_behind(false);
    return std::unique_ptr<Store>(std::make_unique<SqliteStore>(
        std::move(*lock), std::move(*database), std::move(*journal), std::move(checkpointer), options));
}

Result<void> check_place(const std::string& path) {
    const auto real = sqlite::real_path(path);
    if (!real) {
        return real.error();
    }
    const std::string directory = files::path(*real).parent_path();
    if (::access(directory.c_str(), W_OK | X_OK) != 0) {
        return sqlite::file_error(directory, "written");
    }
    if (::access(real->c_str(), R_OK | W_OK) != 0 && errno != ENOENT) {
        return sqlite::file_error(*real, "written");
    }
    return {};
}

}  // namespace muster::store
