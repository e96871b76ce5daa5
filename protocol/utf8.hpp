// Whether bytes are text.
//
// Threads: a pure function.
#pragma once

#include <string_view>

namespace muster {

// Well-formed UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF)
// without NUL.
[[nodiscard]] bool is_text(std::string_view bytes) noexcept;

}  // namespace muster
