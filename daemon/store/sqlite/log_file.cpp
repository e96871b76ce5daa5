#include "daemon/store/sqlite/log_file.hpp"

#include "daemon/store/sqlite/file_error.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

namespace muster::store::sqlite {
namespace {

constexpr std::size_t kBlockBytes = 1024 * 1024;

Result<void> write_again(int descriptor, const std::string& path) {
    std::vector<char> block(kBlockBytes);
    for (off_t at = 0;;) {
        const ssize_t got = ::pread(descriptor, block.data(), block.size(), at);
        if (got == 0) {
            break;
        }
        if (got < 0) {
            return file_error(path, "read");
        }
        const ssize_t put = ::pwrite(descriptor, block.data(), static_cast<std::size_t>(got), at);
        if (put <= 0) {
            return file_error(path, "written");
        }
        at += put;
    }
    if (::fsync(descriptor) != 0) {
        return file_error(path, "written");
    }
    return {};
}

}  // namespace

Result<void> keep_log(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0) {
        return errno == ENOENT ? Result<void>() : file_error(path, "opened");
    }
    auto kept = write_again(descriptor, path);
    ::close(descriptor);
    return kept;
}

}  // namespace muster::store::sqlite
