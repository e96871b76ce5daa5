// Loaded before the C library into a program (LD_PRELOAD): while the file that
// MUSTER_TEST_FAILING_DISK names holds "write ERRNO" or "sync ERRNO", every write
// at an offset, or every sync, fails so. SQLite writes no other way.
//
// Threads: any.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <sys/types.h>

namespace {

// The error that this call shall fail with, or 0.
int failure_of(const char* call) {
    const char* path = std::getenv("MUSTER_TEST_FAILING_DISK");
    std::FILE* file = path == nullptr ? nullptr : std::fopen(path, "re");
    if (file == nullptr) {
        return 0;
    }
    char word[16] = "";
    int error = 0;
    const int read = std::fscanf(file, "%15s %d", word, &error);
    std::fclose(file);
    return read == 2 && std::strcmp(word, call) == 0 ? error : 0;
}

template <class Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool fails(const char* call) {
    const int error = failure_of(call);
    errno = error == 0 ? errno : error;
    return error != 0;
}

}  // namespace

extern "C" {

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
    static auto* const real = next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
    return fails("write") ? -1 : real(descriptor, bytes, size, offset);
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t offset) {
    static auto* const real = next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
    return fails("write") ? -1 : real(descriptor, bytes, size, offset);
}

int fsync(int descriptor) {
    static auto* const real = next<int(int)>("fsync");
    return fails("sync") ? -1 : real(descriptor);
}

int fdatasync(int descriptor) {
    static auto* const real = next<int(int)>("fdatasync");
    return fails("sync") ? -1 : real(descriptor);
}
}
