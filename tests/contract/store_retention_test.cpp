// What both stores make of deleting much, and of an audit log that is not kept for ever.
#include "tests/contract/changes.hpp"
#include "tests/contract/harness.hpp"
#include "tests/contract/store_text.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace muster::test {
namespace {

using core::JobState;

#define EVERY_STORE MemoryHarness, SqliteHarness

template <class Harness>
void commit(Harness& harness, const Changes& changes) {
    const auto committed = harness.store().commit(changes);
    REQUIRE_MESSAGE(committed.has_value(), (committed ? "" : committed.error().message));
}

// Slices until nothing is left; their number.
template <class Harness>
int tidy(Harness& harness) {
    int slices = 0;
    while (harness.store().tidy().value()) {
        REQUIRE(++slices < 1000);
    }
    return slices;
}

Changes entries(std::int64_t first, std::int64_t last) {
    Changes changes;
    for (auto time = first; time <= last; ++time) {
        changes.emplace_back(core::AuditEntry{at(time), "anna", "job/run", "", ""});
    }
    return changes;
}

std::string numbers(store::Store& store, const store::AuditQuery& query) {
    const auto page = store.audit(query).value();
    std::string text;
    for (const auto& item : page.items) {
        text += fmt::format("{} ", item.number);
    }
    return text + fmt::format("next {}", page.next);
}

}  // namespace

TEST_CASE_TEMPLATE("a deleted job of many executions is gone for all who read, before one slice is removed",
                   Harness, EVERY_STORE) {
    Harness harness;
    commit(harness, job_on_fridges(1, JobState::completed, 3));
    commit(harness, job_on_fridges(2, JobState::completed, 4500));
    const auto of_device = [&] {
        return harness.store().device_executions(device_id("fridge-1"), JobId::none, 9).value().size();
    };
    REQUIRE(of_device() == 2);
    commit(harness, {core::DeleteJob{JobId{2}}});
    const auto check_gone = [&] {
        CHECK(harness.store().executions({.job = JobId{2}, .most = 9}).value().items.empty());
        CHECK(of_device() == 1);
        CHECK(harness.store().load().value().jobs.size() == 1);
        CHECK(harness.store().executions({.job = JobId{1}, .most = 9}).value().items.size() == 3);
    };
    check_gone();
    static_cast<void>(harness.store().tidy().value());
    check_gone();
    harness.reopen();  // as after kill -9: it is known what is left
    check_gone();
    tidy(harness);
    check_gone();
    CHECK(!harness.store().tidy().value());
}

TEST_CASE_TEMPLATE("a job of a number that is not tidied yet begins with its own executions", Harness,
                   EVERY_STORE) {
    Harness harness;
    commit(harness, job_on_fridges(1, JobState::completed, 1500));
    commit(harness, {core::DeleteJob{JobId{1}}});
    static_cast<void>(harness.store().tidy().value());
    commit(harness, job_on_fridges(1, JobState::running, 2));
    CHECK(harness.store().executions({.job = JobId{1}, .most = 9}).value().items.size() == 2);
    tidy(harness);
    CHECK(harness.store().load().value().executions.size() == 2);
}

TEST_CASE_TEMPLATE("tidying without space changes nothing, and goes on when there is some", Harness,
                   EVERY_STORE) {
    Harness harness;
    commit(harness, job_on_fridges(1, JobState::completed, 1500));
    commit(harness, {core::DeleteJob{JobId{1}}});
    const std::string before = text_of(harness.store());
    harness.without_space([&] { static_cast<void>(harness.store().tidy()); });
    static_cast<void>(harness.store().commit(Changes{}));
    CHECK(text_of(harness.store()) == before);
    tidy(harness);
    CHECK(text_of(harness.store()) == before);
}

TEST_CASE_TEMPLATE("the oldest entries of the audit log go, the newest never, and numbers count on", Harness,
                   EVERY_STORE) {
    Harness harness;
    commit(harness, {core::TrimAudit{at(100)}});  // of nothing
    commit(harness, entries(1, 10));
    commit(harness, {core::TrimAudit{at(4)}});
    CHECK(numbers(harness.store(), {.most = 3}) == "10 9 8 next 8");
    CHECK(numbers(harness.store(), {.before = 8, .most = 9}) == "7 6 5 4 next 0");
    CHECK(numbers(harness.store(), {.before = 6, .most = 2}) == "5 4 next 0");
    CHECK(numbers(harness.store(), {.before = 4, .most = 2}) == "next 0");
    CHECK(numbers(harness.store(), {.before = 2, .most = 2}) == "next 0");
    commit(harness, {core::TrimAudit{at(1000)}});
    CHECK(numbers(harness.store(), {.most = 9}) == "10 next 0");
    harness.reopen();
    commit(harness, entries(20, 20));
    CHECK(numbers(harness.store(), {.most = 9}) == "11 10 next 0");
}

TEST_CASE_TEMPLATE("one commit takes so many entries of the audit log and no more", Harness, EVERY_STORE) {
    Harness harness;
    constexpr auto kEntries = static_cast<std::int64_t>(core::kAuditTrimmed) + 10;
    commit(harness, entries(1, kEntries));
    commit(harness, {core::TrimAudit{at(kEntries)}});
    CHECK(numbers(harness.store(), {.before = core::kAuditTrimmed + 3, .most = 9}) == "2002 2001 next 0");
    commit(harness, {core::TrimAudit{at(kEntries)}});
    CHECK(numbers(harness.store(), {.most = 9}) == "2010 next 0");
}

}  // namespace muster::test
