#include "daemon/core/text.hpp"

#include <algorithm>

namespace muster::core {
namespace {

constexpr char small(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool contains_in_any_case(std::string_view text, std::string_view part) noexcept {
    if (part.empty()) {
        return true;
    }
    const auto first = small(part.front());
    for (std::size_t at = 0; at + part.size() <= text.size(); ++at) {
        std::size_t same = 0;
        while (small(text[at]) == first && same < part.size() &&
               small(text[at + same]) == small(part[same])) {
            ++same;
        }
        if (same == part.size()) {
            return true;
        }
    }
    return false;
}

}  // namespace muster::core
