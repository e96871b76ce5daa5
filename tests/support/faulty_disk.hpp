// A disk for SQLite that fails when a test says so, and remembers what it was
// told, so that a test can pull the plug at any step (disk_model.hpp). While one
// lives, every SQLite file opened in this process is on it, and it must outlive
// them; the few calls that the store makes beside SQLite (open to make a file,
// rename, unlink, fsync) pass by it too. One at a time. Syncs are not handed on
// to the real disk: a test has no power to lose.
//
// Threads: any, one call at a time; a lock sees to that.
#pragma once

#include "tests/support/disk_model.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::test {

enum class DiskCall {
    open,           // of a file that may have to be made
    read,           //
    write,          //
    truncate,       //
    sync,           //
    remove,         //
    lock,           //
    shared_memory,  // a piece of the index of SQLite's log is mapped
    rename,         //
    sync_names,     // of the directory
};
inline constexpr DiskCall kDiskCalls[] = {
    DiskCall::open,   DiskCall::read, DiskCall::write,  DiskCall::truncate,   DiskCall::sync,
    DiskCall::remove, DiskCall::lock, DiskCall::rename, DiskCall::sync_names, DiskCall::shared_memory};
[[nodiscard]] std::string_view to_string(DiskCall call) noexcept;

enum class DiskFailure {
    io_error,   // EIO
    no_space,   // ENOSPC
    read_only,  // EROFS
    lost_sync,  // EIO, and what the sync was to cover will never be on the disk, though it can be read
};
[[nodiscard]] std::string_view to_string(DiskFailure failure) noexcept;

struct DiskFault {
    DiskCall call = DiskCall::write;
    DiskFailure failure = DiskFailure::io_error;
    std::uint64_t after = 0;  // so many of these calls still work
    bool lasting = false;     // until heal(); else that one call alone
    unsigned quarters = 2;    // how much of a failing write is written all the same
    std::string only{};       // hits only files whose name ends so
};

class FaultyDisk {
public:
    FaultyDisk();
    ~FaultyDisk();
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;

    void arm(DiskFault fault);
    void heal() noexcept;
    // Calls that failed since it was armed.
    [[nodiscard]] std::uint64_t hits() const noexcept;

    // From the write after the next `writes` on there is no space.
    void full_after(std::uint64_t writes) { arm({DiskCall::write, DiskFailure::no_space, writes, true}); }
    void fail_syncs() { arm({DiskCall::sync, DiskFailure::io_error, 0, true}); }

    // Called before each call is made, with the name of the file.
    void watch(std::function<void(DiskCall, std::string_view)> watcher);

    // Syncs of files that were asked for, whether they worked or not.
    [[nodiscard]] std::uint64_t syncs() const noexcept;
    // Names of the files with bytes that no sync has covered.
    [[nodiscard]] std::string unsynced() const;

    // Every step from now on is remembered, names without their directory.
    void record();
    [[nodiscard]] const std::vector<DiskStep>& steps() const noexcept;
};

}  // namespace muster::test
