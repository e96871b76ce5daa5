#include "daemon/core/text.hpp"

#include <algorithm>

namespace muster::core {
namespace {

constexpr char small(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool contains_in_any_case(std::string_view text, std::string_view part) noexcept {
    const auto same = [](char a, char b) { return small(a) == small(b); };
    return part.empty() ||
           std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

}  // namespace muster::core
