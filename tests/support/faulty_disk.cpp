#include "tests/support/faulty_disk.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <cstdarg>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <set>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

// The linker hands the store's own calls to these (--wrap, tests/support/CMakeLists.txt).
extern "C" {
int __real_open(const char* path, int flags, ...);
int __real_rename(const char* from, const char* to);
int __real_unlink(const char* path);
int __real_fsync(int descriptor);
ssize_t __real_pwrite(int descriptor, const void* bytes, size_t size, off_t offset);
int __wrap_open(const char* path, int flags, ...);
int __wrap_rename(const char* from, const char* to);
int __wrap_unlink(const char* path);
int __wrap_fsync(int descriptor);
ssize_t __wrap_pwrite(int descriptor, const void* bytes, size_t size, off_t offset);
}

namespace muster::test {
namespace {

struct Disk {
    bool alive = false;
    sqlite3_vfs* real = nullptr;
    sqlite3_vfs vfs{};
    std::optional<DiskFault> fault;
    std::uint64_t hits = 0;
    std::uint64_t syncs = 0;
    std::set<std::string> unsynced;
    bool recording = false;
    std::vector<DiskStep> steps;
};
Disk disk;

std::string base_name(const char* path) {
    return std::filesystem::path(path).filename().string();
}

void note(DiskStep step) {
    if (disk.recording) {
        disk.steps.push_back(std::move(step));
    }
}

// The fault, if it hits this call.
const DiskFault* hit(DiskCall call, const char* name) {
    if (!disk.alive || !disk.fault || disk.fault->call != call || name == nullptr ||
        !std::string_view(name).ends_with(disk.fault->only)) {
        return nullptr;
    }
    if (disk.fault->after > 0) {
        --disk.fault->after;
        return nullptr;
    }
    if (!disk.fault->lasting && disk.hits > 0) {
        return nullptr;
    }
    ++disk.hits;
    switch (disk.fault->failure) {
        case DiskFailure::io_error:
        case DiskFailure::lost_sync:
            errno = EIO;
            break;
        case DiskFailure::no_space:
            errno = ENOSPC;
            break;
        case DiskFailure::read_only:
            errno = EROFS;
            break;
    }
    return &*disk.fault;
}

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

void note_unsynced(const char* name, DiskStep step) {
    if (name != nullptr) {
        disk.unsynced.insert(name);
        step.name = base_name(name);
        note(std::move(step));
    }
}

void note_write(const char* name, const void* bytes, std::size_t size, std::int64_t offset) {
    note_unsynced(name, {DiskStep::Kind::write,
                         {},
                         {},
                         static_cast<std::uint64_t>(offset),
                         std::string(static_cast<const char*>(bytes), disk.recording ? size : 0)});
}

int real_write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    if (size == 0) {
        return SQLITE_OK;
    }
    note_write(ours(file)->name, bytes, static_cast<std::size_t>(size), offset);
    return forward<&sqlite3_io_methods::xWrite>(file, bytes, size, offset);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    if (const auto* fault = hit(DiskCall::write, ours(file)->name)) {
        const int error = errno;
        static_cast<void>(real_write(file, bytes, size / 4 * static_cast<int>(fault->quarters), offset));
        errno = error;
        return error == ENOSPC ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    return real_write(file, bytes, size, offset);
}

int read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
    if (hit(DiskCall::read, ours(file)->name) != nullptr) {
        return SQLITE_IOERR_READ;
    }
    return forward<&sqlite3_io_methods::xRead>(file, to, size, offset);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (hit(DiskCall::truncate, ours(file)->name) != nullptr) {
        return SQLITE_IOERR_TRUNCATE;
    }
    note_unsynced(ours(file)->name, {DiskStep::Kind::truncate, {}, {}, static_cast<std::uint64_t>(size), {}});
    return forward<&sqlite3_io_methods::xTruncate>(file, size);
}

// False: it failed.
bool sync_file(const char* name) {
    ++disk.syncs;
    if (const auto* fault = hit(DiskCall::sync, name)) {
        if (fault->failure == DiskFailure::lost_sync) {
            note({DiskStep::Kind::lose, base_name(name)});
        }
        return false;
    }
    disk.unsynced.erase(name);
    note({DiskStep::Kind::sync, base_name(name)});
    return true;
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
    return hit(DiskCall::lock, ours(file)->name) != nullptr
               ? SQLITE_IOERR_LOCK
               : forward<&sqlite3_io_methods::xLock>(file, level);
}

int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** to) {
    return hit(DiskCall::shared_memory, ours(file)->name) != nullptr
               ? SQLITE_IOERR_SHMSIZE
               : forward<&sqlite3_io_methods::xShmMap>(file, page, size, extend, to);
}

int lock_shared(sqlite3_file* file, int offset, int n, int flags) {
    const bool taken = (flags & SQLITE_SHM_LOCK) != 0;
    return taken && hit(DiskCall::lock, ours(file)->name) != nullptr
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
    if (may_make && hit(DiskCall::open, name) != nullptr) {
        return SQLITE_CANTOPEN;
    }
    const bool is_new = name != nullptr && may_make && ::access(name, F_OK) != 0;
    const int code = disk.real->xOpen(disk.real, name, ours(file)->real(), flags, opened_flags);
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
    const auto* fault = hit(DiskCall::remove, name);
    if (fault != nullptr && fault->failure != DiskFailure::lost_sync) {
        return SQLITE_IOERR_DELETE;
    }
    const int code = disk.real->xDelete(disk.real, name, 0);
    if (code != SQLITE_OK) {
        return code;
    }
    note({DiskStep::Kind::remove, base_name(name)});
    if (fault != nullptr) {
        return SQLITE_IOERR_DIR_FSYNC;
    }
    if (sync_directory != 0) {
        note({DiskStep::Kind::sync_names});
    }
    return SQLITE_OK;
}

}  // namespace

