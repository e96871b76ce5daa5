// Each fault of FleetOptions by itself, then all of them together.
#include "tests/unit/device-sim/model/device_fixture.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

using namespace muster;
using namespace muster::sim;
using namespace muster::sim::test;

TEST_CASE("reject: every operation is refused with the device's own reason, and nothing is changed") {
    Faults faults;
    faults.reject = 100;
    Device device(faults);
    const boost::json::object before = device.model().state();
    const Reaction first = device.set(operation_id(1), 4);
    const Reaction second = device.set(operation_id(2), 5);
    CHECK(first.outcome == Outcome::rejected);
    CHECK(only_ack(first).code == 400);
    CHECK_FALSE(only_ack(first).message.empty());
    CHECK(only_ack(second).message == only_ack(first).message);
    CHECK(device.model().state() == before);
}

TEST_CASE("drop: before executing nothing has happened, after it only the ack is missing") {
    Faults faults;
    faults.drop = 100;
    faults.drop_moment = LossMoment::before;
    Device before(faults);
    const Reaction unheard = before.set(operation_id(1), 4);
    CHECK(unheard.outcome == Outcome::lost);
    CHECK_FALSE(unheard.ack_lost);
    CHECK(unheard.publications.empty());
    CHECK(before.model().state().at("fanSpeed") != 4);

    faults.drop_moment = LossMoment::after;
    Device after(faults);
    const Reaction unanswered = after.set(operation_id(1), 4);
    CHECK(unanswered.outcome == Outcome::executed);
    CHECK(unanswered.ack_lost);
    CHECK(of_kind(unanswered, PublicationKind::ack).empty());
    CHECK(of_kind(unanswered, PublicationKind::state).size() == 1);
    CHECK(after.model().state().at("fanSpeed") == 4);
}

TEST_CASE("drop: is tossed for each message, so that a repeat gets through") {
    Faults faults;
    faults.drop = 50;
    Device device(faults);
    int before = 0;
    int after = 0;
    for (int number = 0; number < 1000; ++number) {
        const Reaction reaction = device.set(operation_id(number), number % 3);
        before += static_cast<int>(reaction.outcome == Outcome::lost);
        after += static_cast<int>(reaction.ack_lost);
    }
    CHECK(before > 200);
    CHECK(before < 300);
    CHECK(after > 200);
    CHECK(after < 300);
}

TEST_CASE("duplicate: the same ack twice") {
    Faults faults;
    faults.duplicate = 100;
    Device device(faults);
    const auto acks = of_kind(device.set(operation_id(1), 4), PublicationKind::ack);
    REQUIRE(acks.size() == 2);
    CHECK(acks[0].payload == acks[1].payload);
}

TEST_CASE("delay: within its range, and never overtaking") {
    Faults faults;
    faults.delay = {Milliseconds(10), Milliseconds(200)};
    Device device(faults);
    TimePoint last{};
    for (int number = 0; number < 100; ++number) {
        const TimePoint now = kNow + Milliseconds(300 * number);
        const auto acks = of_kind(device.set(operation_id(number), 1, now), PublicationKind::ack);
        REQUIRE(acks.size() == 1);
        CHECK(acks[0].due >= now + Milliseconds(10));
        CHECK(acks[0].due <= now + Milliseconds(200));
        last = acks[0].due;
        const Reaction next = device.set(operation_id(1000 + number), 2, now);
        CHECK(next.publications.front().due >= last);
    }
}

TEST_CASE("progress: a command answers 202 before it answers 200, a setting does not") {
    Faults faults;
    faults.progress = true;
    faults.delay = {Milliseconds(1000), Milliseconds(1000)};
    Device device(faults);
    const Reaction call = device.hear(R"({"id":"1.1.0-abcdefgh","call":"defrost"})");
    const auto progress = of_kind(call, PublicationKind::progress);
    REQUIRE(progress.size() == 2);
    CHECK(decode_ack(progress[0].payload).value().code == 202);
    CHECK(decode_ack(progress[0].payload).value().progress == 0);
    CHECK(progress[0].due == kNow);
    CHECK(decode_ack(progress[1].payload).value().progress == 50);
    CHECK(progress[1].due == kNow + Milliseconds(500));
    CHECK(call.publications.back().kind == PublicationKind::ack);
    CHECK(call.publications.back().due == kNow + Milliseconds(1000));
    CHECK(only_ack(call).code == 200);

    Device other(faults);
    CHECK(of_kind(other.set(operation_id(2), 1), PublicationKind::progress).empty());
}

