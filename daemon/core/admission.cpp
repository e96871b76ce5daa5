#include "daemon/core/admission.hpp"

#include "daemon/core/engine_options.hpp"

#include <algorithm>

namespace muster::core {
namespace {

std::uint32_t room(std::uint32_t limit, std::uint32_t used) noexcept {
    return limit > used ? limit - used : 0;
}

}  // namespace

std::uint32_t admitted(std::optional<std::uint32_t> job_window, std::uint32_t in_flight,
                       const LinkLoad& link) noexcept {
    if (!link.up) {
        return 0;
    }
    const auto of_link = std::min(room(link.window, link.in_flight), link.room);
    return job_window ? std::min(of_link, room(*job_window, in_flight)) : of_link;
}

Milliseconds window_hold(const LinkLoad& link, Milliseconds lag) noexcept {
    const auto alone = std::clamp(kWindowHold * link.window / kHeldWindow, kLeastWindowHold, kWindowHold);
    return std::min(alone + lag, kMostWindowHold);
}

}  // namespace muster::core