std::string_view to_string(DiskCall call) noexcept {
    switch (call) {
        case DiskCall::open:
            return "open";
        case DiskCall::read:
            return "read";
        case DiskCall::write:
            return "write";
        case DiskCall::truncate:
            return "truncate";
        case DiskCall::sync:
            return "sync";
        case DiskCall::remove:
            return "remove";
        case DiskCall::lock:
            return "lock";
        case DiskCall::shared_memory:
            return "shared_memory";
        case DiskCall::rename:
            return "rename";
        case DiskCall::sync_names:
            return "sync_names";
    }
    return "";
}

std::string_view to_string(DiskFailure failure) noexcept {
    switch (failure) {
        case DiskFailure::io_error:
            return "io_error";
        case DiskFailure::no_space:
            return "no_space";
        case DiskFailure::read_only:
            return "read_only";
        case DiskFailure::lost_sync:
            return "lost_sync";
    }
    return "";
}

FaultyDisk::FaultyDisk() {
    disk = Disk{};
    disk.alive = true;
    disk.real = sqlite3_vfs_find(nullptr);
    disk.vfs = *disk.real;
    disk.vfs.pNext = nullptr;
    disk.vfs.zName = "faulty";
    disk.vfs.szOsFile = static_cast<int>(sizeof(File)) + disk.real->szOsFile;
    disk.vfs.xOpen = open;
    disk.vfs.xDelete = remove;
    sqlite3_vfs_register(&disk.vfs, 1);
}

FaultyDisk::~FaultyDisk() {
    sqlite3_vfs_unregister(&disk.vfs);
    sqlite3_vfs_register(disk.real, 1);
    disk = Disk{};
}

void FaultyDisk::arm(DiskFault fault) {
    disk.hits = 0;
    disk.fault = std::move(fault);
}

void FaultyDisk::heal() noexcept {
    disk.fault.reset();
}

std::uint64_t FaultyDisk::hits() const noexcept {
    return disk.hits;
}

std::uint64_t FaultyDisk::syncs() const noexcept {
    return disk.syncs;
}

std::string FaultyDisk::unsynced() const {
    std::string names;
    for (const std::string& name : disk.unsynced) {
        names += name + " ";
    }
    return names;
}

void FaultyDisk::record() {
    disk.recording = true;
    disk.steps.clear();
}

const std::vector<DiskStep>& FaultyDisk::steps() const noexcept {
    return disk.steps;
}

}  // namespace muster::test

// ---- what the store does by itself --------------------------------------------------------------

using muster::test::DiskCall;
using muster::test::DiskStep;

int __wrap_open(const char* path, int flags, ...) {
    std::va_list arguments;
    va_start(arguments, flags);
    const auto mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    if ((flags & O_CREAT) == 0) {
        return __real_open(path, flags);
    }
    const bool is_new = ::access(path, F_OK) != 0;
    if (is_new && muster::test::hit(DiskCall::open, path) != nullptr) {
        return -1;
    }
    const int descriptor = __real_open(path, flags, mode);
    if (descriptor >= 0 && is_new) {
        muster::test::note({DiskStep::Kind::make, muster::test::base_name(path)});
    }
    return descriptor;
}

int __wrap_rename(const char* from, const char* to) {
    if (muster::test::hit(DiskCall::rename, from) != nullptr) {
        return -1;
    }
    const int code = __real_rename(from, to);
    if (code == 0) {
        muster::test::note(
            {DiskStep::Kind::rename, muster::test::base_name(from), muster::test::base_name(to)});
    }
    return code;
}

int __wrap_unlink(const char* path) {
    const int code = __real_unlink(path);
    if (code == 0) {
        muster::test::note({DiskStep::Kind::remove, muster::test::base_name(path)});
    }
    return code;
}

namespace {
std::string path_of(int descriptor) {
    return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor)).string();
}
}  // namespace

int __wrap_fsync(int descriptor) {
    if (!muster::test::disk.alive) {
        return __real_fsync(descriptor);
    }
    const std::string path = path_of(descriptor);
    if (!std::filesystem::is_directory(path)) {
        return muster::test::sync_file(path.c_str()) ? 0 : -1;
    }
    if (muster::test::hit(DiskCall::sync_names, path.c_str()) != nullptr) {
        return -1;
    }
    muster::test::note({DiskStep::Kind::sync_names});
    return 0;
}

ssize_t __wrap_pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
    if (!muster::test::disk.alive) {
        return __real_pwrite(descriptor, bytes, size, offset);
    }
    const std::string path = path_of(descriptor);
    if (muster::test::hit(DiskCall::write, path.c_str()) != nullptr) {
        return -1;
    }
    muster::test::note_write(path.c_str(), bytes, size, offset);
    return __real_pwrite(descriptor, bytes, size, offset);
}
