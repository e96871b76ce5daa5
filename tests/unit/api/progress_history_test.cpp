#include "daemon/api/progress_history.hpp"

#include "protocol/codec.hpp"
#include "tests/unit/api/api_caller.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

namespace muster::api {
namespace {

using test::ApiCaller;
using Sample = ProgressHistory::Sample;

// Feeds the history as the runtime does, in virtual time.
class Follower {
public:
    explicit Follower(ApiCaller& caller) : world_(caller.world()) {}

    // All notices since it was last called, as of one commit.
    void commit() {
        for (const auto& notice : world_.take_notices()) {
            history_.note(notice);
        }
        history_.committed(world_.engine(), world_.now());
    }
    void answer(std::size_t index, int code = 200) {
        const auto more = world_.take_sends();
        sends_.insert(sends_.end(), more.begin(), more.end());
        world_.answer(sends_.at(index), code);
        commit();
    }
    [[nodiscard]] ProgressHistory& history() { return history_; }

private:
    test::EngineWorld& world_;
    std::vector<core::SendOperation> sends_;
    ProgressHistory history_;
};

// "at+ms:succeeded/failed/pending" of each.
std::string text_of(const ProgressHistory::Course& course) {
    std::string text;
    const auto begin = course.samples.front().at;
    for (const auto& sample : course.samples) {
        text += fmt::format("{}:{}/{}/{} ", (sample.at - begin).count(), sample.tally.succeeded,
                            sample.tally.failed, sample.tally.pending);
    }
    return text;
}

}  // namespace

TEST_CASE("a job's samples are 250 ms apart, the end is one, and a pause is flat") {
    ApiCaller caller;
    auto& world = caller.world();
    world.add_devices(1, 5);
    Follower follower(caller);
    world.run(test::settings_job("s"));
    follower.commit();
    follower.answer(0);
    world.advance(Milliseconds{250});
    follower.answer(1, 400);
    world.advance(Milliseconds{100});
    follower.answer(2);
    world.advance(Milliseconds{1000});
    follower.answer(3);
    const auto* course = follower.history().find(JobId{1});
    REQUIRE(course != nullptr);
    CHECK(course->complete);
    CHECK_FALSE(course->ended);
    CHECK(text_of(*course) == "0:0/0/5 250:1/1/3 350:2/1/2 1350:3/1/1 ");
    world.advance(Milliseconds{1});
    follower.answer(4);
    CHECK(text_of(*course) == "0:0/0/5 250:1/1/3 350:2/1/2 1350:3/1/1 1351:4/1/0 ");
    CHECK(course->ended);
}

TEST_CASE("samples are bounded and stay even: when they are full, every second one goes") {
    ApiCaller caller;
    auto& world = caller.world();
    constexpr std::size_t kDevices = 1000;
    world.add_devices(1, kDevices);
    Follower follower(caller);
    auto one_by_one = test::settings_job("s");
    one_by_one.policy.window = 1;
    world.run(one_by_one);
    follower.commit();
    for (std::size_t i = 0; i + 1 < kDevices; ++i) {
        world.advance(Milliseconds{250});
        follower.answer(i);
        const auto& course = *follower.history().find(JobId{1});
        CHECK(course.samples.size() <= ProgressHistory::kSamples);
        CHECK(course.samples.front().tally.pending == kDevices);
    }
    const auto& course = *follower.history().find(JobId{1});
    CHECK(course.interval > Milliseconds{250});
    CHECK(course.samples.size() > ProgressHistory::kSamples / 3);
    for (std::size_t i = 1; i < course.samples.size(); ++i) {
        CHECK(course.samples[i].at - course.samples[i - 1].at <= course.interval);
        CHECK(course.samples[i].tally.succeeded > course.samples[i - 1].tally.succeeded);
    }
}

TEST_CASE("a job that is run again begins anew, one that is deleted is forgotten") {
    ApiCaller caller;
    auto& world = caller.world();
    world.add_devices(1, 2);
    Follower follower(caller);
    world.run(test::settings_job("s"));
    follower.commit();
    follower.answer(0);
    REQUIRE(caller.call("job/stop", R"({"job":1})").has_value());
    follower.commit();
    CHECK(follower.history().find(JobId{1})->ended);
    CHECK(follower.history().find(JobId{1})->samples.back().tally == core::Tally{1, 0, 1});
    world.advance(Milliseconds{5000});
    REQUIRE(caller.call("job/run", R"({"job":1})").has_value());
    follower.commit();
    CHECK(text_of(*follower.history().find(JobId{1})) == "0:1/0/1 ");
    CHECK_FALSE(follower.history().find(JobId{1})->ended);
    REQUIRE(caller.call("job/stop", R"({"job":1})").has_value());
    REQUIRE(caller.call("job/delete", R"({"job":1})").has_value());
    follower.commit();
    CHECK(follower.history().find(JobId{1}) == nullptr);
}

TEST_CASE("as many jobs are remembered as allowed, and the longest ended are forgotten first") {
    ApiCaller caller;
    auto& world = caller.world();
    world.add_devices(1, 1);
    Follower follower(caller);
    const auto run = [&] {
        world.run(test::settings_job("s"));
        follower.commit();
        world.advance(Milliseconds{1000});
    };
    run();
    run();
    run();
    REQUIRE(caller.call("job/stop", R"({"job":3})").has_value());
    world.advance(Milliseconds{1});
    REQUIRE(caller.call("job/stop", R"({"job":2})").has_value());
    follower.commit();
    for (std::size_t i = 3; i < ProgressHistory::kJobs; ++i) {
        run();
    }
    const auto known = [&](std::uint64_t job) { return follower.history().find(JobId{job}) != nullptr; };
    CHECK((known(1) && known(2) && known(3)));
    run();
    run();
    CHECK(known(1));
    CHECK_FALSE(known(2));
    CHECK_FALSE(known(3));
    run();  // no job that ended is left: the one that moved longest ago goes
    CHECK_FALSE(known(1));
    CHECK(known(4));
}

TEST_CASE("job/progress: the samples up to now, and whether they are all") {
    ApiCaller caller;
    auto& world = caller.world();
    world.add_devices(1, 2);
    REQUIRE(
        caller
            .call(
                "job/save",
                R"({"name":"n","set":"fridges","type":"settings","operations":[{"name":"fanSpeed","value":3}]})")
            .has_value());
    CHECK(format_json(caller.result("job/progress", R"({"job":1})")) ==
          R"({"job":1,"started_at":null,"complete":true,"items":[]})");
    REQUIRE(caller.call("job/run", R"({"job":1})").has_value());
    // Nothing was followed, as after a restart.
    const auto restarted = caller.result("job/progress", R"({"job":1})");
    CHECK(restarted.at("complete") == false);
    REQUIRE(restarted.at("items").as_array().size() == 1);
    CHECK(restarted.at("items").at(0).at("pending") == 2);

    Follower follower(caller);
    follower.commit();
    world.advance(Milliseconds{10});
    follower.answer(0);
    world.advance(Milliseconds{10});
    const auto prepared =
        prepare({"anna", Role::viewer, "job/progress", test::object_of(R"({"job":1})")}, caller.view());
    auto view = caller.view();
    view.progress = &follower.history();
    view.now = world.now();
    const auto answer = prepared->answer(view, nullptr).value();
    CHECK(answer.at("complete") == true);
    const auto& items = answer.at("items").as_array();
    REQUIRE(items.size() == 3);
    CHECK(items[0].at("pending") == 2);
    CHECK(items[1].at("pending") == 1);
    CHECK(items[2].at("succeeded") == 1);
    CHECK(items[2].at("at").as_string() == format_utc(world.now()));
}

}  // namespace muster::api
