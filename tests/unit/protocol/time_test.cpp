#include "protocol/time.hpp"

#include <doctest/doctest.h>

using namespace muster;
using namespace std::chrono_literals;

TEST_CASE("SPEC 7.3: times are RFC 3339 in UTC with milliseconds") {
    CHECK(format_utc(TimePoint{}) == "1970-01-01T00:00:00.000Z");
    CHECK(format_utc(TimePoint{1795382552123ms}) == "2026-11-22T21:22:32.123Z");
    CHECK(format_utc(TimePoint{-1ms}) == "1969-12-31T23:59:59.999Z");
    CHECK(format_utc(TimePoint{253402300799999ms}) == "9999-12-31T23:59:59.999Z");
    CHECK(format_utc(TimePoint{253402300800000ms}) == "10000-01-01T00:00:00.000Z");
}

TEST_CASE("a written time is read back, with or without its fraction") {
    for (const auto count : {0ms, 1ms, 951782399999ms, 951782400000ms, 1795382552123ms, 253402300799999ms}) {
        const TimePoint time{count};
        CHECK(parse_utc(format_utc(time)).value() == time);
    }
    CHECK(parse_utc("2026-11-22T21:22:32Z").value() == TimePoint{1795382552000ms});
    CHECK(parse_utc("2024-02-29T00:00:00Z").has_value());
}

TEST_CASE("what is no time is refused") {
    for (const char* text :
         {"", "2026-11-22", "2026-11-22 21:22:32Z", "2026-11-22T21:22:32", "2026-11-22T21:22:32.1Z",
          "2026-11-22T21:22:32.1234Z", "2026-11-22T21:22:32+00:00", "2026-11-22t21:22:32z",
          "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-02-29T00:00:00Z",
          "2026-11-22T24:00:00Z", "2026-11-22T21:60:32Z", "2026-11-22T21:22:60Z", "-026-11-22T21:22:32Z",
          " 2026-11-22T21:22:32Z", "2026-11-22T21:22:32Z "}) {
        CAPTURE(text);
        const Result<TimePoint> time = parse_utc(text);
        REQUIRE(!time);
        CHECK(time.error().code == ErrorCode::invalid);
    }
}

TEST_CASE("durations are said in their two largest units") {
    CHECK(format_duration(0ms) == "0 ms");
    CHECK(format_duration(-5s) == "0 ms");
    CHECK(format_duration(850ms) == "850 ms");
    CHECK(format_duration(12s) == "12 s");
    CHECK(format_duration(12'999ms) == "12 s");
    CHECK(format_duration(3min) == "3 min");
    CHECK(format_duration(90s) == "1 min 30 s");
    CHECK(format_duration(2h + 5min + 59s) == "2 h 5 min");
    CHECK(format_duration(96h) == "4 d");
    CHECK(format_duration(97h + 59min) == "4 d 1 h");
    CHECK(format_duration(96h + 59min) == "4 d");
}
