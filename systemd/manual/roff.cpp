#include "systemd/manual/roff.hpp"

#include "protocol/result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace muster::manual {
namespace {

constexpr std::size_t kColumns = 76;

// Decodes one character; texts of the tables are well-formed UTF-8.
std::uint32_t take_character(std::string_view& text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    MUSTER_INVARIANT(length <= text.size());
    std::uint32_t code = length == 1 ? first : first & (0xffU >> (length + 1));
    for (std::size_t at = 1; at < length; ++at) {
        code = (code << 6U) | (static_cast<unsigned char>(text[at]) & 0x3fU);
    }
    text.remove_prefix(length);
    return code;
}

// A name of groff_char(7), for characters that troff would make something finer of.
std::string_view name_of(std::uint32_t code) {
    switch (code) {
        case '\\':
            return "\\e";
        case '-':
            return "\\-";
        case '\'':
            return "\\(aq";
        case '"':
            return "\\(dq";
        case '`':
            return "\\(ga";
        case '^':
            return "\\(ha";
        case '~':
            return "\\(ti";
        default:
            return {};
    }
}

bool ends_sentence(std::string_view word) {
    return word.size() > 1 && std::string_view(".?!").find(word.back()) != std::string_view::npos &&
           !word.ends_with("..");
}

// What a word of prose is made of: its opening brackets, itself, the punctuation behind it.
std::array<std::string_view, 3> pieces(std::string_view word) {
    const auto begin = std::min(word.find_first_not_of("(["), word.size());
    const auto end = word.find_last_not_of(".,;:)]") + 1;
    if (end <= begin) {
        return {word, {}, {}};
    }
    return {word.substr(0, begin), word.substr(begin, end - begin), word.substr(end)};
}

std::string emphasised(std::string_view word) {
    const auto [before, middle, after] = pieces(word);
    return middle.starts_with("--") && middle.size() > 2 ? plain(before) + bold(middle) + plain(after)
                                                         : plain(word);
}

// The words of a text; what stands between grave accents is one, and bold.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto tick = text.find('`');
        const auto blank = text.find(' ');
        if (blank == 0) {
            text.remove_prefix(1);
        } else if (tick < blank && text.find('`', tick + 1) != std::string_view::npos) {
            const auto end = text.find('`', tick + 1);
            const auto after = std::min(text.find(' ', end), text.size());
            words.push_back(plain(text.substr(0, tick)) + bold(text.substr(tick + 1, end - tick - 1)) +
                            plain(text.substr(end + 1, after - end - 1)));
            text.remove_prefix(after);
        } else {
            words.push_back(emphasised(text.substr(0, blank)));
            text.remove_prefix(std::min(blank, text.size()));
        }
    }
    return words;
}

std::string quoted(std::string_view argument) {
    return fmt::format("\"{}\"", argument);
}

}  // namespace

std::string plain(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::uint32_t code = take_character(text);
        if (const auto name = name_of(code); !name.empty()) {
            out += name;
        } else if (code < 0x80) {
            out += static_cast<char>(code);
        } else {
            out += fmt::format("\\[u{:04X}]", code);
        }
    }
    return out;
}

std::string bold(std::string_view text) {
    return fmt::format("\\fB{}\\fR", plain(text));
}

std::string italic(std::string_view text) {
    return fmt::format("\\fI{}\\fR", plain(text));
}

Page::Page(const Heading& heading) {
    std::string title;
    for (const char c : heading.name) {
        title += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    text_ = fmt::format(".\\\" Made by muster-manual from the tables of the program.\n.TH {} {} {} {} {}\n",
                        quoted(plain(title)), heading.section, heading.date, quoted(plain(heading.version)),
                        quoted("muster manual"));
    // Names broken with a hyphen could not be copied.
    text_ += ".nh\n.ad l\n";
    section("NAME");
    text_ += fmt::format("{} \\- {}\n", plain(heading.name), plain(heading.summary));
    after_heading_ = false;
}

void Page::section(std::string_view title) {
    text_ += fmt::format(".SH {}\n", quoted(plain(title)));
    after_heading_ = true;
}

void Page::subsection(const std::string& term) {
    text_ += fmt::format(".SS {}\n", quoted(term));
    after_heading_ = true;
}

void Page::line(const std::string& term) {
    text_ += after_heading_ ? "" : ".br\n";
    text_ += term + "\n";
    after_heading_ = false;
}

void Page::begin_paragraph() {
    text_ += after_heading_ ? "" : ".PP\n";
    after_heading_ = false;
}

void Page::prose(std::string_view text) {
    std::string line;
    for (const std::string& word : words_of(text)) {
        if (!line.empty() && line.size() + 1 + word.size() > kColumns) {
            text_ += line + "\n";
            line.clear();
        }
        // At the beginning of a line these would be requests.
        const bool request = line.empty() && (word.front() == '.' || word.front() == '\'');
        line += (line.empty() ? "" : " ") + std::string(request ? "\\&" : "") + word;
        if (ends_sentence(word)) {
            text_ += line + "\n";
            line.clear();
        }
    }
    text_ += line.empty() ? "" : line + "\n";
}

void Page::paragraph(std::string_view text) {
    begin_paragraph();
    prose(text);
}

void Page::entry(const std::string& term, std::string_view text) {
    text_ += fmt::format(".TP\n{}\n", term);
    after_heading_ = false;
    prose(text);
}

void Page::continuation(std::string_view text) {
    text_ += ".IP\n";
    prose(text);
}

void Page::example(const std::vector<std::string>& lines) {
    begin_paragraph();
    text_ += ".RS 4\n.EX\n";
    for (const std::string& line : lines) {
        const std::string escaped = plain(line);
        text_ += std::string(escaped.starts_with('.') ? "\\&" : "") + escaped + "\n";
    }
    text_ += ".EE\n.RE\n";
}

}  // namespace muster::manual
