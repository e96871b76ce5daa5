#include "daemon/store/sqlite/durable_file.hpp"

#include "daemon/store/sqlite/file_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <limits>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <vector>

namespace muster::store::sqlite {
namespace {

constexpr std::size_t kBlockBytes = 1024 * 1024;

std::string folder_of(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

// Whether `descriptor` is still the file of that name.
bool is_at(int descriptor, const std::string& path) {
    struct stat opened {};
    struct stat named {};
    return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

Result<void> write_all(int descriptor, const char* bytes, std::size_t count, const std::string& path) {
    while (count > 0) {
        const ssize_t put = ::write(descriptor, bytes, count);
        if (put < 0) {
            return file_error(path, "written");
        }
        bytes += put;
        count -= static_cast<std::size_t>(put);
    }
    return {};
}

Result<void> copy_bytes(int from, int to, const std::string& source, const std::string& path) {
    std::vector<char> block(kBlockBytes);
    for (;;) {
        const ssize_t got = ::read(from, block.data(), block.size());
        if (got < 0) {
            return file_error(source, "read");
        }
        if (got == 0) {
            return {};
        }
        if (auto written = write_all(to, block.data(), static_cast<std::size_t>(got), path); !written) {
            return written;
        }
    }
}

}  // namespace

Result<void> sync_folder_of(const std::string& path) {
    const std::string folder = folder_of(path);
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return file_error(folder, "opened");
    }
    const bool synced = ::fsync(descriptor) == 0;
    const Error error = file_error(folder, "written");
    ::close(descriptor);
    return synced ? Result<void>() : error;
}

Result<void> rename_durably(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) {
        return file_error(to, "made");
    }
    return sync_folder_of(to);
}

Result<void> name_durably(const std::string& from, const std::string& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return sync_folder_of(to);
    }
    if (errno == EEXIST) {
        return make_error(ErrorCode::conflict, fmt::format("{}: is there already", to));
    }
    if (errno == EINVAL || errno == ENOSYS) {  // a file system that cannot do both at once
        std::error_code error;
        return std::filesystem::exists(to, error)
                   ? make_error(ErrorCode::conflict, fmt::format("{}: is there already", to))
                   : rename_durably(from, to);
    }
    return file_error(to, "made");
}

Result<void> give_to_owner_of_folder(int descriptor, const std::string& path) {
    struct stat folder {};
    if (::geteuid() != 0 || ::stat(folder_of(path).c_str(), &folder) != 0) {
        return {};
    }
    return ::fchown(descriptor, folder.st_uid, folder.st_gid) == 0 ? Result<void>()
                                                                   : file_error(path, "given away");
}

std::uint64_t free_bytes(const std::string& path) {
    struct statvfs disk {};
    if (::statvfs(folder_of(path).c_str(), &disk) != 0) {
        return std::numeric_limits<std::uint64_t>::max();
    }
    return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

Result<UnfinishedFile> UnfinishedFile::make(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) {
        return file_error(path, "made");
    }
    UnfinishedFile file(path, descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 || !is_at(descriptor, path)) {
        file.path_.clear();  // it is another's
        return make_error(ErrorCode::conflict, fmt::format("{}: is being written by another process", path));
    }
    if (::ftruncate(descriptor, 0) != 0 || ::fchmod(descriptor, 0600) != 0) {
        return file_error(path, "written");
    }
    return file;
}

UnfinishedFile::~UnfinishedFile() {
    if (!path_.empty()) {
        ::unlink(path_.c_str());
        ::unlink((path_ + "-journal").c_str());
    }
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

Result<void> UnfinishedFile::copy_from(const std::string& source) {
    const int from = ::open(source.c_str(), O_RDONLY | O_CLOEXEC);
    if (from < 0) {
        return file_error(source, "read");
    }
    auto copied = copy_bytes(from, descriptor_, source, path_);
    ::close(from);
    return copied;
}

Result<void> UnfinishedFile::sync() {
    if (::fsync(descriptor_) != 0) {
        return file_error(path_, "written");
    }
    ::posix_fadvise(descriptor_, 0, 0, POSIX_FADV_DONTNEED);
    return {};
}

Result<void> UnfinishedFile::give_to_owner_of_folder() {
    return sqlite::give_to_owner_of_folder(descriptor_, path_);
}

Result<void> UnfinishedFile::set_time(std::int64_t seconds) {
    const timespec time{seconds, 0};
    const timespec times[] = {time, time};
    return ::futimens(descriptor_, times) == 0 ? Result<void>() : file_error(path_, "written");
}

Result<void> UnfinishedFile::finish(const std::string& name, bool replace) {
    auto named = replace ? rename_durably(path_, name) : name_durably(path_, name);
    if (named) {
        path_.clear();
    }
    return named;
}

}  // namespace muster::store::sqlite
