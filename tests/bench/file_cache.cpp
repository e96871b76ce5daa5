#include "tests/bench/file_cache.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace muster::bench {

bool drop_from_cache(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return false;
    }
    // What has not been written to the disk stays in memory.
    const bool dropped =
        ::fsync(descriptor) == 0 && ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0;
    ::close(descriptor);
    return dropped;
}

}  // namespace muster::bench
