// Finding words in names.
//
// Threads: pure functions.
#pragma once

#include <string_view>

namespace muster::core {

// Whether `part` stands somewhere in `text`, capital letters of ASCII being the
// same as small ones; an empty part stands everywhere.
[[nodiscard]] bool contains_in_any_case(std::string_view text, std::string_view part) noexcept;

}  // namespace muster::core
