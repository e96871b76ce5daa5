#include "daemon/cli/fold.hpp"

#include <doctest/doctest.h>

using muster::cli::fold_ids;

TEST_CASE("ids fold into runs") {
    CHECK(fold_ids({}) == "");
    CHECK(fold_ids({"fridge-7"}) == "fridge-7");
    CHECK(fold_ids({"fridge-2", "fridge-1", "fridge-3", "fridge-52"}) == "fridge-[1-3,52]");
    CHECK(fold_ids({"fridge-1", "fridge-2"}) == "fridge-[1-2]");
    CHECK(fold_ids({"fridge-1", "fridge-1"}) == "fridge-1");
    std::vector<std::string> many;
    for (int number = 40; number >= 1; --number) {
        many.push_back("fridge-" + std::to_string(number));
    }
    many.push_back("fridge-52");
    CHECK(fold_ids(many) == "fridge-[1-40,52]");
}

TEST_CASE("ids that are not numbered stay as they are") {
    CHECK(fold_ids({"lobby", "fridge-1", "kitchen"}) == "fridge-1, kitchen, lobby");
    CHECK(fold_ids({"a1b", "a2b"}) == "a1b, a2b");
    CHECK(fold_ids({"1", "2", "4"}) == "[1-2,4]");
}

TEST_CASE("leading zeros are part of the id") {
    CHECK(fold_ids({"node-08", "node-09", "node-10", "node-12"}) == "node-[08-10,12]");
    CHECK(fold_ids({"node-8", "node-08"}) == "node-08, node-8");
    CHECK(fold_ids({"node-8", "node-9", "node-10"}) == "node-[8-10]");
    CHECK(fold_ids({"node-00", "node-01"}) == "node-[00-01]");
}

TEST_CASE("numbers of any length are safe") {
    const std::string digits(60, '9');
    CHECK(fold_ids({"x" + digits}) == "x" + digits);
    CHECK(fold_ids({"n-999999999999999999", "n-0"}) == "n-[0,999999999999999999]");
}
