#include "device-sim/operation_tally.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

using namespace muster::sim;

TEST_CASE("Each operation has its own counts, in the order of first sight") {
    OperationTally tally;
    for (int round = 0; round < 3; ++round) {
        for (int number = 0; number < 10'000; ++number) {
            const auto index = tally.at("1." + std::to_string(number) + ".0-abcdefgh");
            tally.count_received(index);
            if (number % 2 == 0) {
                tally.count_executed(index);
            }
        }
    }
    REQUIRE(tally.size() == 10'000);
    for (OperationTally::Index index = 0; index < tally.size(); ++index) {
        CHECK(tally.id(index) == "1." + std::to_string(index) + ".0-abcdefgh");
        CHECK(tally.counts(index).received == 3);
        CHECK(tally.counts(index).executed == (index % 2 == 0 ? 3 : 0));
        CHECK(tally.counts(index).acked == 0);
    }
}

TEST_CASE("Counts stay at their largest value") {
    OperationTally tally;
    const auto index = tally.at("x");
    for (int count = 0; count < 70'000; ++count) {
        tally.count_acked(index);
    }
    CHECK(tally.counts(index).acked == std::numeric_limits<std::uint16_t>::max());
}

TEST_CASE("No operation counts nothing, and no id is longer than an operation id") {
    OperationTally tally;
    tally.count_received(OperationTally::kNone);
    CHECK(tally.at(std::string(47, 'x')) == OperationTally::kNone);
    CHECK(tally.at(std::string(46, 'x')) == 0);
    CHECK(tally.size() == 1);
}
