#include "tests/fuzz/targets.hpp"

#include <algorithm>

namespace muster::fuzz {

std::vector<std::string_view> parts_of(std::string_view text, std::size_t most) {
    constexpr std::string_view kDivider = "\n%%\n";
    std::vector<std::string_view> parts;
    while (parts.size() < most) {
        const auto end = text.find(kDivider);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) {
            break;
        }
        text.remove_prefix(end + kDivider.size());
    }
    return parts;
}

}  // namespace muster::fuzz
