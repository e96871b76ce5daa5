// Enums and their texts, from one table each, so that to_string and parse_*
// cannot disagree.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace muster::core {

// One row of a table. Tables list every enumerator, each once.
template <class Enum>
struct EnumText {
    Enum value;
    std::string_view text;
};

template <class Enum, std::size_t Size>
[[nodiscard]] constexpr std::string_view text_of(const EnumText<Enum> (&table)[Size], Enum value) noexcept {
    for (const EnumText<Enum>& row : table) {
        if (row.value == value) {
            return row.text;
        }
    }
    return {};
}

template <class Enum, std::size_t Size>
[[nodiscard]] constexpr std::optional<Enum> value_of(const EnumText<Enum> (&table)[Size],
                                                     std::string_view text) noexcept {
    for (const EnumText<Enum>& row : table) {
        if (row.text == text) {
            return row.value;
        }
    }
    return std::nullopt;
}

}  // namespace muster::core
