#include "systemd/manual/fill.hpp"

#include <doctest/doctest.h>

using muster::manual::filled;

TEST_CASE("places are filled, other percent signs stay, pieces are not looked into") {
    CHECK(filled("a %x% b%y%c 100% ${w%:*}", {{"x", "%y%"}}) == "a %y% bc 100% ${w%:*}");
    CHECK(filled("", {}).empty());
}
