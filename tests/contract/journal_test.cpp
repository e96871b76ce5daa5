// What the SQLite store lets wait in its journal is there for everybody who asks, and
// after a crash, as if it had been in the tables at once.
#include "daemon/store/memory_store.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/contract/random_changes.hpp"
#include "tests/contract/store_text.hpp"
#include "tests/support/faulty_disk.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <random>

namespace muster::test {
namespace {

namespace files = std::filesystem;

constexpr int kCommits = 2'000;

// MUSTER_SEED repeats a run.
std::uint64_t seed() {
    const char* given = std::getenv("MUSTER_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

// The files as a kill at this moment would leave them.
std::string as_killed(const std::string& path, const TempDir& directory) {
    const std::string copy = (directory / "killed.db").string();
    for (const char* part : {"", "-wal"}) {
        files::remove(copy + part);
        files::copy_file(path + part, copy + part);
    }
    return copy;
}

Changes only_hot(Changes changes) {
    std::erase_if(changes, [](const core::Change& change) {
        return !std::holds_alternative<core::PutExecution>(change) &&
               !std::holds_alternative<core::PutDevice>(change) &&
               !std::holds_alternative<core::PutPresence>(change);
    });
    return changes;
}

}  // namespace

TEST_CASE("what waits in the journal survives a kill, and is in every answer") {
    const std::uint64_t start = seed();
    CAPTURE(start);
    for (const std::size_t journaled : {0U, 3U, 7U, 20U, 4096U}) {
        CAPTURE(journaled);
        RandomChanges random(start + journaled);
        const TempDir directory;
        const std::string path = (directory / "muster.db").string();
        store::MemoryStore memory;
        const auto sqlite = store::open(path, {.journaled = journaled, .made_at_once = 2}).value();
        for (int commit = 0; commit < kCommits / 5; ++commit) {
            CAPTURE(commit);
            // Long stretches without a change that would empty the journal.
            const Changes changes = random.below(10) == 0 ? random.next() : only_hot(random.next());
            REQUIRE(memory.commit(changes).has_value());
            REQUIRE(sqlite->commit(changes).has_value());
            if (random.below(25) == 0) {
                const auto restarted = store::open(as_killed(path, directory)).value();
                REQUIRE(text_of(*restarted) == text_of(memory));
            }
            if (random.below(15) == 0) {
                const JobId job{1 + random.below(RandomChanges::kJobs)};
                const store::ExecutionQuery query{.job = job, .most = 50};
                REQUIRE(text_of(sqlite->executions(query).value()) ==
                        text_of(memory.executions(query).value()));
            }
            if (random.below(15) == 0) {
                const auto device =
                    device_id("fridge-" + std::to_string(random.below(RandomChanges::kDevices)));
                REQUIRE(text_of(sqlite->device_executions(device, JobId::none, 50).value()) ==
                        text_of(memory.device_executions(device, JobId::none, 50).value()));
            }
            if (random.below(40) == 0) {
                REQUIRE(text_of(*sqlite) == text_of(memory));
            }
        }
    }
}

TEST_CASE("a commit for which there is no space changes nothing of what waits") {
    const TempDir directory;
    const std::string path = (directory / "muster.db").string();
    FaultyDisk disk;
    const auto sqlite = store::open(path, {.journaled = 10}).value();
    REQUIRE(sqlite->commit(job_on_fridges(1, core::JobState::running, 20)).has_value());
    std::vector<core::Execution> expected;
    for (std::uint32_t ordinal = 0; ordinal < 20; ++ordinal) {
        auto execution = execution_of(1, ordinal);
        execution.attempts = 1;
        if (ordinal % 3 == 2) {
            disk.full_after(0);
            CHECK(sqlite->commit(Changes{core::PutExecution{execution}}).error().code ==
                  ErrorCode::unavailable);
            disk.heal();
        }
        REQUIRE(sqlite->commit(Changes{core::PutExecution{execution}}).has_value());
        expected.push_back(execution);
    }
    CHECK(text_of(sqlite->executions({.job = JobId{1}, .most = 50}).value().items) == text_of(expected));
    const auto restarted = store::open(as_killed(path, directory)).value();
    CHECK(text_of(restarted->load().value().executions) == text_of(expected));
}

}  // namespace muster::test
