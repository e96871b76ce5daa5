// The store's own calls of the system, on their way to the faulty disk.
#include "tests/support/faulty_disk_state.hpp"

#include <cstdarg>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

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

using muster::test::DiskCall;
using muster::test::DiskStep;
namespace faulty = muster::test::faulty;

int __wrap_open(const char* path, int flags, ...) {
    std::va_list arguments;
    va_start(arguments, flags);
    const auto mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    if ((flags & O_CREAT) == 0) {
        return __real_open(path, flags);
    }
    const bool is_new = ::access(path, F_OK) != 0;
    if (is_new && faulty::hit(DiskCall::open, path).has_value()) {
        return -1;
    }
    const int descriptor = __real_open(path, flags, mode);
    if (descriptor >= 0 && is_new) {
        faulty::note({DiskStep::Kind::make, faulty::base_name(path)});
    }
    return descriptor;
}

int __wrap_rename(const char* from, const char* to) {
    if (faulty::hit(DiskCall::rename, from).has_value()) {
        return -1;
    }
    const int code = __real_rename(from, to);
    if (code == 0) {
        faulty::note({DiskStep::Kind::rename, faulty::base_name(from), faulty::base_name(to)});
    }
    return code;
}

int __wrap_unlink(const char* path) {
    const int code = __real_unlink(path);
    if (code == 0) {
        faulty::note({DiskStep::Kind::remove, faulty::base_name(path)});
    }
    return code;
}

namespace {
std::string path_of(int descriptor) {
    return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor)).string();
}
}  // namespace

int __wrap_fsync(int descriptor) {
    if (!faulty::disk.alive) {
        return __real_fsync(descriptor);
    }
    const std::string path = path_of(descriptor);
    if (!std::filesystem::is_directory(path)) {
        return faulty::sync_file(path.c_str()) ? 0 : -1;
    }
    if (faulty::hit(DiskCall::sync_names, path.c_str()).has_value()) {
        return -1;
    }
    faulty::note({DiskStep::Kind::sync_names});
    return 0;
}

ssize_t __wrap_pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
    if (!faulty::disk.alive) {
        return __real_pwrite(descriptor, bytes, size, offset);
    }
    const std::string path = path_of(descriptor);
    if (faulty::hit(DiskCall::write, path.c_str()).has_value()) {
        return -1;
    }
    faulty::note_write(path.c_str(), bytes, size, offset);
    return __real_pwrite(descriptor, bytes, size, offset);
}
