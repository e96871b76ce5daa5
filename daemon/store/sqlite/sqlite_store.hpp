// The store on a disk: one SQLite file in WAL mode, with its log (-wal, -shm)
// and its lock (.lock) beside it.
//
// Threads: as store.hpp says; one or two of its own, if asked for; a Store and any number of Readers may be
// used from a thread each.
#pragma once

#include "daemon/store/store.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace muster::store {

// A store of an older muster was brought up to date.
struct Upgrade {
    std::int64_t from = 0;  // schema versions
    std::int64_t to = 0;
    std::string backup;  // the file that holds it as it was
};

struct OpenOptions {
    // Pages (4 KiB) in the log before it is moved into the file. A longer log
    // makes reads and the next start slower, a shorter one writes the same page
    // more often: 16 MiB.
    int log_pages = 4096;
    // Changes that the journal lets wait (journal.hpp). The execution of a message that
    // was sent should wait longer than its answer takes, or its row is written twice
    // after all: twice the largest window, and a device for each.
    std::size_t journaled = 4096;
    // Executions of a job that began, made with each commit until all are there (journal.hpp): a
    // third of a millisecond.
    std::uint32_t made_at_once = 64;
    std::function<void(const Upgrade&)> upgraded{};  // told within open()
    // The log is moved by a thread of its own: no read waits for it, and commits only for its end.
    // Without, all that the store does to its disk is in one order, the same each time.
    bool checkpoint_aside = false;
    // Likewise: begin_commit() does not wait for the disk.
    bool sync_aside = false;
};

// Opens the store at `path`, or makes a new one (mode 0600) when there is none.
// The directory must exist. Finishes a restore that a crash interrupted. Migrates a
// store of an older muster, after a verified backup beside it, STORE.vN-TIME.backup,
// without which it does not. Error:
//   invalid      no such directory, or the file is not a store of muster
//   conflict     another process has it open, or a newer muster wrote it
//   unavailable  no space
//   internal     damaged or unreadable. It is left as it is and never replaced
//                by a new one: the operator restores a backup.
// Damage is found where it is read: reading the whole file at each start would
// take longer than the start may, so run `sqlite3 FILE 'PRAGMA quick_check'` on
// a file under suspicion.
[[nodiscard]] Result<std::unique_ptr<Store>> open(const std::string& path, OpenOptions options = {});

// Whether a store could be opened or made at `path`, as far as that can be told
// without touching anything. Errors: as open().
[[nodiscard]] Result<void> check_place(const std::string& path);

}  // namespace muster::store
