// A restore has one moment at which it is decided: when the copy, whole and verified,
// is renamed to STORE.restoring. Before it the old store is untouched; after it
// whoever opens the store next, under its lock, moves the old one aside and the copy
// into its place, from wherever a crash left off. So at no moment can a store be opened
// with another's log, or a new one be made where one is missing.
#include "daemon/core/restoration.hpp"
#include "daemon/store/sqlite/backup.hpp"
#include "daemon/store/sqlite/durable_file.hpp"
#include "daemon/store/sqlite/file_error.hpp"
#include "daemon/store/sqlite/journal.hpp"
#include "daemon/store/sqlite/loader.hpp"
#include "daemon/store/sqlite/lock_file.hpp"
#include "daemon/store/sqlite/schema.hpp"
#include "daemon/store/sqlite/verify.hpp"
#include "daemon/store/sqlite/writer.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace muster::store {
namespace {

namespace files = std::filesystem;
using sqlite::about;
using sqlite::Database;

std::string decided(const std::string& store) {
    return store + ".restoring";
}

bool exists(const std::string& path) {
    std::error_code error;
    return files::exists(files::symlink_status(path, error));
}

Result<std::string> backup_of(const std::string& file, const std::string& store) {
    auto backup = sqlite::real_path(file);
    if (!backup) {
        return backup;
    }
    std::error_code error;
    if (!files::is_regular_file(*backup, error)) {
        return make_error(ErrorCode::not_found, fmt::format("{}: there is no such file", *backup));
    }
    if (files::equivalent(*backup, store, error)) {
        return make_error(ErrorCode::invalid, fmt::format("{}: is the store itself", *backup));
    }
    if (files::file_size(*backup + "-wal", error) > 0 && !error) {
        return make_error(ErrorCode::invalid,
                          fmt::format("{0}: has a log beside it, {0}-wal, so it is a store and no backup: "
                                      "make one of it with musterd --set store.path={0} backup FILE",
                                      *backup));
    }
    return backup;
}

// Highest job id that the store which is replaced has given; 0 when it cannot say.
// Numbers of jobs are what people and scripts know them by.
std::int64_t last_job_of(const std::string& store) {
    if (!exists(store)) {
        return 0;
    }
    const auto old = Database::open_source(store);
    if (!old || !sqlite::identify(**old)) {
        return 0;
    }
    const auto last = (*old)->number("SELECT last_job FROM gateway");
    return last ? *last : 0;
}

Result<std::int64_t> new_epoch() {
    if (sodium_init() < 0) {
        return make_error(ErrorCode::internal, "the system gives no random bytes");
    }
    std::uint64_t random = 0;
    randombytes_buf(&random, sizeof random);
    return static_cast<std::int64_t>(random >> 1) | 1;  // SQLite's numbers have a sign; never 0
}

Result<void> begin_life(Database& database, std::int64_t last_job) {
    const auto epoch = new_epoch();
    if (!epoch) {
        return epoch.error();
    }
    auto statement = database.prepare("UPDATE gateway SET epoch = ?, last_job = max(last_job, ?)");
    if (!statement) {
        return statement.error();
    }
    statement->bind(1, *epoch);
    statement->bind(2, last_job);
    return statement->run();
}

// What core/restoration.hpp ends. Answers how many executions that were.
Result<std::size_t> end_doubtful(Database& database, const std::string& file, TimePoint now) {
    const auto snapshot = sqlite::load_snapshot(database);
    if (!snapshot) {
        return snapshot.error();
    }
    auto changes = core::after_restore(*snapshot, now);
    const auto uncertain = std::ranges::count_if(
        changes, [](const auto& change) { return std::holds_alternative<core::PutExecution>(change); });
    changes.emplace_back(core::AuditEntry{now, "(restore)", "store/restore", file, {}});
    auto writer = sqlite::Writer::prepare(database);
    if (!writer) {
        return writer.error();
    }
    for (const auto& change : changes) {
        if (auto applied = writer->apply(change); !applied) {
            return applied.error();
        }
    }
    return static_cast<std::size_t>(uncertain);
}

// Makes the copy the store that a new life begins with. It is left without a log.
Result<Restored> prepare(const std::string& copy, const std::string& file, std::int64_t last_job,
                         TimePoint now) {
    const auto broken = [&](const Error& error) {
        return error.code == ErrorCode::internal
                   ? make_error(ErrorCode::invalid,
                                fmt::format("{}: the backup {}: restore another; the store is as it was",
                                            file, error.message))
                   : about(file, error);
    };
    auto database = Database::open_writer(copy);
    if (!database) {
        // What it says of a damaged file is meant for the store, and names the copy.
        return database.error().code == ErrorCode::internal
                   ? broken(make_error(ErrorCode::internal, "is damaged and cannot be read as a store"))
                   : about(file, database.error());
    }
    if (const auto closed = (*database)->run("PRAGMA journal_mode = DELETE"); !closed) {
        return broken(
            make_error(ErrorCode::internal, fmt::format("is damaged ({})", (*database)->complaint())));
    }
    auto contents = sqlite::verify(**database);
    if (!contents) {
        return broken(contents.error());
    }
    Restored restored{*contents, {}, 0};
    if (const auto migrated = sqlite::migrate(**database, contents->schema); !migrated) {
        return about(file, migrated.error());
    }
    auto writer = sqlite::Writer::prepare(**database);
    const auto settled = writer ? sqlite::Journal::open(**database, std::move(*writer))
                                : Result<sqlite::Journal>(writer.error());
    if (!settled) {
        return broken(settled.error());
    }
    if (settled->replayed()) {
        if (const auto whole = sqlite::verify(**database); !whole) {
            return broken(whole.error());
        }
    }
    const auto done = (*database)->transact([&]() -> Result<void> {
        if (auto begun = begin_life(**database, last_job); !begun) {
            return begun;
        }
        const auto uncertain = end_doubtful(**database, file, now);
        restored.uncertain = uncertain ? *uncertain : 0;
        return uncertain ? Result<void>() : uncertain.error();
    });
    return done ? Result<Restored>(restored) : about(file, done.error());
}

std::string kept_name(const std::string& store, std::int64_t seconds) {
    return fmt::format("{}.{}.replaced", store, sqlite::time_name(TimePoint{Seconds(seconds)}));
}

// Dates the copy, and with it the name under which the old store is kept: one that
// no earlier one has.
Result<void> date(sqlite::UnfinishedFile& copy, const std::string& store, TimePoint now) {
    auto seconds = std::chrono::floor<Seconds>(now).time_since_epoch().count();
    while (exists(kept_name(store, seconds)) || exists(kept_name(store, seconds) + "-wal")) {
        ++seconds;
    }
    return copy.set_time(seconds);
}

Result<void> move_aside(const std::string& from, const std::string& to) {
    return exists(from) ? sqlite::rename_durably(from, to) : Result<void>();
}

}  // namespace

