#include "daemon/core/restoration.hpp"

#include "tests/support/engine_world.hpp"

#include <doctest/doctest.h>

namespace muster::test {
namespace {

using core::JobState;

constexpr std::uint64_t kEpoch = 42;

// An engine that goes on from a backup, as the daemon does after a restore.
class Restored {
public:
    Restored(const store::MemoryStore& backup, TimePoint now) : store_(backup.reopened()), now_(now) {
        REQUIRE(store_.commit(core::after_restore(store_.load().value(), now)).has_value());
        auto snapshot = store_.load().value();
        snapshot.epoch = kEpoch;
        engine_ = std::make_unique<core::Engine>(core::EngineOptions{}, std::move(snapshot));
        step(core::LinkUp{300});
    }

    void step(const core::Event& event) {
        engine_->step(now_, event, effects_);
        REQUIRE(store_.commit(effects_.changes).has_value());
        effects_.changes.clear();
    }
    void online(std::size_t number) { step(core::StatusReceived{device_id(number), true, false}); }
    void answer(std::size_t number, const OperationId& id) {
        Ack ack;
        ack.id = to_string(id);
        ack.code = 200;
        step(core::AckReceived{device_id(number), ack});
    }
    [[nodiscard]] std::vector<core::SendOperation> take_sends() {
        std::vector<core::SendOperation> sent;
        for (const auto& send : std::exchange(effects_.sends, {})) {
            if (const auto* operation = std::get_if<core::SendOperation>(&send)) {
                sent.push_back(*operation);
            }
        }
        return sent;
    }
    [[nodiscard]] const core::Effects& effects() const { return effects_; }
    [[nodiscard]] const core::Job& job(JobId id) const { return *engine_->find_job(id); }
    [[nodiscard]] core::Execution row(JobId job) {
        return store_.executions({.job = job, .most = 1}).value().items.at(0);
    }

private:
    store::MemoryStore store_;
    TimePoint now_;
    std::unique_ptr<core::Engine> engine_;
    core::Effects effects_;
};

core::request::SaveJob run_now(core::JobSpec spec) {
    core::request::SaveJob asked;
    asked.spec = std::move(spec);
    asked.run = true;
    return asked;
}

}  // namespace

TEST_CASE("Promise 3: a job number that is given again after a restore has ids that no device remembers") {
    EngineWorld world;
    world.add_devices(1, 1);
    const store::MemoryStore backup = world.store();
    const auto job = world.run(settings_job("After the backup"));
    const auto old = world.take_sends().at(0);
    Restored restored(backup, world.now());
    restored.step(core::Asked{1, "anna", run_now(settings_job("Another", 5))});
    const auto fresh = restored.take_sends().at(0);
    CHECK(fresh.operation.job == job);  // the same number
    CHECK(fresh.operation.tag != old.operation.tag);
    // An answer to the old message, still on its way, is none to this one.
    restored.answer(1, old.operation);
    CHECK(restored.effects().notices.back().kind == core::NoticeKind::ack_foreign);
    CHECK(restored.job(job).tally.pending == 1);
    restored.answer(1, fresh.operation);
    CHECK(restored.job(job).state == JobState::completed);
    // One that is sent again by the device is known to be ours, though the job is over.
    restored.answer(1, fresh.operation);
    CHECK(restored.effects().notices.back().kind != core::NoticeKind::ack_foreign);
}

TEST_CASE("Promise 3: a settings job that ran when the backup was made goes on with the ids that it gave") {
    EngineWorld world;
    world.add_devices(1, 2);
    const auto job = world.run(settings_job("At work"));
    const auto sent = world.take_sends();
    const store::MemoryStore backup = world.store();
    world.answer(sent.at(0), 200);  // what came after the backup is not in it
    Restored restored(backup, world.now());
    const auto again = restored.take_sends();
    REQUIRE(again.size() == 2);
    CHECK(again.at(0).operation == sent.at(0).operation);  // its device answers from memory
    CHECK(again.at(1).operation == sent.at(1).operation);
    restored.answer(1, again.at(0).operation);
    restored.answer(2, again.at(1).operation);
    CHECK(restored.job(job).state == JobState::completed);
}

TEST_CASE("Promise 3: a command that is not answered in the backup is not sent again, and is uncertain") {
    EngineWorld world({}, 1);
    world.add_devices(1, 3);
    const auto job = world.run(commands_job("Beep", {"beep"}));
    const auto sent = world.take_sends();
    REQUIRE(!sent.empty());
    Restored restored(world.store(), world.now());
    for (std::size_t number = 1; number <= 3; ++number) {
        restored.online(number);
    }
    CHECK(restored.take_sends().empty());
    CHECK(restored.job(job).state == JobState::failed);
    CHECK(restored.job(job).tally == core::Tally{0, 3, 0});
    // What it answers after all is kept beside the verdict.
    restored.answer(1, sent.at(0).operation);
    CHECK(restored.row(job).reason == core::Reason::uncertain);
    CHECK(restored.row(job).late_code == 200);
}

TEST_CASE("a job that was stopped before the backup, and is run again after a restore, keeps its ids") {
    EngineWorld world;
    world.add_devices(1, 1);
    const auto job = world.run(settings_job("Stopped"));
    const auto first = world.take_sends().at(0);
    REQUIRE(world.ask(core::request::StopJob{job}).has_value());
    Restored restored(world.store(), world.now());
    restored.online(1);
    CHECK(restored.take_sends().empty());
    restored.step(core::Asked{1, "anna", core::request::RunJob{job, std::nullopt}});
    CHECK(restored.take_sends().at(0).operation == first.operation);
}

}  // namespace muster::test
