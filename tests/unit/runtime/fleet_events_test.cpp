#include "daemon/runtime/fleet_events.hpp"

#include "protocol/codec.hpp"
#include "tests/support/engine_world.hpp"
#include "tests/support/told_feed.hpp"

#include <doctest/doctest.h>

using namespace muster;
using namespace muster::runtime;
using core::NoticeKind;

namespace {

struct Told {
    test::EngineWorld world;
    test::ToldFeed feed;
    FleetEvents events{&feed};
    TimePoint now{Seconds(1'800'000'000)};

    void note(NoticeKind kind, std::string name) {
        events.note({kind, JobId::none, std::move(name), core::Reason::none, {}});
    }
    // As the gateway does: when it is due.
    void pass(Milliseconds time) {
        now += time;
        events.flush(world.engine(), now);
    }
};

}  // namespace

TEST_CASE("devices that come and go are told together, at most once a second") {
    Told told;
    CHECK_FALSE(told.events.due().has_value());
    told.note(NoticeKind::device_online, "a");
    told.note(NoticeKind::device_online, "b");
    told.note(NoticeKind::device_offline, "a");
    told.pass(Milliseconds(1));
    const auto first = told.feed.take("devices");
    REQUIRE(first.size() == 1);
    CHECK(format_json(first[0].at("changed")) ==
          R"([{"device":"a","online":false},{"device":"b","online":true}])");
    CHECK(first[0].at("more") == false);
    told.note(NoticeKind::device_online, "a");
    told.pass(Milliseconds(999));
    CHECK(told.feed.take("devices").empty());
    CHECK(told.events.due() == told.now + Milliseconds(1));
    told.pass(Milliseconds(1));
    CHECK(told.feed.take("devices").size() == 1);
    CHECK_FALSE(told.events.due().has_value());
}

TEST_CASE("of a million devices that come at once, as many are named as a reader can use") {
    Told told;
    for (int i = 0; i < 1'000; ++i) {
        told.note(NoticeKind::device_online, "d" + std::to_string(i));
    }
    told.pass(Milliseconds(1));
    const auto told_of = told.feed.take("devices");
    REQUIRE(told_of.size() == 1);
    CHECK(told_of[0].at("changed").as_array().size() == FleetEvents::kMostDevices);
    CHECK(told_of[0].at("more") == true);
}

TEST_CASE("what changes in the registry is named, or where it is too much, its kind") {
    Told told;
    told.note(NoticeKind::set_changed, "fridges");
    told.note(NoticeKind::set_changed, "fridges");
    told.note(NoticeKind::template_changed, "fridge");
    told.pass(Milliseconds(1));
    const auto few = told.feed.take("registry");
    REQUIRE(few.size() == 2);
    CHECK(format_json(few[0]) == R"({"kind":"set","name":"fridges"})");
    for (int i = 0; i < 1'000; ++i) {
        told.note(NoticeKind::device_registered, "d" + std::to_string(i));
    }
    told.note(NoticeKind::set_changed, "fridges");
    told.pass(FleetEvents::kInterval);
    const auto many = told.feed.take("registry");
    REQUIRE(many.size() == 2);
    CHECK(format_json(many[0]) == R"({"kind":"set","name":"fridges"})");
    CHECK(format_json(many[1]) == R"({"kind":"device","name":""})");
}

TEST_CASE("where nobody watches nothing is kept") {
    FleetEvents events{nullptr};
    events.note({NoticeKind::device_online, JobId::none, "a", core::Reason::none, {}});
    CHECK_FALSE(events.due().has_value());
}
