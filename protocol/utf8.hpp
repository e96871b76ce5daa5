// Whether bytes are text, and which characters of a text a person can see.
//
// Threads: pure functions.
#pragma once

#include <string_view>

namespace muster {

// Well-formed UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF)
// without NUL.
[[nodiscard]] bool is_text(std::string_view bytes) noexcept;

inline constexpr char32_t kReplacementCharacter = 0xFFFD;

// Takes one character off the front of `rest`, which is not empty; for a byte
// that begins none, that byte, and returns kReplacementCharacter.
[[nodiscard]] char32_t take_character(std::string_view& rest) noexcept;

// Controls (C0, DEL, C1), which a terminal obeys, and the invisible marks that
// reorder or hide what a person reads.
[[nodiscard]] bool is_unprintable(char32_t character) noexcept;

}  // namespace muster
