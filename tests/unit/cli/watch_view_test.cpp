#include "daemon/cli/watch_view.hpp"

#include <doctest/doctest.h>

using namespace muster;
using namespace muster::cli;

namespace {

WatchState running() {
    WatchState state;
    state.job = {42, "Fan speed 3", "Running", "", 200, 150, 3, 47};
    state.per_second = 12.5;
    state.failures = {{"rejected", "out of range", 2, {"fridge-7", "fridge-8"}},
                      {"timeout", "no answer within 24 h", 1, {"fridge-9"}}};
    return state;
}

std::vector<std::string> plain(const std::vector<Line>& lines, std::size_t columns) {
    std::vector<std::string> texts;
    for (const Line& line : lines) {
        texts.push_back(render(line, false, columns));
    }
    return texts;
}

}  // namespace

TEST_CASE("B07: a running job as a picture, with failures grouped by reason and message") {
    CHECK(plain(live_lines(running(), 60), 60) ==
          std::vector<std::string>{
              "Fan speed 3  job 42  Running",
              "██████████████████████████████████▍░░░░░░░░░░  76 %  153/200",
              "150 succeeded  3 failed  47 pending  12/s  4 s left",
              "     2  rejected: out of range  fridge-[7-8]",
              "     1  timeout: no answer within 24 h  fridge-9",
          });
}

TEST_CASE("no line of a picture is wider than the terminal") {
    WatchState state = running();
    state.job.name = "Ein sehr langer Name 東京 für einen Job, der viel zu sagen hat";
    state.note = "musterd is offline; waiting for it to come back";
    for (std::size_t columns = 1; columns <= 130; ++columns) {
        for (const Line& line : live_lines(state, columns)) {
            CHECK(display_width(render(line, false, columns)) <= columns);
        }
    }
}

TEST_CASE("colour says what the text says") {
    const auto lines = live_lines(running(), 60);
    const std::string counts = render(lines[2], true, 60);
    CHECK(counts.find("\x1b[32m150 succeeded\x1b[0m") != std::string::npos);
    CHECK(counts.find("\x1b[31m3 failed\x1b[0m") != std::string::npos);
}

TEST_CASE("the bar is full only when all devices are done") {
    WatchState state;
    state.job = {1, "x", "Running", "", 1'000'000, 999'999, 0, 1};
    const std::string nearly = render(live_lines(state, 80)[1], false, 80);
    CHECK(nearly.find(" 99 %") != std::string::npos);
    CHECK(nearly.find("100 %") == std::string::npos);
    state.job = {1, "x", "Completed", "", 10, 10, 0, 0};
    const std::string full = render(live_lines(state, 80)[1], false, 80);
    CHECK(full.find("100 %  10/10") != std::string::npos);
    CHECK(full.find("░") == std::string::npos);
    state.job = {1, "x", "Pending", "scheduled", 0, 0, 0, 0};
    CHECK(render(live_lines(state, 80)[1], false, 80).find("  0 %  0/0") != std::string::npos);
}

TEST_CASE("many kinds of failure are counted, not listed") {
    WatchState state = running();
    state.failures.clear();
    for (int kind = 0; kind < 10; ++kind) {
        state.failures.push_back({"rejected", "message " + std::to_string(kind), 1, {"d"}});
    }
    const auto lines = plain(live_lines(state, 100), 100);
    REQUIRE(lines.size() == 3 + 6 + 1);
    CHECK(lines.back() == "     4  other reasons and messages");
}

TEST_CASE("a device's message cannot write to the screen") {
    WatchState state = running();
    state.failures = {{"rejected", "\x1b[2J\x1b]0;owned\x07\nall is well", 1, {"fridge-1"}}};
    for (const Line& line : live_lines(state, 100)) {
        const std::string text = render(line, false, 100);
        CHECK(text.find('\x1b') == std::string::npos);
        CHECK(text.find('\x07') == std::string::npos);
        CHECK(text.find('\n') == std::string::npos);
    }
}

TEST_CASE("a line for files and pipes") {
    WatchState state = running();
    CHECK(render(progress_line(state), false) ==
          "job 42 Running 76 %  150 succeeded  3 failed  47 pending  12/s  4 s left");
    state.note = "musterd does not answer; still trying";
    CHECK(render(progress_line(state), false).ends_with("still trying"));
}

TEST_CASE("the summary says how long it took and what failed where") {
    WatchState state = running();
    state.job.status = "Failed";
    state.job.succeeded = 197;
    state.job.pending = 0;
    state.failures[0].count = 5000;
    CHECK(plain(summary_lines(state, Seconds(16)), 0) ==
          std::vector<std::string>{
              "job 42 Failed after 16 s: 197 succeeded  3 failed  0 pending",
              "  5000  rejected: out of range  fridge-[7-8], …",
              "     1  timeout: no answer within 24 h  fridge-9",
          });
    CHECK(render(summary_lines(state, std::nullopt)[0], false).starts_with("job 42 Failed: "));
}

TEST_CASE("the rate is that of the last ten seconds") {
    const TimePoint start = parse_utc("2026-11-22T12:00:00.000Z").value();
    RateMeter meter;
    CHECK_FALSE(meter.per_second());
    meter.sample(start, 0);
    meter.sample(start + Milliseconds(500), 50);
    CHECK_FALSE(meter.per_second());
    meter.sample(start + Seconds(1), 100);
    CHECK(meter.per_second().value() == doctest::Approx(100));
    for (int second = 2; second <= 60; ++second) {
        meter.sample(start + Seconds(second), 100);
    }
    CHECK(meter.per_second().value() == doctest::Approx(0));
    // Run again: the count begins anew, the rate does not go below zero.
    meter.sample(start + Seconds(61), 5);
    CHECK_FALSE(meter.per_second());
}

TEST_CASE("no time left is promised while nothing moves") {
    WatchState state = running();
    state.per_second = 0.0;
    CHECK(rate_text(state).empty());
    CHECK(time_left_text(state).empty());
    state.per_second = std::nullopt;
    CHECK(time_left_text(state).empty());
    CHECK(rate_text(state).empty());
    state.per_second = 3.25;
    CHECK(rate_text(state) == "3.2/s");
    CHECK(time_left_text(state) == "15 s left");
}
