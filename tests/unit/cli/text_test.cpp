#include "daemon/cli/text.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace muster::cli;

TEST_CASE("sanitize lets no control character or terminal escape through") {
    CHECK(sanitize("plain") == "plain");
    CHECK(sanitize("Bjørn 東京 😀") == "Bjørn 東京 😀");
    CHECK(sanitize("a\x1b[31mb") == "a\uFFFD[31mb");
    CHECK(sanitize("a\nb\tc\rd") == "a b c d");
    CHECK(sanitize(std::string_view("a\0b\x7f", 4)) == "a\uFFFDb\uFFFD");
    CHECK(sanitize("csi\xc2\x9b"
                   "2J") == "csi\uFFFD2J");
    CHECK(sanitize("evil\u202Etxt") == "evil\uFFFDtxt");
    CHECK(sanitize("bad\xff\xc0\xaf utf") == "bad\uFFFD\uFFFD\uFFFD utf");
    CHECK(sanitize("cut\xe6\x9d") == "cut\uFFFD\uFFFD");
    CHECK(sanitize("\xed\xa0\x80") == "\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("sanitize_lines keeps line feeds and nothing else") {
    CHECK(sanitize_lines("a\r\nb\x1b]0;title\x07\n") == "a \nb\uFFFD]0;title\uFFFD\n");
}

TEST_CASE("JSON text keeps its value when what a terminal obeys is escaped") {
    const std::string_view text = "{\"a\":\"\xc2\x9b \x7f \\u001b é\"}";
    const std::string escaped = escape_json_text(text);
    CHECK(escaped == "{\"a\":\"\\u009b \\u007f \\u001b é\"}");
    CHECK(boost::json::parse(escaped) == boost::json::parse(text));
}

TEST_CASE("display width counts columns, not bytes") {
    CHECK(display_width("abc") == 3);
    CHECK(display_width("æøå") == 3);
    CHECK(display_width("東京") == 4);
    CHECK(display_width("e\u0301") == 1);
    CHECK(display_width(Line{{"ab"}, {"東", Style::good}}) == 4);
}

TEST_CASE("fit cuts at a character and says so") {
    CHECK(fit("fridge", 6) == "fridge");
    CHECK(fit("fridge", 5) == "frid…");
    CHECK(fit("東京都", 5) == "東京…");
    CHECK(fit("東京都", 4) == "東…");
    CHECK(fit("fridge", 1) == "…");
    CHECK(fit("fridge", 0).empty());
}

TEST_CASE("render colours only when asked and never passes escapes of its text") {
    const Line line{{"job\x1b[2J ", Style::plain}, {"Failed", Style::bad}};
    CHECK(render(line, false) == "job\uFFFD[2J Failed");
    CHECK(render(line, true) == "job\uFFFD[2J \x1b[31mFailed\x1b[0m");
    CHECK(render({{"abc"}, {"defg", Style::good}}, false, 5) == "abcd…");
    CHECK(display_width(render({{"abc"}, {"defg"}, {"hij"}}, false, 3)) == 3);
}
