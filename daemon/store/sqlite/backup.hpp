// Backups of a store: made while musterd works on it, and put back.
//
// How a backup is made: VACUUM INTO, on a connection that SQLite keeps from writing
// to the store. That is one read transaction, a snapshot in the write-ahead log: the
// daemon commits on meanwhile, and only its log cannot be begun anew until the copy is
// made. (SQLite's backup API would begin again with each of the daemon's commits, or
// copy free pages too and leave a file in WAL mode.) What comes out is one file with
// nothing beside it, without free pages, and every table has been read.
//
// Threads: any, one call at a time for a store.
#pragma once

#include "protocol/result.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <string>

namespace muster::store {

struct StoreContents {
    std::int64_t schema = 0;
    std::uint64_t devices = 0;
    std::uint64_t jobs = 0;
    std::uint64_t running = 0;  // of the jobs
    std::uint64_t executions = 0;
    std::uint64_t bytes = 0;
};

// Copies the store at `path` to `file` (mode 0600). The file has its name when it is
// whole, verified and on the disk; until then it is FILE.unfinished, which a crash
// may leave, and the next backup to the same place replaces. An existing file is
// replaced, at once, only when asked for. Error:
//   not_found    there is no store
//   invalid      `file` cannot be one, or `path` is no store of muster
//   conflict     `file` is there, or being written; the store is of a newer muster
//   unavailable  no space
//   internal     the store or the disk is damaged
[[nodiscard]] Result<StoreContents> back_up(const std::string& path, const std::string& file, bool replace);

struct Restored {
    StoreContents contents;
    std::string kept;           // where the store that was there is now; empty: there was none
    std::size_t uncertain = 0;  // executions of commands that Failed, as they may have run since
};

// Puts the backup in the place of the store at `path`, if there is one. It is copied
// and verified first; the old store is kept under a name with the time in it. A crash
// leaves the old store, or a restore that the next start of musterd finishes
// (finish_restore). What is run from then on has operation ids of its own
// (core/restoration.hpp). Error: as back_up(), and
//   conflict     musterd is using the store
[[nodiscard]] Result<Restored> restore(const std::string& file, const std::string& path, TimePoint now);

namespace sqlite {

// For whoever has the store's lock. Where the store that is replaced goes; empty when
// there was no restore to finish.
[[nodiscard]] Result<std::string> finish_restore(const std::string& store);

// "20261129T083154Z", part of file names.
[[nodiscard]] std::string time_name(TimePoint time);

// One name for one file, whatever links lead to it; absolute, so that SQLite takes it
// for a file name and nothing else. Error: invalid (no such directory).
[[nodiscard]] Result<std::string> real_path(const std::string& path);

// The error, with the file's name before it.
[[nodiscard]] Error about(const std::string& path, const Error& error);

}  // namespace sqlite

}  // namespace muster::store
