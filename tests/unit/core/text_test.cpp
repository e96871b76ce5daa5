#include "daemon/core/text.hpp"

#include <doctest/doctest.h>

namespace muster::core {

TEST_CASE("a part is found anywhere in a text, capitals of ASCII being small") {
    CHECK(contains_in_any_case("Refrigerator", "FRIG"));
    CHECK(contains_in_any_case("refrigerator", "r"));
    CHECK(contains_in_any_case("", ""));
    CHECK(contains_in_any_case("x", ""));
    CHECK_FALSE(contains_in_any_case("", "x"));
    CHECK_FALSE(contains_in_any_case("fridge", "fridges"));
    CHECK_FALSE(contains_in_any_case("[", "{"));  // what a careless mask of bits would take for equal
}

}  // namespace muster::core
