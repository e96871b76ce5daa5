// Which test proves which line of what the product must do. The lines stand in
// tests/requirements.txt, one after the other:
//
//   A26 Completed: executed on all devices.
//   A03 (UI) A Jobs entry stands in the navigation.
//       open: the console does not exist yet
//
// A test claims a line by its id: in the name of a TEST_CASE; in tests/browser, in
// that of a test('…') on one line; in other files that are not C++ (scenarios,
// scripts), in the comment at their very top.
//
// Threads: pure functions.
#pragma once

#include "tests/layering/source_tree.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::layering {

inline constexpr std::string_view kRequirementsPath = "tests/requirements.txt";
inline constexpr std::string_view kRequirementsPage = "tests/REQUIREMENTS.md";

struct Requirement {
    std::string id;
    std::size_t line = 0;
    std::string text;
    bool in_console = false;  // marked (UI)
    std::string open;         // why nothing has to prove it yet; empty: something has to
};

struct Proof {
    std::string path;
    std::size_t line = 0;
    std::string name;  // of the test
    std::vector<std::string> ids;
};

[[nodiscard]] std::vector<Requirement> read_requirements(const Tree& tree);
[[nodiscard]] std::vector<Proof> find_proofs(const Tree& tree);

// The page that is committed as kRequirementsPage.
[[nodiscard]] std::string requirements_page(const Tree& tree);

// An id that nothing proves and that is not open; an open one that is proven
// after all (for (UI): in a browser); an id that does not exist; a page that
// differs from requirements_page().
[[nodiscard]] Findings check_requirements(const Tree& tree);

}  // namespace muster::layering
