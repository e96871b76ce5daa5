// Both stores live through the same random history and hold the same.
#include "tests/contract/harness.hpp"
#include "tests/contract/random_changes.hpp"
#include "tests/contract/store_text.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

namespace muster::test {
namespace {

constexpr int kCommits = 600;
constexpr int kReopenEvery = 50;

// MUSTER_SEED repeats a run.
std::uint64_t seed() {
    const char* given = std::getenv("MUSTER_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

store::ExecutionFilter random_filter(RandomChanges& random) {
    store::ExecutionFilter filter;
    if (random.below(2) == 0) {
        filter.state = static_cast<core::ExecutionState>(random.below(3));
    }
    if (random.below(3) == 0) {
        filter.reason = static_cast<core::Reason>(random.below(8));
    }
    if (random.below(3) == 0) {
        filter.message = RandomChanges::message(random.below(RandomChanges::kMessages));
    }
    return filter;
}

// The answers to the same random questions.
std::string random_reads(store::Store& store, std::uint64_t seed_of_questions) {
    RandomChanges random(seed_of_questions);
    std::string text;
    for (int i = 0; i < 10; ++i) {
        const JobId job{1 + random.below(RandomChanges::kJobs)};
        const auto filter = random_filter(random);
        const auto from = random.below(RandomChanges::kDevices);
        text += text_of(store.executions(job, filter, from, random.below(5)).value());
        const auto device = fridges(RandomChanges::kDevices)->at(random.below(RandomChanges::kDevices));
        const JobId before{random.below(RandomChanges::kJobs)};
        text += text_of(store.device_executions(device, before, random.below(5)).value());
        const auto number = random.below(100);
        text += text_of(store.audit(number, random.below(5)).value());
    }
    return text;
}

}  // namespace

TEST_CASE("both stores hold the same after every commit of a random history") {
    const std::uint64_t start = seed();
    CAPTURE(start);
    RandomChanges random(start);
    MemoryHarness memory;
    SqliteHarness sqlite;
    for (int commit = 0; commit < kCommits; ++commit) {
        CAPTURE(commit);
        const Changes changes = random.next();
        REQUIRE(memory.store().commit(changes).has_value());
        if (random.below(20) == 0) {
            sqlite.without_space([&] { static_cast<void>(sqlite.store().commit(changes)); });
        }
        REQUIRE(sqlite.store().commit(changes).has_value());
        if (commit % kReopenEvery == 0) {
            memory.reopen();
            sqlite.reopen();
        }
        REQUIRE(text_of(sqlite.store()) == text_of(memory.store()));
        const auto questions = start + static_cast<std::uint64_t>(commit);
        REQUIRE(random_reads(sqlite.store(), questions) == random_reads(memory.store(), questions));
    }
}

}  // namespace muster::test
