// A manual page, in the macros of man(7) that groff and mandoc agree about.
//
// Threads: a page belongs to one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muster::manual {

// Text as it shall be read, in which nothing is a command to troff; with a bold or italic font.
[[nodiscard]] std::string plain(std::string_view text);
[[nodiscard]] std::string bold(std::string_view text);
[[nodiscard]] std::string italic(std::string_view text);

struct Heading {
    std::string name;     // "musterd.yaml"
    int section;          // 5
    std::string date;     // 2026-11-29
    std::string version;  // "muster 0.1.0"
    std::string summary;  // of the NAME section
};

// Texts are plain, and broken into lines and sentences here. In them a word that begins with "--" is
// bold, as is one between grave accents, of several words too. Terms are of plain(), bold() and italic().
class Page {
public:
    explicit Page(const Heading& heading);

    void section(std::string_view title);
    void subsection(const std::string& term);
    void line(const std::string& term);  // by itself, as in a synopsis
    void paragraph(std::string_view text);
    void entry(const std::string& term, std::string_view text);
    void continuation(std::string_view text);  // one more paragraph of the entry
    void example(const std::vector<std::string>& lines);

    [[nodiscard]] std::string text() const { return text_; }

private:
    void prose(std::string_view text);
    void begin_paragraph();

    std::string text_;
    bool after_heading_ = false;  // where a paragraph begins by itself
};

}  // namespace muster::manual
