// Files that are there whole or not at all: made under another name, synced, renamed.
//
// Threads: any; they touch nothing but the files. Errors: see file_error.
#pragma once

#include "protocol/result.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace muster::store::sqlite {

// The folder's list of names is on the disk.
[[nodiscard]] Result<void> sync_folder_of(const std::string& path);
// rename() that is on the disk when it returns.
[[nodiscard]] Result<void> rename_durably(const std::string& from, const std::string& to);
// The same, but an existing `to` is left alone. Error: conflict.
[[nodiscard]] Result<void> name_durably(const std::string& from, const std::string& to);

// As root: gives the file to whom the folder belongs, so that musterd, which is not
// root, can use what an operator made for it. Else nothing.
[[nodiscard]] Result<void> give_to_owner_of_folder(int descriptor, const std::string& path);

// Bytes that a user may still write where `path` is; the highest number when that cannot be told.
[[nodiscard]] std::uint64_t free_bytes(const std::string& path);

// A file that is being made, mode 0600, at `path` until it is given its name. What
// an earlier attempt left there is begun anew; one that is under way is not
// disturbed. Gone with the object, unless it was given its name.
class UnfinishedFile {
public:
    // Error: conflict when somebody else is making it.
    [[nodiscard]] static Result<UnfinishedFile> make(const std::string& path);

    UnfinishedFile(UnfinishedFile&& other) noexcept
        : path_(std::exchange(other.path_, {})), descriptor_(std::exchange(other.descriptor_, -1)) {}
    UnfinishedFile& operator=(UnfinishedFile&& other) noexcept {
        std::swap(path_, other.path_);
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~UnfinishedFile();

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] Result<void> copy_from(const std::string& source);
    // What was written is on the disk, and the next read comes from there.
    [[nodiscard]] Result<void> sync();
    [[nodiscard]] Result<void> give_to_owner_of_folder();
    // When it says that it was changed last.
    [[nodiscard]] Result<void> set_time(std::int64_t seconds);
    [[nodiscard]] Result<void> finish(const std::string& name, bool replace);

private:
    UnfinishedFile(std::string path, int descriptor) noexcept
        : path_(std::move(path)), descriptor_(descriptor) {}

    std::string path_;
    int descriptor_ = -1;  // locked (flock) as long as it is being made
};

}  // namespace muster::store::sqlite
