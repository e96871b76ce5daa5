#include "daemon/cli/when.hpp"

#include <doctest/doctest.h>

using namespace muster;
using namespace muster::cli;

TEST_CASE("times as people say them") {
    const TimePoint now = parse_utc("2026-11-22T12:00:00.000Z").value();
    CHECK(relative(now, now) == "just now");
    CHECK(relative(now, now - Seconds(12)) == "12 s ago");
    CHECK(relative(now, now - Seconds(199)) == "3 min ago");
    CHECK(relative(now, now - std::chrono::hours(47)) == "47 h ago");
    CHECK(relative(now, now - std::chrono::hours(24 * 20)) == "20 d ago");
    CHECK(relative(now, now + Seconds(120)) == "in 2 min");
    CHECK(relative(now, now - std::chrono::hours(24 * 60)) == "2026-09-23");
}

TEST_CASE("members without a time are shown as they are") {
    const TimePoint now = parse_utc("2026-11-22T12:00:00.000Z").value();
    CHECK(relative_of(now, {{"at", "2026-11-22T11:57:00.000Z"}}, "at") == "3 min ago");
    CHECK(relative_of(now, {{"at", nullptr}}, "at").empty());
    CHECK(relative_of(now, {{"at", "soon"}}, "at") == "soon");
    CHECK(relative_of(now, {}, "at").empty());
}
