#include "daemon/cli/table.hpp"

#include <doctest/doctest.h>

using namespace muster::cli;

namespace {

std::vector<std::string> plain(const std::vector<Line>& lines) {
    std::vector<std::string> texts;
    for (const Line& line : lines) {
        texts.push_back(render(line, false));
    }
    return texts;
}

}  // namespace

TEST_CASE("columns are aligned by what they take on the screen") {
    Table table({{"NAME"}, {"COUNT", true}, {"WHY"}});
    table.add({{"東京"}, {"7"}, {"out of range"}});
    table.add({{"Bjørn"}, {"1200"}, {""}});
    CHECK(plain(table.take_lines(0)) ==
          std::vector<std::string>{"NAME   COUNT  WHY", "東京       7  out of range", "Bjørn   1200"});
}

TEST_CASE("a narrow terminal takes from the widest column first") {
    Table table({{"DEVICE"}, {"MESSAGE"}});
    table.add({{"fridge-1"}, {"the compressor has not answered for a long time"}});
    for (const Line& line : table.take_lines(30)) {
        CHECK(display_width(line) <= 30);
    }
    table.add({{"fridge-1"}, {"the compressor has not answered for a long time"}});
    CHECK(plain(table.take_lines(30)) == std::vector<std::string>{"fridge-1  the compressor has …"});
}

TEST_CASE("pages of one list stay aligned and have one header") {
    Table table({{"ID"}, {"NAME"}});
    table.add({{"long-identifier"}, {"a"}});
    CHECK(table.take_lines(0).size() == 2);
    CHECK(table.empty());
    table.add({{"x"}, {"b"}});
    CHECK(plain(table.take_lines(0)) == std::vector<std::string>{"x                b"});
}

TEST_CASE("cells cannot break the line or colour the screen") {
    Table table({{"NAME"}});
    table.add({{"a\nb\x1b[31m"}});
    CHECK(plain(table.take_lines(0)).back() == "a b\uFFFD[31m");
}