TEST_CASE("B13: not_now: 503 with after, nothing executed, and the id is not remembered") {
    Faults faults;
    faults.not_now = 100;
    Device device(faults);
    const boost::json::object before = device.model().state();
    for (int attempt = 0; attempt < 3; ++attempt) {
        const Reaction reaction = device.set(operation_id(1), 4);
        CHECK(reaction.outcome == Outcome::not_now);
        const Ack ack = only_ack(reaction);
        CHECK(meaning(ack) == AckMeaning::not_now);
        CHECK(ack.after.value_or(0) >= 1);
        CHECK(ack.after.value_or(0) <= 3);
    }
    CHECK(device.model().state() == before);
}

TEST_CASE("malformed: what comes instead of the ack is never a valid one") {
    Faults faults;
    faults.malformed = 100;
    Device device(faults);
    std::map<std::string, int> seen;
    for (int number = 0; number < 100; ++number) {
        const auto garbage = of_kind(device.set(operation_id(7), number % 3), PublicationKind::malformed_ack);
        REQUIRE(garbage.size() == 1);
        CHECK_FALSE(decode_ack(garbage[0].payload).has_value());
        ++seen[garbage[0].payload];
    }
    CHECK(seen.size() >= 5);
}

TEST_CASE("SPEC 5.2: text acks read back as the same answer") {
    Faults faults;
    faults.text_acks = 100;
    Device device(faults);
    const auto done = of_kind(device.set(operation_id(1), 4), PublicationKind::ack);
    REQUIRE(done.size() == 1);
    CHECK(done[0].payload == "1.1.0-abcdefgh 200");
    const auto refused = of_kind(device.set(operation_id(2), 99), PublicationKind::ack);
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].payload == "1.2.0-abcdefgh 400 out of range");
    CHECK(decode_ack(refused[0].payload).value().message == "out of range");
}

TEST_CASE("offline: only registered, as a device that is not there") {
    Faults faults;
    faults.offline = 100;
    Device device(faults);
    CHECK_FALSE(device.model().online());
    const std::vector<Publication> births = device.model().births(kNow);
    REQUIRE(births.size() == 2);
    CHECK(births[0].kind == PublicationKind::info);
    CHECK_FALSE(decode_status(births[1].payload).value());
    CHECK(device.set(operation_id(1), 4).outcome == Outcome::offline);
}

TEST_CASE("churn: times online and away stay in their ranges") {
    Faults faults;
    faults.churn = DurationRange{Milliseconds(5000), Milliseconds(7000)};
    faults.away = {Milliseconds(100), Milliseconds(100)};
    Device device(faults);
    for (int round = 0; round < 100; ++round) {
        const Milliseconds online = device.model().time_online();
        CHECK(online >= Milliseconds(5000));
        CHECK(online <= Milliseconds(7000));
    }
    CHECK(device.model().time_away() == Milliseconds(100));
}

namespace {

Faults everything() {
    Faults faults;
    faults.drop = 20;
    faults.duplicate = 20;
    faults.not_now = 20;
    faults.malformed = 20;
    faults.delay = {Milliseconds(0), Milliseconds(300)};
    faults.progress = true;
    return faults;
}

// Everything that a device did, as text.
std::string story(std::uint64_t seed) {
    FleetOptions options = one_refrigerator(everything());
    options.seed = seed;
    Device device(options);
    std::string text;
    for (int number = 0; number < 50; ++number) {
        const Reaction reaction =
            device.set(operation_id(number / 2), number % 5, kNow + Milliseconds(100 * number));
        text += std::to_string(static_cast<int>(reaction.outcome)) + ' ';
        for (const Publication& publication : reaction.publications) {
            text += publication.payload + '@' + std::to_string((publication.due - kNow).count()) + '\n';
        }
    }
    return text;
}

}  // namespace

TEST_CASE("The same seed gives the same story, another seed another") {
    CHECK(story(7) == story(7));
    CHECK(story(7) != story(8));
}

TEST_CASE("Whatever is lost and repeated, an operation is executed at most once and acked once executed") {
    const std::uint64_t seed = std::random_device{}();
    CAPTURE(seed);
    FleetOptions options = one_refrigerator(everything());
    options.seed = seed;
    Device device(options);
    TimePoint now = kNow;
    for (int number = 0; number < 200; ++number) {
        int executed = 0;
        bool acked = false;
        for (int attempt = 0; attempt < 200 && !acked; ++attempt) {
            const Reaction reaction = device.set(operation_id(number), number % 5, now);
            executed += static_cast<int>(reaction.outcome == Outcome::executed);
            for (const Publication& publication : of_kind(reaction, PublicationKind::ack)) {
                acked = acked || decode_ack(publication.payload).value().code == 200;
            }
            now += Milliseconds(500);
        }
        CHECK(acked);
        CHECK(executed == 1);
    }
}
