#include "daemon/core/admission.hpp"

#include "daemon/core/engine_options.hpp"

#include <doctest/doctest.h>

namespace muster::core {

TEST_CASE("nothing is admitted while the link is down") {
    CHECK(admitted(std::nullopt, 0, {false, 300, 0}) == 0);
    CHECK(admitted(10, 0, {false, 300, 0}) == 0);
}

TEST_CASE("without a window of its own a job gets what the link has left") {
    CHECK(admitted(std::nullopt, 0, {true, 300, 0}) == 300);
    CHECK(admitted(std::nullopt, 1'000, {true, 300, 299}) == 1);
    CHECK(admitted(std::nullopt, 0, {true, 300, 300}) == 0);
}

TEST_CASE("no more is admitted at once than the link takes, whatever it has answered") {
    CHECK(admitted(std::nullopt, 0, {true, 900, 0, 292}) == 292);
    CHECK(admitted(std::nullopt, 0, {true, 900, 890, 292}) == 10);
    CHECK(admitted(20, 4, {true, 900, 0, 3}) == 3);
    CHECK(admitted(std::nullopt, 0, {true, 900, 0, 0}) == 0);
}

TEST_CASE("the smaller of the job's window and the link's decides") {
    CHECK(admitted(10, 4, {true, 300, 0}) == 6);
    CHECK(admitted(10, 4, {true, 300, 298}) == 2);
    CHECK(admitted(10, 10, {true, 300, 0}) == 0);
}

TEST_CASE("a window that became smaller than what is in flight admits nothing, and does not wrap") {
    CHECK(admitted(std::nullopt, 0, {true, 20, 300}) == 0);
    CHECK(admitted(1, 5, {true, 300, 0}) == 0);
}

TEST_CASE("silent devices are passed at the same pace whatever the window, within bounds") {
    const Milliseconds none{0};
    CHECK(window_hold({true, 300, 0}, none) == kWindowHold);
    CHECK(window_hold({true, 60'000, 0}, none) == kWindowHold);
    CHECK(window_hold({true, 30, 0}, none) == Milliseconds{25});
    CHECK(window_hold({true, 11, 0}, none) == kLeastWindowHold);
    CHECK(window_hold({true, 1, 0}, none) == kLeastWindowHold);
}

TEST_CASE(
    "while answers queue up a message holds its place for as much longer as they are late, within bounds") {
    CHECK(window_hold({true, 300, 0}, Milliseconds{700}) == kWindowHold + Milliseconds{700});
    CHECK(window_hold({true, 30, 0}, Milliseconds{700}) == Milliseconds{725});
    CHECK(window_hold({true, 300, 0}, Seconds{30}) == kMostWindowHold);
}

}  // namespace muster::core
