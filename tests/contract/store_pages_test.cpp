// What every Store promises of its reads, page by page (daemon/store/store.hpp).
#include "tests/contract/changes.hpp"
#include "tests/contract/harness.hpp"
#include "tests/contract/random_changes.hpp"
#include "tests/contract/store_text.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <vector>

namespace muster::test {
namespace {

using core::ExecutionState;
using core::JobState;
using core::Reason;

template <class Harness>
void commit(Harness& harness, const Changes& changes) {
    REQUIRE(harness.store().commit(changes).has_value());
}

// The ordinals of every page of `most`.
template <class Harness>
std::string ordinals(Harness& harness, const store::ExecutionFilter& filter, std::size_t most = 100) {
    std::string text;
    std::optional<store::ExecutionPosition> from = store::ExecutionPosition{};
    for (std::size_t pages = 0; from; ++pages) {
        REQUIRE(pages < 100);  // else they go round in circles
        const auto page = harness.store()
                              .executions({.job = JobId{1}, .filter = filter, .from = from, .most = most})
                              .value();
        for (const auto& execution : page.items) {
            text += fmt::format("{} ", execution.ordinal);
        }
        text += page.next ? "| " : "";
        from = page.next;
    }
    return text;
}

// The same in another order, each page cut at `most`.
template <class Harness>
std::string sorted(Harness& harness, store::ExecutionSort sort, bool descending, std::size_t most,
                   const store::ExecutionFilter& filter = {}) {
    std::string text;
    store::ExecutionQuery query{.job = JobId{1}, .filter = filter, .most = most};
    query.sort = sort;
    query.descending = descending;
    std::size_t pages = 0;
    do {
        REQUIRE(++pages <= 100);  // else they go round in circles
        const auto page = harness.store().executions(query).value();
        for (const auto& execution : page.items) {
            text += fmt::format("{} ", execution.ordinal);
        }
        query.from = page.next;
    } while (query.from);
    return text;
}

// MUSTER_SEED repeats a run.
std::uint64_t seed() {
    const char* given = std::getenv("MUSTER_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

std::optional<ExecutionState> some_state(RandomChanges& random) {
    return random.below(3) == 0 ? std::optional(static_cast<ExecutionState>(random.below(3))) : std::nullopt;
}

store::ExecutionQuery some_query(RandomChanges& random) {
    store::ExecutionQuery query{.job = JobId{1}, .most = 1 + random.below(7)};
    query.sort = static_cast<store::ExecutionSort>(random.below(6));
    query.descending = random.below(2) == 0;
    query.examined = 1 + random.below(random.below(2) == 0 ? 10 : 200);
    query.filter.state = some_state(random);
    if (random.below(4) == 0) {
        query.filter.reason = static_cast<Reason>(random.below(8));
    }
    if (random.below(4) == 0) {
        query.filter.message = RandomChanges::message(random.below(RandomChanges::kMessages));
    }
    if (random.below(4) == 0) {
        query.filter.search = fmt::format("E-{}", random.below(4));
    }
    return query;
}

bool passes(const store::ExecutionFilter& filter, const core::Execution& execution) {
    const auto id = execution.device.text();
    return (!filter.state || execution.state == *filter.state) &&
           (!filter.reason || execution.reason == *filter.reason) &&
           (!filter.message || execution.message == *filter.message) &&
           (filter.search.empty() || id.find("e" + filter.search.substr(1)) != std::string::npos);
}

// As a table that is looked at whole would show them.
std::string naive(std::vector<core::Execution> executions, const store::ExecutionQuery& query) {
    std::erase_if(executions, [&query](const auto& one) { return !passes(query.filter, one); });
    const auto place = [&query](const auto& one) { return store::position_of(one, query.sort); };
    std::ranges::sort(executions, [&](const auto& a, const auto& b) {
        return query.descending ? place(b) < place(a) : place(a) < place(b);
    });
    std::string text;
    for (const auto& execution : executions) {
        text += fmt::format("{} ", execution.ordinal);
    }
    return text;
}

// What the pages show one after the other, each at most as long as asked for.
std::string paged(store::Store& store, store::ExecutionQuery query, std::size_t most_pages) {
    std::string text;
    std::size_t pages = 0;
    do {
        REQUIRE(++pages <= most_pages);
        const auto page = store.executions(query).value();
        REQUIRE(page.items.size() <= query.most);
        REQUIRE((!page.next || page.next != query.from));  // clients take that for a mistake
        for (const auto& execution : page.items) {
            text += fmt::format("{} ", execution.ordinal);
        }
        query.from = page.next;
    } while (query.from);
    return text;
}

}  // namespace

#define EVERY_STORE MemoryHarness, SqliteHarness

TEST_CASE_TEMPLATE("pages follow the ordinals, through every filter", Harness, EVERY_STORE) {
    Harness harness;
    commit(harness, job_on_fridges(1, JobState::failed, 10));
    commit(harness, job_on_fridges(2, JobState::failed, 10));
    Changes changes;
    for (const std::uint32_t ordinal : {1U, 4U}) {
        changes.push_back(core::PutExecution{failed(execution_of(1, ordinal), Reason::rejected, "range")});
    }
    changes.push_back(core::PutExecution{failed(execution_of(1, 2), Reason::rejected, "busy")});
    changes.push_back(core::PutExecution{failed(execution_of(1, 7), Reason::timeout, "")});
    changes.push_back(core::PutExecution{failed(execution_of(1, 8), Reason::device_error, "busy")});
    changes.push_back(core::PutExecution{completed(execution_of(1, 3))});
    changes.push_back(core::PutExecution{completed(execution_of(1, 5), "busy")});
    changes.push_back(core::PutExecution{failed(execution_of(2, 9), Reason::rejected, "busy")});
    commit(harness, changes);

    CHECK(ordinals(harness, {}) == "0 1 2 3 4 5 6 7 8 9 ");
    CHECK(ordinals(harness, {}, 4) == "0 1 2 3 | 4 5 6 7 | 8 9 ");
    CHECK(ordinals(harness, {}, 5) == "0 1 2 3 4 | 5 6 7 8 9 ");
    CHECK(ordinals(harness, {.state = ExecutionState::failed}, 2) == "1 2 | 4 7 | 8 ");
    CHECK(ordinals(harness, {.state = ExecutionState::completed}) == "3 5 ");
    CHECK(ordinals(harness, {.state = ExecutionState::pending}, 3) == "0 6 9 ");
    CHECK(ordinals(harness, {.reason = Reason::rejected}, 2) == "1 2 | 4 ");
    CHECK(ordinals(harness, {.reason = Reason::none}) == "0 3 5 6 9 ");
    CHECK(ordinals(harness, {.message = "busy"}, 1) == "2 | 5 | 8 ");
    CHECK(ordinals(harness, {.message = ""}) == "0 3 6 7 9 ");
    CHECK(ordinals(harness, {.reason = Reason::rejected, .message = "busy"}) == "2 ");
    CHECK(ordinals(harness, {.state = ExecutionState::failed, .message = "busy"}) == "2 8 ");
    CHECK(ordinals(harness, {.state = ExecutionState::failed, .message = ""}) == "7 ");
    CHECK(ordinals(harness, {.state = ExecutionState::completed, .reason = Reason::rejected}) == "");
    CHECK(harness.store()
              .executions({.job = JobId{1}, .from = store::ExecutionPosition{10}, .most = 5})
              .value()
              .items.empty());
    CHECK(harness.store().executions({.job = JobId{99}, .most = 5}).value().items.empty());
}

TEST_CASE_TEMPLATE(
    "SPEC 7.6: executions come in every order, forwards and backwards, however the pages are cut", Harness,
    EVERY_STORE) {
    Harness harness;
    const std::vector<DeviceId> devices{device_id("c"), device_id("a"), device_id("B"), device_id("b")};
    commit(harness,
           {put_job(job_of(1, JobState::running)), core::CreateExecutions{JobId{1}, device_ids(devices)}});
    auto tried = execution_of(1, 1);
    tried.attempts = 3;
    tried.last_sent_at = at(50);
    auto ended = failed(execution_of(1, 0), Reason::rejected, "range");
    ended.attempts = 1;
    ended.last_sent_at = at(70);
    ended.finished_at = at(90);
    auto done = completed(execution_of(1, 3));
    done.finished_at = at(80);
    commit(harness, {core::PutExecution{tried}, core::PutExecution{ended}, core::PutExecution{done}});

    using store::ExecutionSort;
    const std::pair<ExecutionSort, const char*> expected[] = {
        {ExecutionSort::ordinal, "0 1 2 3 "},      {ExecutionSort::device, "2 1 3 0 "},
        {ExecutionSort::state, "1 2 3 0 "},        {ExecutionSort::attempts, "2 3 0 1 "},
        {ExecutionSort::last_sent_at, "2 3 1 0 "}, {ExecutionSort::finished_at, "1 2 3 0 "},
    };
    for (const auto& [sort, upwards] : expected) {
        CAPTURE(upwards);
        std::string downwards(upwards);
        std::reverse(downwards.begin(), downwards.end());
        downwards = downwards.substr(1) + " ";
        for (const std::size_t most : {1U, 2U, 3U, 4U, 100U}) {
            CAPTURE(most);
            CHECK(sorted(harness, sort, false, most) == upwards);
            CHECK(sorted(harness, sort, true, most) == downwards);
        }
    }
    CHECK(sorted(harness, ExecutionSort::device, false, 1, {.state = ExecutionState::pending}) == "2 1 ");
    CHECK(sorted(harness, ExecutionSort::state, true, 1, {.reason = Reason::none}) == "3 2 1 ");
}

TEST_CASE_TEMPLATE("SPEC 7.6: what changes its place between two sorted pages hides no other", Harness,
                   EVERY_STORE) {
    Harness harness;
    commit(harness, job_on_fridges(1, JobState::running, 5));
    store::ExecutionQuery query{.job = JobId{1}, .most = 2, .sort = store::ExecutionSort::state};
    const auto first = harness.store().executions(query).value();
    REQUIRE(first.next.has_value());
    // The first two move to the end, and the one where the next page begins too.
    commit(harness, {core::PutExecution{completed(execution_of(1, 0))},
                     core::PutExecution{completed(execution_of(1, 2))}});
    query.from = first.next;
    query.most = 10;
    std::string rest;
    for (const auto& execution : harness.store().executions(query).value().items) {
        rest += fmt::format("{} ", execution.ordinal);
    }
    CHECK(rest == "3 4 0 2 ");
}

TEST_CASE_TEMPLATE("executions are found by a part of the device's id, in any case and literally", Harness,
                   EVERY_STORE) {
    Harness harness;
    const std::vector<DeviceId> devices{device_id("Oslo_1"), device_id("oslo-2"), device_id("bergen-1")};
    commit(harness,
           {put_job(job_of(1, JobState::running)), core::CreateExecutions{JobId{1}, device_ids(devices)}});
    CHECK(ordinals(harness, {.search = "OSLO"}, 1) == "0 | 1 ");
    CHECK(ordinals(harness, {.search = "_"}) == "0 ");
    CHECK(ordinals(harness, {.search = "-1"}) == "2 ");
    CHECK(ordinals(harness, {.search = "%"}) == "");
    CHECK(ordinals(harness, {.state = ExecutionState::failed, .search = "oslo"}) == "");
}

TEST_CASE_TEMPLATE("a device's executions come newest job first", Harness, EVERY_STORE) {
    Harness harness;
    for (const std::uint64_t job : {2U, 30U, 4U}) {
        commit(harness, job_on_fridges(job, JobState::completed, 2));
    }
    const auto jobs = [&](std::uint64_t before, std::size_t most) {
        std::string text;
        for (const auto& execution :
             harness.store().device_executions(device_id("fridge-1"), JobId{before}, most).value()) {
            CHECK(execution.ordinal == 1);
            text += to_string(execution.job) + " ";
        }
        return text;
    };
    CHECK(jobs(0, 10) == "30 4 2 ");
    CHECK(jobs(0, 2) == "30 4 ");
    CHECK(jobs(4, 10) == "2 ");
    CHECK(jobs(2, 10) == "");
    CHECK(harness.store().device_executions(device_id("none"), JobId::none, 10).value().empty());
}

TEST_CASE_TEMPLATE("the audit log counts from 1 without gaps and pages backwards", Harness, EVERY_STORE) {
    Harness harness;
    for (int i = 1; i <= 5; ++i) {
        commit(harness, {core::AuditEntry{at(i), "anna", "job/save", fmt::to_string(i), ""}});
    }
    harness.reopen();
    commit(harness, {core::AuditEntry{at(6), "anna", "job/run", "6", ""}});
    const auto numbers = [&](std::uint64_t before, std::size_t most) {
        std::string text;
        for (const auto& [number, entry] :
             harness.store().audit({.before = before, .most = most}).value().items) {
            CHECK(entry.subject == fmt::to_string(number));
            text += entry.subject + " ";
        }
        return text;
    };
    CHECK(numbers(0, 10) == "6 5 4 3 2 1 ");
    CHECK(numbers(0, 2) == "6 5 ");
    CHECK(numbers(5, 2) == "4 3 ");
    CHECK(numbers(1, 2) == "");
    CHECK(numbers(1000, 1) == "6 ");
}

TEST_CASE_TEMPLATE("the audit log is filtered, and a page looks at so many entries and no more", Harness,
                   EVERY_STORE) {
    Harness harness;
    Changes changes;
    for (int i = 1; i <= 9; ++i) {
        changes.push_back(core::AuditEntry{at(i), i == 2 ? "bob" : "anna",
                                           i % 2 == 0 ? "job/run" : "job/save", fmt::to_string(i % 3), ""});
    }
    commit(harness, changes);
    const auto pages = [&](const store::AuditFilter& filter, std::size_t most, std::size_t examined) {
        std::string text;
        store::AuditQuery query{.most = most, .filter = filter, .examined = examined};
        do {
            const auto page = harness.store().audit(query).value();
            for (const auto& audit : page.items) {
                text += fmt::format("{} ", audit.number);
            }
            query.before = page.next;
            text += page.next == 0 ? "" : "| ";
        } while (query.before != 0);
        return text;
    };
    CHECK(pages({}, 4, 100) == "9 8 7 6 | 5 4 3 2 | 1 ");
    CHECK(pages({}, 3, 100) == "9 8 7 | 6 5 4 | 3 2 1 ");
    CHECK(pages({.user = "bob"}, 4, 100) == "2 ");
    CHECK(pages({.action = "job/run"}, 2, 100) == "8 6 | 4 2 | ");
    CHECK(pages({.subject = "0"}, 10, 100) == "9 6 3 ");
    CHECK(pages({.user = "anna", .action = "job/run", .subject = "1"}, 10, 100) == "4 ");
    CHECK(pages({.user = "bob"}, 4, 3) == "| | 2 ");
    CHECK(pages({.user = "carol"}, 4, 4) == "| | ");
}

TEST_CASE_TEMPLATE("SPEC 7.6: pages that look at little leave nothing out, in no order and with no filter",
                   Harness, EVERY_STORE) {
    const auto start = seed();
    CAPTURE(start);
    RandomChanges random(start);
    Harness harness;
    constexpr std::size_t kExecutions = 60;
    for (const std::uint64_t job : {2U, 1U, 3U}) {  // the devices of the job are in others too
        commit(harness, job_on_fridges(job, JobState::running, kExecutions));
    }
    for (int round = 0; round < 40; ++round) {
        Changes changes;
        for (int i = 0; i < 10; ++i) {
            auto execution = random.execution();
            execution.job = JobId{1 + random.below(3)};
            execution.ordinal = random.below(kExecutions);
            execution.device = device_id(fmt::format("fridge-{}", execution.ordinal));
            changes.emplace_back(core::PutExecution{std::move(execution)});
        }
        commit(harness, changes);
        const auto all = harness.store().executions({.job = JobId{1}, .most = 1'000}).value().items;
        REQUIRE(all.size() == kExecutions);
        for (int i = 0; i < 25; ++i) {
            const auto query = some_query(random);
            CAPTURE(static_cast<int>(query.sort));
            CAPTURE(query.descending);
            CAPTURE(query.examined);
            REQUIRE(paged(harness.store(), query, 4 * kExecutions) == naive(all, query));
        }
    }
}

TEST_CASE("pages of a job whose executions are being made leave nothing out either") {
    const auto start = seed();
    CAPTURE(start);
    RandomChanges random(start);
    constexpr std::size_t kExecutions = 60;
    for (int round = 0; round < 60; ++round) {
        const TempDir directory;
        const auto path = (directory / "muster.db").string();
        const auto sqlite = store::open(path, {.made_at_once = 1}).value();
        store::MemoryStore memory;
        const auto write = [&](const Changes& changes) {
            REQUIRE(sqlite->commit(changes).has_value());
            REQUIRE(memory.commit(changes).has_value());
        };
        write(job_on_fridges(1, JobState::running, kExecutions));
        for (auto changes = random.below(6); changes > 0; --changes) {
            auto execution = random.execution();
            execution.job = JobId{1};
            execution.ordinal = random.below(kExecutions);
            execution.device = device_id(fmt::format("fridge-{}", execution.ordinal));
            write({core::PutExecution{std::move(execution)}});
        }
        const auto device = device_id(fmt::format("fridge-{}", random.below(kExecutions)));
        REQUIRE(text_of(sqlite->device_executions(device, JobId::none, 50).value()) ==
                text_of(memory.device_executions(device, JobId::none, 50).value()));
        const auto all = memory.executions({.job = JobId{1}, .most = 1'000}).value().items;
        const auto query = some_query(random);
        CAPTURE(static_cast<int>(query.sort));
        CAPTURE(query.descending);
        REQUIRE(paged(*sqlite, query, 4 * kExecutions) == naive(all, query));
    }
}

}  // namespace muster::test
