#include "daemon/store/sqlite/lock_file.hpp"

#include "daemon/store/sqlite/durable_file.hpp"
#include "daemon/store/sqlite/file_error.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace muster::store::sqlite {

Result<LockFile> LockFile::acquire(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return file_error(path, "opened");
    }
    LockFile lock(descriptor);
    if (auto given = give_to_owner_of_folder(descriptor, path); !given) {
        return given.error();
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        return make_error(ErrorCode::conflict,
                          fmt::format("{}: another musterd is using this store: stop it first", path));
    }
    return lock;
}

LockFile::~LockFile() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

}  // namespace muster::store::sqlite
