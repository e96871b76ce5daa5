#include "daemon/cli/live_screen.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace muster::cli;

TEST_CASE("a picture is drawn over the one before, and the cursor comes back") {
    std::ostringstream out;
    {
        LiveScreen screen(out, false);
        screen.draw({{{"one"}}, {{"two"}}}, 80);
        CHECK(out.str() == "\x1b[?25lone\x1b[K\ntwo\x1b[K\n\x1b[J");
        out.str("");
        screen.draw({{{"three"}}}, 80);
        CHECK(out.str() == "\r\x1b[2Athree\x1b[K\n\x1b[J");
        out.str("");
    }
    CHECK(out.str() == "\x1b[?25h");
}

TEST_CASE("a terminal made narrower has broken the lines that were there") {
    std::ostringstream out;
    LiveScreen screen(out, false);
    screen.draw({{{"0123456789"}}, {{"ab"}}}, 80);
    out.str("");
    screen.draw({{{"0123456789"}}}, 4);
    // 10 columns take 3 rows of 4, 2 columns one.
    CHECK(out.str() == "\r\x1b[4A012…\x1b[K\n\x1b[J");
}

TEST_CASE("a screen that was never drawn leaves no trace") {
    std::ostringstream out;
    { LiveScreen screen(out, true); }
    CHECK(out.str().empty());
}
