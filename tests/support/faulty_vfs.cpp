// SQLite's way to the faulty disk.
#include "tests/support/faulty_disk_state.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <unistd.h>
#include <utility>

namespace muster::test::faulty {
namespace {

struct System {
    sqlite3_vfs* real = nullptr;
    sqlite3_vfs vfs{};
};
System system_vfs;

// SQLite gives us szOsFile bytes: this, then the real file behind it.
struct File {
    sqlite3_file base;
    const char* name;  // SQLite keeps it while the file is open; null: a temporary file
    bool name_synced;

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

int real_write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    if (size == 0) {
        return SQLITE_OK;
    }
    note_write(ours(file)->name, bytes, static_cast<std::size_t>(size), offset);
    return forward<&sqlite3_io_methods::xWrite>(file, bytes, size, offset);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    if (const auto fault = hit(DiskCall::write, ours(file)->name)) {
        const int error = errno;
        static_cast<void>(real_write(file, bytes, size / 4 * static_cast<int>(fault->quarters), offset));
        errno = error;
        return error == ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    return real_write(file, bytes, size, offset);
}

int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
    if (hit(DiskCall::read, ours(file)->name).has_value()) {
        return SQLITE_IOERR_READ;
    }
    return forward<&sqlite3_io_methods::xRead>(file, to, size, offset);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (hit(DiskCall::truncate, ours(file)->name).has_value()) {
        return SQLITE_IOERR_TRUNCATE;
    }
    note_unsynced(ours(file)->name, {DiskStep::Kind::truncate, {}, {}, static_cast<std::uint64_t>(size), {}});
    return forward<&sqlite3_io_methods::xTruncate>(file, size);
}

int sync(sqlite3_file* file, int) {
    const char* name = ours(file)->name;
    if (name == nullptr) {
        return SQLITE_OK;
    }
    if (!sync_file(name)) {
        return SQLITE_IOERR_FSYNC;
    }
    // SQLite syncs the directory with the first sync of a journal or log, and
    // does not look whether that worked.
    if (!std::exchange(ours(file)->name_synced, true)) {
        note({DiskStep::Kind::sync_names});
    }
    return SQLITE_OK;
}

int close(sqlite3_file* file) {
    const int code = forward<&sqlite3_io_methods::xClose>(file);
    file->pMethods = nullptr;
    return code;
}

int lock(sqlite3_file* file, int level) {
    return hit(DiskCall::lock, ours(file)->name).has_value()
               ? SQLITE_IOERR_LOCK
               : forward<&sqlite3_io_methods::xLock>(file, level);
}

int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** to) {
    return hit(DiskCall::shared_memory, ours(file)->name).has_value()
               ? SQLITE_IOERR_SHMSIZE
               : forward<&sqlite3_io_methods::xShmMap>(file, page, size, extend, to);
}

int lock_shared(sqlite3_file* file, int offset, int n, int flags) {
    const bool taken = (flags & SQLITE_SHM_LOCK) != 0;
    return taken && hit(DiskCall::lock, ours(file)->name).has_value()
               ? SQLITE_IOERR_SHMLOCK
               : forward<&sqlite3_io_methods::xShmLock>(file, offset, n, flags);
}

using Methods = sqlite3_io_methods;
const Methods kMethods = {
    2,  // no memory mapping, so that every byte passes by here
    close,
    read,
    write,
    truncate,
    sync,
    [](sqlite3_file* f, sqlite3_int64* size) { return forward<&Methods::xFileSize>(f, size); },
    lock,
    [](sqlite3_file* f, int level) { return forward<&Methods::xUnlock>(f, level); },
    [](sqlite3_file* f, int* held) { return forward<&Methods::xCheckReservedLock>(f, held); },
    [](sqlite3_file* f, int what, void* with) { return forward<&Methods::xFileControl>(f, what, with); },
    [](sqlite3_file* f) { return forward<&Methods::xSectorSize>(f); },
    [](sqlite3_file* f) { return forward<&Methods::xDeviceCharacteristics>(f); },
    map_shared,
    lock_shared,
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
    const bool may_make = (flags & SQLITE_OPEN_CREATE) != 0;
    if (may_make && hit(DiskCall::open, name).has_value()) {
        return SQLITE_CANTOPEN;
    }
    const bool is_new = name != nullptr && may_make && ::access(name, F_OK) != 0;
    const int code = system_vfs.real->xOpen(system_vfs.real, name, ours(file)->real(), flags, opened_flags);
    if (code == SQLITE_OK) {
        ours(file)->base.pMethods = &kMethods;
        ours(file)->name = name;
        ours(file)->name_synced = !may_make;
        if (is_new) {
            note({DiskStep::Kind::make, base_name(name)});
        }
    }
    return code;
}

int remove(sqlite3_vfs*, const char* name, int sync_directory) {
    const auto fault = hit(DiskCall::remove, name);
    if (fault && fault->failure != DiskFailure::lost_sync) {
        return SQLITE_IOERR_DELETE;
    }
    const int code = system_vfs.real->xDelete(system_vfs.real, name, 0);
    if (code != SQLITE_OK) {
        return code;
    }
    note({DiskStep::Kind::remove, base_name(name)});
    if (fault) {
        return SQLITE_IOERR_DIR_FSYNC;
    }
    if (sync_directory != 0) {
        note({DiskStep::Kind::sync_names});
    }
    return SQLITE_OK;
}

}  // namespace

void take_over() {
    system_vfs.real = sqlite3_vfs_find(nullptr);
    system_vfs.vfs = *system_vfs.real;
    system_vfs.vfs.pNext = nullptr;
    system_vfs.vfs.zName = "faulty";
    system_vfs.vfs.szOsFile = static_cast<int>(sizeof(File)) + system_vfs.real->szOsFile;
    system_vfs.vfs.xOpen = open;
    system_vfs.vfs.xDelete = remove;
    sqlite3_vfs_register(&system_vfs.vfs, 1);
}

void give_back() {
    sqlite3_vfs_unregister(&system_vfs.vfs);
    sqlite3_vfs_register(system_vfs.real, 1);
}

}  // namespace muster::test::faulty
