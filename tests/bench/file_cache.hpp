// Threads: any.
#pragma once

#include <filesystem>

namespace muster::bench {

// The system forgets what it holds of this file in memory, so that the next read is from the disk.
// false: it did not.
[[nodiscard]] bool drop_from_cache(const std::filesystem::path& file);

}  // namespace muster::bench
