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
    if (random.below(3) == 0) {
        filter.search = "E-" + std::to_string(random.below(4));
    }
    return filter;
}

// Also from places where nothing stands.
store::ExecutionQuery random_query(RandomChanges& random, JobId job) {
    store::ExecutionQuery query{.job = job, .filter = random_filter(random), .most = random.below(5)};
    query.sort = static_cast<store::ExecutionSort>(random.below(6));
    query.descending = random.below(2) == 0;
    if (random.below(2) == 0) {
        query.from =
            store::ExecutionPosition{static_cast<std::uint32_t>(random.below(RandomChanges::kDevices))};
        if (query.sort == store::ExecutionSort::device) {
            query.from->text = "fridge-" + std::to_string(random.below(RandomChanges::kDevices));
        } else if (query.sort != store::ExecutionSort::ordinal) {
            query.from->number = static_cast<std::int64_t>(random.below(4));
        }
    }
    return query;
}

store::AuditQuery random_audit_query(RandomChanges& random) {
    store::AuditQuery query{.before = random.below(100), .most = random.below(5)};
    query.examined = 1 + random.below(30);
    if (random.below(2) == 0) {
        query.filter.user = random.below(2) == 0 ? "anna" : "bob";
    }
    return query;
}

// The answers to the same random questions.
std::string random_reads(store::Store& store, std::uint64_t seed_of_questions) {
    RandomChanges random(seed_of_questions);
    std::string text;
    for (int i = 0; i < 10; ++i) {
        const JobId job{1 + random.below(RandomChanges::kJobs)};
        text += text_of(store.executions(random_query(random, job)).value());
        const auto number = static_cast<std::uint32_t>(random.below(RandomChanges::kDevices));
        const auto device = execution_of(1, number).device;
        const JobId before{random.below(RandomChanges::kJobs)};
        text += text_of(store.device_executions(device, before, random.below(5)).value());
        text += text_of(store.audit(random_audit_query(random)).value());
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
        if (random.below(2) == 0) {
            static_cast<void>(sqlite.store().tidy().value());
        }
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
