// The repository as text: what the checks of this folder read. A tree is a
// plain list of files, so a test can write one by hand.
//
// Threads: plain values.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace muster::layering {

struct Literal {
    std::size_t line;  // from 1
    std::string text;  // between the quotes, escapes as written
};

struct SourceFile {
    std::string path;  // from the root, with '/'
    std::vector<std::string> lines;
    bool ends_with_newline = true;
    // C++ only, else empty: `lines` with the inside of comments and of string
    // and character literals blanked, columns kept; and the string literals.
    std::vector<std::string> code;
    std::vector<Literal> literals;

    [[nodiscard]] bool is_below(std::string_view prefix) const { return path.starts_with(prefix); }
    [[nodiscard]] bool is_header() const { return path.ends_with(".hpp"); }
    [[nodiscard]] bool is_cpp() const { return is_header() || path.ends_with(".cpp"); }
};

using Tree = std::vector<SourceFile>;

[[nodiscard]] SourceFile make_file(std::string path, std::string_view text);

// Every text file below `root` but what a build or a tool wrote, by path.
[[nodiscard]] Tree load_tree(const std::filesystem::path& root);

// One broken rule, shown as "path:line: message".
struct Finding {
    std::string path;
    std::size_t line = 0;
    std::string message;
};
using Findings = std::vector<Finding>;

[[nodiscard]] std::string to_string(const Findings& findings);

}  // namespace muster::layering
