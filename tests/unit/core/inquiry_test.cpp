#include "daemon/core/inquiry.hpp"

#include "tests/contract/changes.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdint>
#include <vector>

namespace muster::core {
namespace {

using test::device_id;

constexpr TimePoint kStart{Milliseconds{1'000'000}};

// A gateway that has lost its connection: of nobody it is known whether they are there.
struct Fleet {
    Registry registry;

    explicit Fleet(std::size_t devices) {
        for (std::size_t i = 0; i < devices; ++i) {
            Device device;
            device.id = device_id(fmt::format("fridge-{}", i));
            registry.set_online(registry.add(std::move(device)), i % 2 == 0, kStart);
        }
        registry.forget_heard();
    }
};

// How many are asked for in each step, answered at once, until nothing is due.
std::vector<std::size_t> play(Inquiry& inquiry, TimePoint now, const Registry& registry) {
    std::vector<std::size_t> asked;
    while (inquiry.due() == now) {
        if (const auto some = inquiry.expire(now, registry).size(); some > 0) {
            asked.push_back(some);
        }
        inquiry.note_answer(now);
    }
    return asked;
}

}  // namespace

TEST_CASE("when the broker has told all by itself, it is asked for those who are missing, online or not") {
    Fleet fleet(250);
    Inquiry inquiry;
    CHECK_FALSE(inquiry.due());
    inquiry.link_up(kStart);
    const auto told = kStart + Milliseconds{900};
    inquiry.note_status(told);
    fleet.registry.hear(DeviceIndex{7});
    CHECK(inquiry.expire(told, fleet.registry).empty());
    CHECK(inquiry.due() == told + Inquiry::kQuiet);
    CHECK(play(inquiry, told + Inquiry::kQuiet, fleet.registry) == std::vector<std::size_t>{100, 100, 49});
    CHECK_FALSE(inquiry.due());  // each once
}

TEST_CASE("the next are asked for when the broker has answered, however much it tells meanwhile") {
    Fleet fleet(101);
    Inquiry inquiry;
    inquiry.link_up(kStart);
    const auto first = kStart + Inquiry::kQuiet;
    CHECK(inquiry.expire(first, fleet.registry).size() == 100);
    const auto later = first + Milliseconds{20};
    inquiry.note_status(later);
    CHECK(inquiry.expire(later, fleet.registry).empty());
    inquiry.note_answer(later);
    CHECK(inquiry.due() == later);
    CHECK(inquiry.expire(later, fleet.registry) == std::vector{DeviceIndex{100}});
}

TEST_CASE("a question whose answer the broker has dropped is asked again, and the others after it") {
    Fleet fleet(250);
    Inquiry inquiry;
    inquiry.link_up(kStart);
    const auto first = kStart + Inquiry::kQuiet;
    CHECK(inquiry.expire(first, fleet.registry).size() == 100);
    CHECK(inquiry.due() == first + Inquiry::kPatience);
    fleet.registry.hear(DeviceIndex{0});
    inquiry.note_status(first);  // of some it had told before it dropped the rest
    const auto again = inquiry.expire(first + Inquiry::kPatience, fleet.registry);
    CHECK(again.size() == 100);
    CHECK(again.front() == DeviceIndex{1});
    const auto answered = first + Inquiry::kPatience + Milliseconds{5};
    inquiry.note_answer(answered);
    CHECK(play(inquiry, answered, fleet.registry) == std::vector<std::size_t>{100, 49});
    CHECK_FALSE(inquiry.due());
}

TEST_CASE("when all were heard whom a question without an answer was for, the next are asked for") {
    Fleet fleet(10'000);
    Inquiry inquiry;
    inquiry.link_up(kStart);
    auto now = kStart + Inquiry::kQuiet;
    CHECK(inquiry.expire(now, fleet.registry).size() == 100);
    for (std::uint32_t index = 0; index + 1 < 10'000; ++index) {
        fleet.registry.hear(DeviceIndex{index});
    }
    now += Inquiry::kPatience;
    for (int pieces = 0; pieces < 2; ++pieces) {
        CHECK(inquiry.expire(now, fleet.registry).empty());
        now += Inquiry::kPause;
    }
    CHECK(inquiry.expire(now, fleet.registry) == std::vector{DeviceIndex{9'999}});
}

TEST_CASE("a broker that never answers is asked so many times in a connection, and anew in the next") {
    Fleet fleet(300);
    Inquiry inquiry;
    inquiry.link_up(kStart);
    auto now = kStart + Inquiry::kQuiet;
    for (int question = 0; question < Inquiry::kQuestions; ++question) {
        CHECK(inquiry.due() == now);
        CHECK(inquiry.expire(now, fleet.registry).front() == DeviceIndex{0});
        now += Inquiry::kPatience;
    }
    CHECK(inquiry.expire(now, fleet.registry).empty());
    CHECK_FALSE(inquiry.due());
    inquiry.note_status(now);
    CHECK_FALSE(inquiry.due());

    inquiry.link_down();  // which is no answer: it came long after the first question
    inquiry.link_up(now);
    CHECK(inquiry.expire(now + Inquiry::kQuiet, fleet.registry).size() == 100);
}

TEST_CASE("a broker that answers late is asked for the next when it has, as one of a million devices may") {
    Fleet fleet(250);
    Inquiry inquiry;
    inquiry.link_up(kStart);
    const auto first = kStart + Inquiry::kQuiet;
    CHECK(inquiry.expire(first, fleet.registry).size() == 100);
    for (int question = 1; question < Inquiry::kQuestions; ++question) {
        CHECK(inquiry.expire(first + question * Inquiry::kPatience, fleet.registry).size() == 100);
    }
    const auto late = first + Inquiry::kQuestions * Inquiry::kPatience;
    CHECK(inquiry.expire(late, fleet.registry).empty());
    inquiry.note_answer(late);
    CHECK(inquiry.due() == late);
    CHECK(play(inquiry, late, fleet.registry) == std::vector<std::size_t>{100, 50});
}

TEST_CASE("a broker that hangs up instead of an answer is left alone on the next connection") {
    Fleet fleet(300);
    Inquiry inquiry;
    inquiry.link_up(kStart);
    CHECK(inquiry.expire(kStart + Inquiry::kQuiet, fleet.registry).size() == 100);
    inquiry.link_down();
    CHECK_FALSE(inquiry.due());
    inquiry.link_down();  // said again for each attempt to come back
    inquiry.link_up(kStart);
    CHECK_FALSE(inquiry.due());
    inquiry.note_status(kStart);
    inquiry.note_answer(kStart);
    CHECK_FALSE(inquiry.due());
    inquiry.link_down();
    inquiry.link_up(kStart);
    CHECK(inquiry.due() == kStart + Inquiry::kQuiet);
}

TEST_CASE("a large fleet of which most were heard is looked through some at a time") {
    Fleet fleet(10'000);
    for (std::uint32_t index = 0; index + 1 < 10'000; ++index) {
        fleet.registry.hear(DeviceIndex{index});
    }
    Inquiry inquiry;
    inquiry.link_up(kStart);
    auto now = kStart + Inquiry::kQuiet;
    for (int pieces = 0; pieces < 2; ++pieces) {
        CHECK(inquiry.expire(now, fleet.registry).empty());
        CHECK(inquiry.expire(now, fleet.registry).empty());  // not before its pause is over
        CHECK(inquiry.due() == now + Inquiry::kPause);
        now += Inquiry::kPause;
    }
    CHECK(inquiry.expire(now, fleet.registry) == std::vector{DeviceIndex{9'999}});
}

TEST_CASE("without devices there is nothing to ask for") {
    const Registry none;
    Inquiry inquiry;
    inquiry.link_up(kStart);
    CHECK(inquiry.expire(kStart + Inquiry::kQuiet, none).empty());
    CHECK_FALSE(inquiry.due());
}

}  // namespace muster::core
