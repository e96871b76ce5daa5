#include "tests/simulation/live_bytes.hpp"

#include <cstdlib>
#include <malloc.h>
#include <new>

namespace muster::simulation {
namespace {
thread_local std::int64_t bytes = 0;
}  // namespace

std::int64_t live_bytes() noexcept {
    return bytes;
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
namespace {

void* counted(std::size_t size) {
    void* place = std::malloc(size);
    if (place == nullptr) {
        throw std::bad_alloc();
    }
    bytes += static_cast<std::int64_t>(malloc_usable_size(place));
    return place;
}

void discount(void* place) noexcept {
    bytes -= static_cast<std::int64_t>(malloc_usable_size(place));
    std::free(place);
}

}  // namespace
#endif

}  // namespace muster::simulation

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void* operator new(std::size_t size) {
    return muster::simulation::counted(size);
}
void* operator new[](std::size_t size) {
    return muster::simulation::counted(size);
}
void operator delete(void* place) noexcept {
    muster::simulation::discount(place);
}
void operator delete[](void* place) noexcept {
    muster::simulation::discount(place);
}
void operator delete(void* place, std::size_t /*size*/) noexcept {
    muster::simulation::discount(place);
}
void operator delete[](void* place, std::size_t /*size*/) noexcept {
    muster::simulation::discount(place);
}
#endif
