// What the parts of the faulty disk share: SQLite's calls (faulty_vfs.cpp), those
// that the store makes by itself (faulty_calls.cpp), and the test's (faulty_disk.cpp).
//
// Threads: one.
#pragma once

#include "tests/support/faulty_disk.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace muster::test::faulty {

struct Disk {
    bool alive = false;
    std::optional<DiskFault> fault;
    std::uint64_t hits = 0;
    std::uint64_t syncs = 0;
    std::set<std::string> unsynced;
    bool recording = false;
    std::vector<DiskStep> steps;
    std::function<void(DiskCall, std::string_view)> watcher;
};
extern Disk disk;
// Guards it, for every thread that uses a file. The watcher is called with it held.
extern std::recursive_mutex disk_mutex;

[[nodiscard]] std::string base_name(const char* path);
void note(DiskStep step);
// Of bytes that a sync is needed for; a file without a name is SQLite's own affair.
void note_unsynced(const char* name, DiskStep step);
void note_write(const char* name, const void* bytes, std::size_t size, std::int64_t offset);

// The fault, with errno set, if it hits this call.
[[nodiscard]] std::optional<DiskFault> hit(DiskCall call, const char* name);
// False: it failed.
[[nodiscard]] bool sync_file(const char* name);

// faulty_vfs.cpp: SQLite's files are on this disk, or on the real one again.
void take_over();
void give_back();

}  // namespace muster::test::faulty
