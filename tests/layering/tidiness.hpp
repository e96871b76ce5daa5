// Rules about single files: size, leftovers, and habits that a compiler does
// not check.
//
// Threads: pure functions.
#pragma once

#include "tests/layering/source_tree.hpp"

namespace muster::layering {

inline constexpr std::size_t kMostFileLines = 500;
inline constexpr std::size_t kMostFunctionLines = 70;

// C++ files and functions longer than the two limits; a braced list of data
// counts as one line. Functions are found by their braces in code as
// clang-format lays it out.
[[nodiscard]] Findings check_lengths(const Tree& tree);

// Markers of unfinished work, paths of one person's machine, tabs, blanks at
// the end of a line, a missing newline at the end of a file.
[[nodiscard]] Findings check_leftovers(const Tree& tree);

// A header begins with a comment and holds #pragma once.
[[nodiscard]] Findings check_headers(const Tree& tree);

// No `default` in a switch over an enumeration: a new value must make the
// compiler name every place to visit. A switch with a literal or a macro among
// its labels is over numbers or characters.
[[nodiscard]] Findings check_switches(const Tree& tree);

// Topics are put together in protocol/topics.cpp alone. Tests may spell them
// out, since a second opinion is their purpose.
[[nodiscard]] Findings check_topics(const Tree& tree);

}  // namespace muster::layering
