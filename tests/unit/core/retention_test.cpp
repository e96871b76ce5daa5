#include "tests/support/engine_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace muster::test {
namespace {

using core::NoticeKind;

constexpr Seconds kDay{86'400};

core::EngineOptions keeping(Seconds jobs, Seconds audit) {
    core::EngineOptions options;
    options.keep = {jobs, audit};
    return options;
}

// Runs a job that ends at once; its number.
JobId ended_job(EngineWorld& world, int fan_speed = 3) {
    const auto job = world.run(settings_job("Job", fan_speed));
    for (const auto& sent : world.take_sends()) {
        world.answer(sent, 200);
    }
    return job;
}

std::size_t take_deleted(EngineWorld& world) {
    const auto notices = world.take_notices();
    return static_cast<std::size_t>(
        std::ranges::count(notices, NoticeKind::job_deleted, &core::Notice::kind));
}

std::size_t audit_entries(EngineWorld& world) {
    return world.store().audit({.most = 10'000}).value().items.size();
}

}  // namespace

TEST_CASE("nothing goes, and nothing waits for time, where everything is kept") {
    EngineWorld world;
    world.add_devices(1, 1);
    const auto job = ended_job(world);
    world.advance(400 * kDay);
    CHECK(!world.due().has_value());
    CHECK(world.engine().find_job(job) != nullptr);
}

TEST_CASE("a job goes when it has been over for so long, with its executions, and it is said who did it") {
    EngineWorld world(keeping(2 * kDay, Seconds{0}));
    world.add_devices(1, 2);
    const auto job = ended_job(world);
    world.advance(2 * kDay - Seconds{1});
    CHECK(world.engine().find_job(job) != nullptr);
    world.advance(Seconds{61});
    CHECK(world.engine().find_job(job) == nullptr);
    CHECK(take_deleted(world) == 1);  // by which its topic is cleared
    CHECK(world.rows(job).empty());
    const auto entry = world.store().audit({.most = 1}).value().items.at(0).entry;
    CHECK(entry.user == "(retention)");
    CHECK(entry.action == "job/delete");
    CHECK(entry.subject == to_string(job));
}

TEST_CASE(
    "what is not over stays, however old: saved, Running and Stopped jobs; a rerun outlives its parent") {
    auto options = keeping(kDay, Seconds{0});
    options.timeout = 300 * kDay;
    EngineWorld world(options);
    world.add_devices(1, 2, false);
    const auto running = world.run(settings_job("Waits"));
    const auto stopped = world.run(settings_job("Stopped"));
    REQUIRE(world.ask(core::request::StopJob{stopped}).has_value());
    auto spec = settings_job("Refused");
    spec.policy.timeout = Seconds{10};
    const auto parent = world.run(spec);
    REQUIRE(world.ask(core::request::StopJob{running}).has_value());  // lets the parent have the devices
    world.advance(Seconds{11});
    REQUIRE(world.job(parent).state == core::JobState::failed);
    REQUIRE(world.ask(core::request::RunJob{running, std::nullopt}).has_value());
    core::request::RerunJob rerun{parent, {}};
    rerun.devices.push_back(device_id(1));
    const auto child = std::get<core::JobAnswer>(world.ask(rerun).value()).job;
    world.advance(2 * kDay);
    CHECK(world.engine().find_job(parent) == nullptr);
    CHECK(world.job(running).state == core::JobState::running);
    CHECK(world.job(stopped).state == core::JobState::stopped);
    CHECK(world.job(child).state == core::JobState::pending);
    CHECK(world.job(child).parent == parent);
}

TEST_CASE("many go a few at a time, those that ended first, and the rest soon after") {
    EngineWorld world;
    world.add_devices(1, 1);
    std::vector<JobId> jobs;
    for (std::size_t i = 0; i < 2 * core::kRetiredAtOnce + 5; ++i) {
        jobs.push_back(ended_job(world, static_cast<int>(i % 5)));
        world.advance(Seconds{1});
    }
    world.advance(kDay);
    static_cast<void>(take_deleted(world));
    world.step(core::RetentionChanged{{kDay / 2, Seconds{0}}});  // a reload
    std::vector<std::vector<core::Change>> commits;
    world.keep_commits(commits);
    world.advance(Milliseconds{0});
    CHECK(take_deleted(world) == core::kRetiredAtOnce);
    CHECK(world.engine().find_job(jobs.at(0)) == nullptr);
    CHECK(world.engine().find_job(jobs.at(core::kRetiredAtOnce)) != nullptr);
    world.advance(Seconds{1});
    CHECK(world.engine().jobs().empty());
    for (const auto& changes : commits) {
        CHECK(changes.size() <= 2 * core::kRetiredAtOnce);
    }
}

TEST_CASE(
    "entries of the audit log go by their age, and nothing else with them, until a reload says otherwise") {
    EngineWorld world(keeping(Seconds{0}, kDay));
    world.add_devices(1, 1);
    const auto job = ended_job(world);
    const auto before = audit_entries(world);
    world.advance(kDay / 2);
    static_cast<void>(ended_job(world, 4));
    const auto both = audit_entries(world);
    CHECK(both > before);
    world.advance(kDay / 2 + Seconds{61});
    CHECK(audit_entries(world) == both - before);
    CHECK(world.engine().find_job(job) != nullptr);
    world.step(core::RetentionChanged{});
    CHECK(!world.due().has_value());
}

TEST_CASE("the key of a request is free again when the job that it made is gone") {
    EngineWorld world(keeping(kDay, Seconds{0}));
    world.add_devices(1, 1);
    core::request::SaveJob asked;
    asked.spec = settings_job("Once");
    asked.run = true;
    asked.mark = {"key-1", "00"};
    const auto first = std::get<core::JobAnswer>(world.ask(asked).value()).job;
    world.answer(world.take_sends().at(0), 200);
    CHECK(std::get<core::JobAnswer>(world.ask(asked).value()).job == first);
    world.advance(kDay + Seconds{61});
    CHECK(std::get<core::JobAnswer>(world.ask(asked).value()).job != first);
}

}  // namespace muster::test
