#include "daemon/core/roll_call.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace muster::core {
namespace {

constexpr TimePoint kStart{Milliseconds{1'000'000}};
constexpr RollCall::Fleet kHeard{3'000, 0};

// What was asked, and when, in seconds from the start, until `until`.
struct Asked {
    std::vector<std::int64_t> at;
    std::vector<std::int64_t> spreads;
    std::vector<std::int64_t> over;
};

Asked play(RollCall& calls, TimePoint until, const RollCall::Fleet& fleet) {
    Asked asked;
    while (const auto due = calls.due()) {
        if (*due > until) {
            break;
        }
        const auto verdict = calls.expire(*due, fleet);
        const auto seconds = std::chrono::floor<Seconds>(*due - kStart).count();
        if (verdict.ask) {
            asked.at.push_back(seconds);
            asked.spreads.push_back(verdict.ask->count());
        }
        if (verdict.over) {
            asked.over.push_back(seconds);
        }
    }
    return asked;
}

void burst(RollCall& calls, TimePoint at, std::size_t news = RollCall::kBurst) {
    for (std::size_t i = 0; i < news; ++i) {
        calls.note_news(at);
    }
}

}  // namespace

TEST_CASE("B03 SPEC 5.9: each connection begins with a roll call, over as soon as all were heard") {
    RollCall calls;
    CHECK_FALSE(calls.due());
    calls.link_up(kStart);
    const auto asked = play(calls, kStart + Seconds{3'600}, kHeard);
    CHECK(asked.at == std::vector<std::int64_t>{0});
    CHECK(asked.spreads == std::vector<std::int64_t>{4});  // 3,000 devices, a thousand a second
    CHECK(asked.over == std::vector<std::int64_t>{9});
}

TEST_CASE("who is silent is asked twice more, with more time, and then given up") {
    RollCall calls;
    calls.link_up(kStart);
    const auto asked = play(calls, kStart + Seconds{3'600}, {3'000, 7});
    CHECK(asked.spreads == std::vector<std::int64_t>{4, 8, 16});
    CHECK(asked.at == std::vector<std::int64_t>{0, 9, 22});
    CHECK(asked.over == std::vector<std::int64_t>{43});
}

TEST_CASE("a burst is followed by a roll call when it is over; news one by one are not") {
    RollCall calls;
    calls.link_up(kStart);
    static_cast<void>(play(calls, kStart + Seconds{60}, kHeard));
    for (int i = 1; i <= 2'000; ++i) {
        burst(calls, kStart + Seconds{60 + 3 * i}, 1);
    }
    CHECK_FALSE(calls.due());
    burst(calls, kStart + Seconds{7'000});
    burst(calls, kStart + Seconds{7'001});
    const auto asked = play(calls, kStart + Seconds{9'000}, kHeard);
    CHECK(asked.at == std::vector<std::int64_t>{7'003});
    CHECK(asked.over == std::vector<std::int64_t>{7'012});
}

TEST_CASE("a round whose answers were a burst themselves is followed by a slower one") {
    RollCall calls;
    calls.link_up(kStart);
    CHECK(calls.expire(kStart, kHeard).ask == Seconds{4});
    burst(calls, kStart + Seconds{2});
    const auto asked = play(calls, kStart + Seconds{60}, kHeard);
    CHECK(asked.spreads == std::vector<std::int64_t>{8});
    CHECK(asked.over.size() == 1);
}

TEST_CASE("lost messages are asked for again, however few news there were") {
    RollCall calls;
    calls.link_up(kStart);
    static_cast<void>(play(calls, kStart + Seconds{60}, kHeard));
    calls.note_loss(kStart + Seconds{60});
    CHECK(play(calls, kStart + Seconds{120}, kHeard).at == std::vector<std::int64_t>{62});
}

TEST_CASE("a fleet that flaps all the time is asked more and more seldom, and again soon when it was calm") {
    RollCall calls;
    calls.link_up(kStart);
    std::size_t rounds = 0;
    for (int second = 0; second < 24 * 3'600; ++second) {
        burst(calls, kStart + Seconds{second}, 600);
        rounds += play(calls, kStart + Seconds{second}, kHeard).at.size();
    }
    CHECK(rounds < 110);  // three in each roll call, a few hundred seconds together
    const auto calm = kStart + Seconds{4 * 24 * 3'600};
    static_cast<void>(play(calls, calm, kHeard));
    burst(calls, calm);
    CHECK(play(calls, calm + Seconds{60}, kHeard).at.size() == 1);
}

TEST_CASE("while the connection is lost nobody is asked, and the next one begins anew") {
    RollCall calls;
    calls.link_up(kStart);
    burst(calls, kStart);
    calls.link_down();
    CHECK_FALSE(calls.due());
    CHECK_FALSE(calls.expire(kStart + Seconds{600}, {3'000, 7}).over);
    calls.link_up(kStart + Seconds{700});
    CHECK(play(calls, kStart + Seconds{800}, kHeard).at == std::vector<std::int64_t>{700});
}

TEST_CASE("the time that a fleet is given has a limit") {
    RollCall calls;
    calls.link_up(kStart);
    CHECK(calls.expire(kStart, {1'000'000, 1}).ask == Seconds{1'001});
    CHECK(calls.expire(*calls.due(), {1'000'000, 1}).ask == RollCall::kLongestSpread);
}

}  // namespace muster::core
