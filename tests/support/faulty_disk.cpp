#include "tests/support/faulty_disk.hpp"

#include <sqlite3.h>

#include <cstring>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace muster::test {
namespace {

struct Disk {
    sqlite3_vfs* real = nullptr;
    sqlite3_vfs vfs{};
    std::optional<int> writes_left;
    bool syncs_fail = false;
    std::string only;
    int syncs = 0;
    std::set<std::string> unsynced;
    std::function<void(FaultyDisk::Call, std::string_view)> watcher;
};
Disk disk;

// SQLite gives us szOsFile bytes: this, then the real file behind it.
struct File {
    sqlite3_file base;
    const char* name;  // SQLite keeps it while the file is open

    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* ours(sqlite3_file* file) {
    return reinterpret_cast<File*>(file);
}

template <auto Method, class... Arguments>
int forward(sqlite3_file* file, Arguments... arguments) {
    sqlite3_file* real = ours(file)->real();
    return (real->pMethods->*Method)(real, arguments...);
}

std::string_view name_of(sqlite3_file* file) {
    return ours(file)->name == nullptr ? "" : ours(file)->name;
}

bool is_faulty(sqlite3_file* file) {
    return name_of(file).ends_with(disk.only);
}

void tell_watcher(FaultyDisk::Call call, sqlite3_file* file) {
    if (disk.watcher) {
        disk.watcher(call, name_of(file));
    }
}

void note_unsynced(sqlite3_file* file) {
    if (ours(file)->name != nullptr) {
        disk.unsynced.insert(ours(file)->name);
    }
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    tell_watcher(FaultyDisk::Call::write, file);
    note_unsynced(file);
    if (is_faulty(file) && disk.writes_left && (*disk.writes_left)-- <= 0) {
        static_cast<void>(forward<&sqlite3_io_methods::xWrite>(file, bytes, size / 2, offset));
        return SQLITE_FULL;
    }
    return forward<&sqlite3_io_methods::xWrite>(file, bytes, size, offset);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    note_unsynced(file);
    return forward<&sqlite3_io_methods::xTruncate>(file, size);
}

int sync(sqlite3_file* file, int flags) {
    tell_watcher(FaultyDisk::Call::sync, file);
    ++disk.syncs;
    if (is_faulty(file) && disk.syncs_fail) {
        return SQLITE_IOERR_FSYNC;
    }
    if (ours(file)->name != nullptr) {
        disk.unsynced.erase(ours(file)->name);
    }
    return forward<&sqlite3_io_methods::xSync>(file, flags);
}

int close(sqlite3_file* file) {
    const int code = forward<&sqlite3_io_methods::xClose>(file);
    file->pMethods = nullptr;
    return code;
}

using Methods = sqlite3_io_methods;
const Methods kMethods = {
    2,  // no memory mapping, so that every byte passes by here
    close,
    [](sqlite3_file* f, void* to, int n, sqlite3_int64 at) { return forward<&Methods::xRead>(f, to, n, at); },
    write,
    truncate,
    sync,
    [](sqlite3_file* f, sqlite3_int64* size) { return forward<&Methods::xFileSize>(f, size); },
    [](sqlite3_file* f, int level) { return forward<&Methods::xLock>(f, level); },
    [](sqlite3_file* f, int level) { return forward<&Methods::xUnlock>(f, level); },
    [](sqlite3_file* f, int* held) { return forward<&Methods::xCheckReservedLock>(f, held); },
    [](sqlite3_file* f, int what, void* with) { return forward<&Methods::xFileControl>(f, what, with); },
    [](sqlite3_file* f) { return forward<&Methods::xSectorSize>(f); },
    [](sqlite3_file* f) { return forward<&Methods::xDeviceCharacteristics>(f); },
    [](sqlite3_file* f, int page, int size, int extend, void volatile** to) {
        return forward<&Methods::xShmMap>(f, page, size, extend, to);
    },
    [](sqlite3_file* f, int offset, int n, int flags) {
        return forward<&Methods::xShmLock>(f, offset, n, flags);
    },
    [](sqlite3_file* f) {
        sqlite3_file* real = ours(f)->real();
        real->pMethods->xShmBarrier(real);
    },
    [](sqlite3_file* f, int remove) { return forward<&Methods::xShmUnmap>(f, remove); },
    nullptr,
    nullptr,
};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* opened_flags) {
    std::memset(file, 0, sizeof(File));
    const int code = disk.real->xOpen(disk.real, name, ours(file)->real(), flags, opened_flags);
    if (code == SQLITE_OK) {
        ours(file)->base.pMethods = &kMethods;
        ours(file)->name = name;
    }
    return code;
}

}  // namespace

FaultyDisk::FaultyDisk() {
    disk = Disk{};
    disk.real = sqlite3_vfs_find(nullptr);
    disk.vfs = *disk.real;
    disk.vfs.pNext = nullptr;
    disk.vfs.zName = "faulty";
    disk.vfs.szOsFile = static_cast<int>(sizeof(File)) + disk.real->szOsFile;
    disk.vfs.xOpen = open;
    sqlite3_vfs_register(&disk.vfs, 1);
}

FaultyDisk::~FaultyDisk() {
    sqlite3_vfs_unregister(&disk.vfs);
    sqlite3_vfs_register(disk.real, 1);
}

void FaultyDisk::full_after(int writes) noexcept {
    disk.writes_left = writes;
}
void FaultyDisk::free_space() noexcept {
    disk.writes_left.reset();
}
void FaultyDisk::fail_syncs(bool fail) noexcept {
    disk.syncs_fail = fail;
}
void FaultyDisk::watch(std::function<void(Call, std::string_view)> watcher) {
    disk.watcher = std::move(watcher);
}
void FaultyDisk::only(std::string name_end) {
    disk.only = std::move(name_end);
}
int FaultyDisk::syncs() const noexcept {
    return disk.syncs;
}

std::string FaultyDisk::unsynced() const {
    std::string names;
    for (const std::string& name : disk.unsynced) {
        names += name + " ";
    }
    return names;
}

}  // namespace muster::test
