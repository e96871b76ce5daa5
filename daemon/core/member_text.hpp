// One member of a text that Values::text() gave, found without taking the others apart: a plan
// looks at a value or two of a million devices that report twenty each.
//
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace muster::core {

// How a member of this name begins in such a text, before its value.
[[nodiscard]] std::string member_key(std::string_view name);
// The value's text, which lies in `object`; empty: there is no member with this key. `object` is "" or
// canonical: {"name":value,…}, without spaces.
[[nodiscard]] std::string_view member_text(std::string_view object, std::string_view key);

}  // namespace muster::core
