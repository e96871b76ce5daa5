// A few lines at the bottom of a terminal that are drawn over and over.
//
// Threads: main thread only.
#pragma once

#include "daemon/cli/text.hpp"

#include <ostream>
#include <vector>

namespace muster::cli {

// Hides the cursor with the first picture and shows it again when destroyed.
class LiveScreen {
public:
    LiveScreen(std::ostream& out, bool colour) : out_(out), colour_(colour) {}
    ~LiveScreen();
    LiveScreen(const LiveScreen&) = delete;
    LiveScreen& operator=(const LiveScreen&) = delete;

    // Replaces the picture before. `columns`: of the terminal now.
    void draw(const std::vector<Line>& lines, std::size_t columns);
    // Takes the picture away; what is printed next stands in its place.
    void clear();

private:
    void go_to_top(std::size_t columns);

    std::ostream& out_;
    bool colour_;
    bool cursor_hidden_ = false;
    std::size_t columns_ = 0;                // at the last drawing
    std::vector<std::size_t> drawn_widths_;  // of the lines there
};

}  // namespace muster::cli
