#include "protocol/announce.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <algorithm>

namespace muster {
namespace {

// One member today; what later versions add has room.
constexpr std::size_t kAnnounceBytes = 256;

}  // namespace

std::string encode_announce(Seconds spread) {
    return format_json(boost::json::object{{"spread", std::min(spread, kLongestAnnounceSpread).count()}});
}

std::optional<Seconds> decode_announce(std::string_view payload) {
    const auto value = parse_json(payload, kAnnounceBytes, limits::kJsonDepth);
    const auto* members = value ? value->if_object() : nullptr;
    const auto* spread = members != nullptr ? members->if_contains("spread") : nullptr;
    const auto* seconds = spread != nullptr ? spread->if_int64() : nullptr;
    if (seconds == nullptr || *seconds < 0 || *seconds > kLongestAnnounceSpread.count()) {
        return std::nullopt;
    }
    return Seconds{*seconds};
}

}  // namespace muster
