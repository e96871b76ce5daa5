#include "daemon/runtime/job_topics.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "tests/support/engine_world.hpp"
#include "tests/support/fake_link.hpp"
#include "tests/support/told_feed.hpp"

#include <doctest/doctest.h>

#include <string>

namespace muster::runtime {
namespace {

struct Told {
    test::EngineWorld world;
    test::FakeLink link;
    Topics topics = Topics::standard();
    Outbox outbox{link};
    test::ToldFeed feed;
    JobTopics job_topics{topics, outbox, &feed};

    void note_all() {
        for (const auto& notice : world.take_notices()) {
            job_topics.note(notice, world.engine(), world.now());
        }
    }
    std::vector<mqtt::Publication> retained(JobId job) { return link.published(topics.job(job)); }
    std::vector<mqtt::Publication> events(JobId job) { return link.published(topics.job_event(job)); }
};

boost::json::object object_of(const mqtt::Publication& publication) {
    return parse_json(publication.payload, limits::kReplyBytes, limits::kRequestJsonDepth)
        .value()
        .as_object();
}

}  // namespace

TEST_CASE("A25 SPEC 6.6: a change of state is told at once, retained and as an event") {
    Told told;
    told.world.add_devices(1, 1);
    const auto job = told.world.run(test::settings_job("s"));
    told.note_all();
    REQUIRE(told.retained(job).size() == 1);
    CHECK(told.retained(job)[0].retain);
    CHECK(object_of(told.retained(job)[0]).at("status") == "Running");
    REQUIRE(told.events(job).size() == 1);
    CHECK_FALSE(told.events(job)[0].retain);
    CHECK(format_json(object_of(told.events(job)[0])) ==
          R"({"job":1,"number":1,"at":"2026-01-01T10:00:00.000Z","event":"started","status":"Running",)"
          R"("tally":{"selected":1,"succeeded":0,"failed":0,"pending":1}})");
    told.world.answer(told.world.take_sends().at(0), 200);
    told.note_all();
    CHECK(object_of(told.retained(job).back()).at("status") == "Completed");
    CHECK(object_of(told.events(job).back()).at("event") == "ended");
    CHECK(object_of(told.events(job).back()).at("number") == 2);
    CHECK_FALSE(told.job_topics.due().has_value());
}

TEST_CASE("SPEC 6.6: a tally that moves is told at most four times a second") {
    Told told;
    told.world.add_devices(1, 101);
    const auto job = told.world.run(test::settings_job("s"));
    told.note_all();
    const auto sends = told.world.take_sends();
    const auto before = told.events(job).size();
    for (std::size_t i = 0; i < 100; ++i) {  // ten milliseconds apart
        told.world.answer(sends[i], 200);
        told.world.advance(Milliseconds{10});
        told.note_all();
        told.job_topics.flush(told.world.engine(), told.world.now());
    }
    const auto events = told.events(job).size() - before;
    CHECK(events >= 4);
    CHECK(events <= 5);
    told.world.advance(JobTopics::kInterval);
    told.job_topics.flush(told.world.engine(), told.world.now());
    const auto last = object_of(told.events(job).back());
    CHECK(last.at("event") == "progress");
    CHECK(last.at("tally").at("succeeded") == 100);
    CHECK(last.at("number") == told.events(job).size());
    CHECK(told.retained(job).size() == told.events(job).size());
}

TEST_CASE("SPEC 6.6: a deleted job's topic is cleared") {
    Told told;
    told.world.add_devices(1, 1);
    const auto job = told.world.run(test::settings_job("s"));
    REQUIRE(told.world.ask(core::request::StopJob{job}).has_value());
    told.note_all();
    REQUIRE(told.world.ask(core::request::DeleteJob{job}).has_value());
    told.note_all();
    CHECK(told.retained(job).back().payload.empty());
    CHECK(told.retained(job).back().retain);
    CHECK(object_of(told.events(job).back()).at("event") == "deleted");
    CHECK_FALSE(told.job_topics.due().has_value());
}

TEST_CASE("B03: after a reconnect every job is retained anew, in pieces, without an event") {
    Told told;
    told.world.add_devices(1, 1);
    for (int i = 0; i < 50; ++i) {
        core::request::SaveJob asked;
        asked.spec = test::settings_job("s");
        REQUIRE(told.world.ask(asked).has_value());
    }
    static_cast<void>(told.world.take_notices());
    told.job_topics.connected(told.world.engine());
    const auto now = told.world.now();
    told.job_topics.flush(told.world.engine(), now);
    CHECK(told.link.published().size() == 20);
    CHECK(told.job_topics.due() == now + JobTopics::kStaleInterval);
    told.job_topics.flush(told.world.engine(), now + JobTopics::kStaleInterval / 2);
    CHECK(told.link.published().size() == 20);
    told.job_topics.flush(told.world.engine(), now + JobTopics::kStaleInterval);
    CHECK(told.link.published().size() == 40);
    told.job_topics.flush(told.world.engine(), now + 2 * JobTopics::kStaleInterval);
    CHECK(told.link.published().size() == 50);
    CHECK_FALSE(told.job_topics.due().has_value());
}

}  // namespace muster::runtime
