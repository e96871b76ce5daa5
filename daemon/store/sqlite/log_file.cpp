#include "daemon/store/sqlite/log_file.hpp"

#include "daemon/store/sqlite/file_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace muster::store::sqlite {
namespace {

constexpr std::size_t kBlockBytes = 1024 * 1024;

// How every log begins: a magic number, whose last bit varies, and the version of
// the format. A header that was torn as it was written begins so too.
constexpr std::string_view kBeginning("\x37\x7f\x06\x82\x00\x2d\xe2\x18", 8);
constexpr std::size_t kHeaderBytes = 32;

// The header is synced before the first frame, so only damage explains a log with
// frames that begins otherwise.
bool is_sound(int descriptor) {
    char header[kHeaderBytes + 1];
    if (::pread(descriptor, header, sizeof header, 0) < static_cast<ssize_t>(sizeof header)) {
        return true;
    }
    header[3] = static_cast<char>(header[3] & ~1);
    return std::string_view(header, kBeginning.size()) == kBeginning;
}

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

Result<void> keep_log(const std::string& store) {
    const std::string path = store + "-wal";
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0) {
        return errno == ENOENT ? Result<void>() : file_error(path, "opened");
    }
    auto kept = is_sound(descriptor)
                    ? write_again(descriptor, path)
                    : make_error(ErrorCode::internal, fmt::format("{}: the store's log is damaged: {}", path,
                                                                  restore_advice(store)));
    ::close(descriptor);
    return kept;
}

}  // namespace muster::store::sqlite
