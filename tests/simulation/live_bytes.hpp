// How much memory this thread has allocated and not yet freed, by counting in
// operator new and delete. Always 0 under sanitizers, which have their own.
//
// Threads: each has its own count; what one allocates, it must also free.
#pragma once

#include <cstdint>

namespace muster::simulation {

[[nodiscard]] std::int64_t live_bytes() noexcept;

}  // namespace muster::simulation
