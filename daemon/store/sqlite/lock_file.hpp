// Keeps two daemons from writing one store: an flock on a file beside it, which
// the kernel lets go when the process ends, however it ends. SQLite's own
// exclusive mode would shut out our readers too. The lock is not on the store's
// file itself: closing any descriptor of that file would drop the locks that
// SQLite holds on it.
//
// Threads: a plain value.
#pragma once

#include "protocol/result.hpp"

#include <string>
#include <utility>

namespace muster::store::sqlite {

class LockFile {
public:
    // Makes the file when it is missing; it stays when the lock is gone.
    // Error: conflict when another process, or another store of this one, has it.
    [[nodiscard]] static Result<LockFile> acquire(const std::string& path);

    LockFile(LockFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    LockFile& operator=(LockFile&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~LockFile();

private:
    explicit LockFile(int descriptor) noexcept : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

}  // namespace muster::store::sqlite
