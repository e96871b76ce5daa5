// Who may include whom, and which folder may know which outside library: the
// picture of DESIGN and ARCHITECTURE as two tables (dependencies.cpp).
//
// Threads: pure functions.
#pragma once

#include "tests/layering/source_tree.hpp"

namespace muster::layering {

// Every #include "…" names an existing file by its path from the root, along
// an edge of the picture; a source folder that is not in the picture is a
// finding too.
[[nodiscard]] Findings check_include_edges(const Tree& tree);

// Every outside library is known to its adapter alone.
[[nodiscard]] Findings check_libraries(const Tree& tree);

// The pure folders ask for no time, start no thread and do no I/O.
[[nodiscard]] Findings check_purity(const Tree& tree);

}  // namespace muster::layering
