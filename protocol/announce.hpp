// The gateway's call to all devices to say again who and where they are (SPEC 5.9).
//
// Threads: pure functions.
#pragma once

#include "protocol/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace muster {

// Longest time over which a fleet answers: a million devices, some hundreds a second.
inline constexpr Seconds kLongestAnnounceSpread{3600};

// `spread`: each device answers after a random part of it; at most kLongestAnnounceSpread.
[[nodiscard]] std::string encode_announce(Seconds spread);
// Whatever the bytes: nullopt when they name no such time, and the device takes its own.
[[nodiscard]] std::optional<Seconds> decode_announce(std::string_view payload);

}  // namespace muster
