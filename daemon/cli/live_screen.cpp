#include "daemon/cli/live_screen.hpp"

#include <algorithm>
#include <string>

namespace muster::cli {

LiveScreen::~LiveScreen() {
    if (cursor_hidden_) {
        out_ << "\x1b[?25h" << std::flush;
    }
}

void LiveScreen::go_to_top(std::size_t columns) {
    // A terminal made narrower since has broken the lines that were drawn.
    std::size_t rows = 0;
    for (const std::size_t width : drawn_widths_) {
        rows += std::max<std::size_t>(1, columns == 0 ? 1 : (width + columns - 1) / columns);
    }
    if (rows > 0) {
        out_ << "\r\x1b[" << rows << 'A';
    }
    drawn_widths_.clear();
}

void LiveScreen::draw(const std::vector<Line>& lines, std::size_t columns) {
    if (!cursor_hidden_) {
        out_ << "\x1b[?25l";
        cursor_hidden_ = true;
    }
    go_to_top(columns);
    columns_ = columns;
    for (const Line& line : lines) {
        out_ << render(line, colour_, columns) << "\x1b[K\n";
        drawn_widths_.push_back(std::min(display_width(line), columns));
    }
    out_ << "\x1b[J" << std::flush;
}

void LiveScreen::clear() {
    go_to_top(columns_);
    out_ << "\x1b[J" << std::flush;
}

}  // namespace muster::cli
