#include "tests/storage/workload.hpp"

#include "daemon/store/memory_store.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/contract/random_changes.hpp"
#include "tests/contract/store_text.hpp"
#include "tests/support/engine_world.hpp"
#include "tests/support/faulty_disk.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <sstream>

namespace muster::test {
namespace {

DiskImage store_with(const std::vector<Changes>& commits) {
    const TempDir directory;
    const FaultyDisk quick;
    auto store = store::open((directory / kStoreName).string()).value();
    for (const auto& changes : commits) {
        MUSTER_INVARIANT(store->commit(changes).has_value());
    }
    store.reset();
    std::ostringstream bytes;
    bytes << std::ifstream((directory / kStoreName).string(), std::ios::binary).rdbuf();
    return {{kStoreName, bytes.str()}};
}

Workload workload(std::string name, const std::vector<Changes>& before, std::vector<Changes> commits) {
    Workload made{std::move(name), {}, std::move(commits)};
    store::MemoryStore memory;
    for (const auto& changes : before) {
        MUSTER_INVARIANT(memory.commit(changes).has_value());
    }
    made.states.push_back(text_of(memory));
    for (const auto& changes : made.commits) {
        MUSTER_INVARIANT(memory.commit(changes).has_value());
        made.states.push_back(text_of(memory));
    }
    if (!before.empty()) {
        made.start = store_with(before);
    }
    return made;
}

Changes fleet() {
    return {core::PutTemplate{template_of("refrigerator", 1, "")},
            core::PutSet{{"refrigerators", "", "", "refrigerator", "", 1, at(1)}},
            core::PutDevice{full_device("fridge-0")}, core::PutDevice{full_device("fridge-1")}};
}

// Every third device refuses, every fifth says "not now", every seventh says nothing.
void answer_some(EngineWorld& world, std::vector<core::SendOperation>& silent) {
    for (const auto& sent : world.take_sends()) {
        const auto number = sent.operation.execution;
        if (number % 7 == 6) {
            silent.push_back(sent);
        } else if (number % 5 == 4) {
            world.answer_not_now(sent, 60);
        } else {
            world.answer(sent, number % 3 == 2 ? 400 : 200, number % 3 == 2 ? "door open" : "");
        }
    }
}

}  // namespace

std::vector<Changes> engine_commits(std::size_t devices) {
    EngineWorld world;
    std::vector<Changes> commits{
        {core::PutTemplate{{fridge_template(), 1, false, world.now()}}, core::PutSet{set_of("fridges")}}};
    world.keep_commits(commits);
    world.add_devices(1, devices);
    std::vector<core::SendOperation> silent;
    auto spec = settings_job("Fan speed 3");
    spec.policy.timeout = Seconds{150};
    const JobId first = world.run(std::move(spec));
    const JobId second = world.run(commands_job("Defrost", {"beep", "defrost"}));
    answer_some(world, silent);
    MUSTER_INVARIANT(world.ask(core::request::StopJob{second}).has_value());
    world.advance(Seconds{61});
    answer_some(world, silent);
    core::request::RunJob again;
    again.job = second;
    MUSTER_INVARIANT(world.ask(again).has_value());
    answer_some(world, silent);
    world.advance(Seconds{120});
    static_cast<void>(world.take_sends());
    for (const auto& sent : std::exchange(silent, {})) {
        world.answer(sent, 200, "at last");
    }
    MUSTER_INVARIANT(world.ask(core::request::DeleteDevice{device_id(std::size_t{1})}).has_value());
    MUSTER_INVARIANT(world.ask(core::request::DeleteJob{first}).has_value());
    return commits;
}

Workload first_start() {
    return workload("first start", {}, {fleet(), job_on_fridges(1, core::JobState::running, 20)});
}

Workload jobs_run() {
    return workload("jobs run", {fleet()}, engine_commits(7));
}

Workload log_goes_round(std::uint64_t seed, std::size_t commits, int log_pages) {
    RandomChanges random(seed);
    std::vector<Changes> made;
    while (made.size() < commits) {
        if (auto changes = random.next(); !changes.empty()) {
            made.push_back(std::move(changes));
        }
    }
    auto round = workload("log goes round", {fleet()}, std::move(made));
    round.log_pages = log_pages;
    return round;
}

Workload large_job_deleted(std::size_t executions) {
    return workload("large job deleted",
                    {fleet(), job_on_fridges(1, core::JobState::completed, executions),
                     job_on_fridges(2, core::JobState::completed, 10)},
                    {{core::DeleteJob{JobId{1}}, core::AuditEntry{at(9), "anna", "job/delete", "1", ""}},
                     {core::AuditEntry{at(10), "anna", "job/list", "", ""}}});
}

}  // namespace muster::test
