#include "daemon/cli/text.hpp"

#include "protocol/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace muster::cli {
namespace {

constexpr std::string_view kEllipsis = "…";

struct Range {
    char32_t first;
    char32_t last;
};

// East Asian Wide and Fullwidth, and emoji, coarsely: a column too many here
// and there misaligns a table, nothing worse.
constexpr std::array<Range, 12> kWide{{{0x1100, 0x115F},
                                       {0x2E80, 0x303E},
                                       {0x3041, 0x33FF},
                                       {0x3400, 0x4DBF},
                                       {0x4E00, 0x9FFF},
                                       {0xA000, 0xA4CF},
                                       {0xAC00, 0xD7A3},
                                       {0xF900, 0xFAFF},
                                       {0xFE30, 0xFE6F},
                                       {0xFF00, 0xFF60},
                                       {0x1F300, 0x1FAFF},
                                       {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 7> kCombining{{{0x0300, 0x036F},
                                           {0x0483, 0x0489},
                                           {0x0591, 0x05BD},
                                           {0x0610, 0x061A},
                                           {0x064B, 0x065F},
                                           {0x20D0, 0x20FF},
                                           {0xFE00, 0xFE0F}}};
template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t point) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [point](Range range) { return point >= range.first && point <= range.last; });
}

std::size_t width_of(char32_t point) {
    if (within(kCombining, point)) {
        return 0;
    }
    return within(kWide, point) ? 2 : 1;
}

std::string clean(std::string_view text, bool keep_line_feeds) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::string_view before = text;
        const char32_t point = take_character(text);
        const bool is_space = point == '\n' || point == '\r' || point == '\t';
        if (point == '\n' && keep_line_feeds) {
            out += '\n';
        } else if (is_space) {
            out += ' ';
        } else if (point == kReplacementCharacter || is_unprintable(point)) {
            out += "\uFFFD";
        } else {
            out += before.substr(0, before.size() - text.size());
        }
    }
    return out;
}

std::string_view colour_code(Style style) {
    switch (style) {
        case Style::plain:
            return "";
        case Style::strong:
            return "\x1b[1m";
        case Style::dim:
            return "\x1b[2m";
        case Style::good:
            return "\x1b[32m";
        case Style::bad:
            return "\x1b[31m";
        case Style::warning:
            return "\x1b[33m";
    }
    return "";
}

}  // namespace

std::string sanitize(std::string_view text) {
    return clean(text, false);
}

std::string sanitize_lines(std::string_view text) {
    return clean(text, true);
}

std::string escape_json_text(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    while (!json.empty()) {
        const std::string_view before = json;
        const char32_t point = take_character(json);
        // Below U+0020 only the line breaks of layout are left: JSON escapes the rest itself.
        if (point >= 0x20 && is_unprintable(point)) {
            out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(point));
        } else {
            out += before.substr(0, before.size() - json.size());
        }
    }
    return out;
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        width += width_of(take_character(text));
    }
    return width;
}

std::string fit(std::string_view text, std::size_t columns) {
    if (display_width(text) <= columns) {
        return std::string(text);
    }
    if (columns == 0) {
        return {};
    }
    std::string_view rest = text;
    std::size_t width = 0;
    std::size_t kept = 0;
    while (!rest.empty()) {
        width += width_of(take_character(rest));
        if (width > columns - 1) {
            break;
        }
        kept = text.size() - rest.size();
    }
    return std::string(text.substr(0, kept)).append(kEllipsis);
}

std::size_t display_width(const Line& line) {
    std::size_t width = 0;
    for (const Span& span : line) {
        width += display_width(sanitize(span.text));
    }
    return width;
}

std::string render(const Line& line, bool colour, std::size_t columns) {
    std::string out;
    std::size_t left = columns;
    for (const Span& span : line) {
        std::string text = sanitize(span.text);
        if (columns != 0) {
            text = fit(text, left);
            left -= display_width(text);
        }
        const std::string_view code = colour ? colour_code(span.style) : "";
        if (code.empty() || text.empty()) {
            out += text;
        } else {
            out.append(code).append(text).append("\x1b[0m");
        }
    }
    return out;
}

}  // namespace muster::cli