namespace sqlite {

Result<std::string> finish_restore(const std::string& store) {
    const std::string copy = decided(store);
    struct stat about_copy {};
    if (::stat(copy.c_str(), &about_copy) != 0) {
        return std::string();
    }
    // The same name each time that this is tried, so that store and log stay together.
    const std::string kept = kept_name(store, about_copy.st_mtime);
    const bool was_there = exists(store) || exists(kept);
    if (auto moved = move_aside(store + "-wal", kept + "-wal"); !moved) {
        return moved.error();
    }
    if (auto moved = move_aside(store, kept); !moved) {
        return moved.error();
    }
    ::unlink((store + "-shm").c_str());  // an index of the log, made anew when it is missing
    ::unlink((store + "-journal").c_str());
    if (auto named = rename_durably(copy, store); !named) {
        return named.error();
    }
    return was_there ? kept : std::string();
}

}  // namespace sqlite

Result<Restored> restore(const std::string& file, const std::string& path, TimePoint now) {
    const auto store = sqlite::real_path(path);
    if (!store) {
        return store.error();
    }
    const auto backup = backup_of(file, *store);
    if (!backup) {
        return backup.error();
    }
    const auto lock = sqlite::LockFile::acquire(*store + ".lock");
    if (!lock) {
        return lock.error();
    }
    // An earlier one that a crash interrupted: what it brought is a store like any other.
    if (const auto finished = sqlite::finish_restore(*store); !finished) {
        return finished.error();
    }
    auto copy = sqlite::UnfinishedFile::make(*store + ".restoring.unfinished");
    if (!copy) {
        return copy.error();
    }
    if (const auto copied = copy->copy_from(*backup); !copied) {
        return copied.error();
    }
    auto restored = prepare(copy->path(), *backup, last_job_of(*store), now);
    if (!restored) {
        return restored;
    }
    if (const auto given = copy->give_to_owner_of_folder(); !given) {
        return given.error();
    }
    if (const auto dated = date(*copy, *store, now); !dated) {
        return dated.error();
    }
    if (const auto synced = copy->sync(); !synced) {
        return synced.error();
    }
    if (const auto ready = copy->finish(decided(*store), true); !ready) {
        return ready.error();
    }
    auto kept = sqlite::finish_restore(*store);
    if (!kept) {
        return kept.error();
    }
    restored->kept = std::move(*kept);
    return restored;
}

}  // namespace muster::store
