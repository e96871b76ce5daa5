// "Did you mean …?"
//
// Threads: a pure function.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace muster::config {

// The candidate that `word` was most likely meant to be; nullopt when none is
// near. Near is a candidate that begins with the word, one with the same last
// part of a dotted key, and one that differs by at most one slip in three
// letters of that part (a letter changed, left out, added, or swapped with the next).
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> candidates);

}  // namespace muster::config
