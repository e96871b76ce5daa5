#include "daemon/core/answer_lag.hpp"

#include <doctest/doctest.h>

namespace muster::core {
namespace {

constexpr TimePoint kStart{Seconds{1'000}};

void send(AnswerLag& lag, std::size_t count, TimePoint at) {
    for (std::size_t i = 0; i < count; ++i) {
        lag.sent(at);
    }
}

}  // namespace

TEST_CASE("answers lag by the time since the first message was sent that may still be in a queue") {
    AnswerLag lag;
    CHECK(lag.at(kStart) == Milliseconds{0});
    send(lag, 1, kStart);
    send(lag, AnswerLag::kQueue, kStart + Seconds{1});
    CHECK(lag.at(kStart + Seconds{5}) == Seconds{5});
    SUBCASE("one sent later is answered") {
        send(lag, 1, kStart + Seconds{2});
        lag.answered(kStart);
        CHECK(lag.at(kStart + Seconds{5}) == Seconds{4});
        lag.answered(kStart + Seconds{1});
        CHECK(lag.at(kStart + Seconds{5}) == Milliseconds{0});
    }
    SUBCASE("an answer to one sent earlier tells nothing") {
        lag.answered(kStart - Seconds{1});
        CHECK(lag.at(kStart + Seconds{5}) == Seconds{5});
    }
    SUBCASE("so few are left that they are no queue") {
        lag.answered(kStart);
        CHECK(lag.at(kStart + Seconds{5}) == Milliseconds{0});
    }
    SUBCASE("the clock was set back") {
        CHECK(lag.at(kStart - Seconds{60}) == Milliseconds{0});
    }
    SUBCASE("the connection is lost") {
        lag.forget();
        CHECK(lag.at(kStart + Seconds{5}) == Milliseconds{0});
    }
    SUBCASE("nobody waits for an answer for so long") {
        CHECK(lag.at(kStart + AnswerLag::kMost - Milliseconds{1}) > Seconds{29});
        CHECK(lag.at(kStart + 2 * AnswerLag::kMost) == AnswerLag::kMost);
        lag.forget_silent(kStart + AnswerLag::kMost);
        CHECK(lag.at(kStart + AnswerLag::kMost) == Milliseconds{0});
    }
}

TEST_CASE("answers lag for as long as they are waited for when nobody answers what is sent all the time") {
    AnswerLag lag;
    auto now = kStart;
    for (; now < kStart + 3 * AnswerLag::kMost; now += Milliseconds{100}) {
        send(lag, 10, now);
        lag.forget_silent(now);
    }
    CHECK(lag.at(now) <= AnswerLag::kMost);
    CHECK(lag.at(now) >= AnswerLag::kMost - Milliseconds{100});
}

}  // namespace muster::core
