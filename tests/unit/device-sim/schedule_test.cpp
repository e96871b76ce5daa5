#include "device-sim/schedule.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace muster;
using namespace muster::sim;

TEST_CASE("Tasks run in the order of their due times, equals in the order of asking") {
    boost::asio::io_context context;
    Schedule schedule(context);
    const TimePoint now = schedule.now();
    std::vector<int> ran;
    schedule.at(now + Milliseconds(3), [&ran] { ran.push_back(3); });
    schedule.at(now + Milliseconds(1), [&ran] { ran.push_back(1); });
    schedule.at(now + Milliseconds(2), [&ran] { ran.push_back(20); });
    schedule.at(now + Milliseconds(2), [&ran] { ran.push_back(21); });
    schedule.at(now + Milliseconds(2), [&ran] { ran.push_back(22); });
    context.run();
    CHECK(ran == std::vector<int>{1, 20, 21, 22, 3});
    CHECK(schedule.now() >= now + Milliseconds(3));
}

TEST_CASE("A task may plan another, earlier ones included") {
    boost::asio::io_context context;
    Schedule schedule(context);
    const TimePoint now = schedule.now();
    std::vector<int> ran;
    schedule.at(now + Milliseconds(1), [&] {
        ran.push_back(1);
        schedule.at(now, [&ran] { ran.push_back(2); });
    });
    schedule.at(now + Milliseconds(5), [&ran] { ran.push_back(3); });
    context.run();
    CHECK(ran == std::vector<int>{1, 2, 3});
}

TEST_CASE("Nothing runs that was cleared") {
    boost::asio::io_context context;
    Schedule schedule(context);
    bool ran = false;
    schedule.at(schedule.now() + Milliseconds(1), [&ran] { ran = true; });
    schedule.clear();
    context.run();
    CHECK_FALSE(ran);
}
