// Text for people: what may reach a terminal, how wide it is there, and the
// only place where colour is written. Names and messages come from devices and
// are not trusted, so everything printed is a Line, and render() lets no
// control character of a Span through.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace muster::cli {

enum class Style { plain, strong, dim, good, bad, warning };

struct Span {
    std::string text;
    Style style = Style::plain;
};
using Line = std::vector<Span>;

// Valid UTF-8 without control characters (C0, DEL, C1) and without the marks
// that reorder or hide text: line breaks and tabs become a space, the others
// and invalid bytes U+FFFD.
[[nodiscard]] std::string sanitize(std::string_view text);
// As sanitize, but keeps line feeds: for whole documents on a terminal.
[[nodiscard]] std::string sanitize_lines(std::string_view text);
// JSON text in which such characters stand escaped; the same value when parsed.
[[nodiscard]] std::string escape_json_text(std::string_view json);

// Terminal columns of sanitized text: 2 for wide characters, 0 for combining ones.
[[nodiscard]] std::size_t display_width(std::string_view text);
// At most `columns` wide; what does not fit ends with "…".
[[nodiscard]] std::string fit(std::string_view text, std::size_t columns);

[[nodiscard]] std::size_t display_width(const Line& line);
// Sanitized, cut to `columns` (0: not cut), coloured if asked.
[[nodiscard]] std::string render(const Line& line, bool colour, std::size_t columns = 0);

}  // namespace muster::cli
