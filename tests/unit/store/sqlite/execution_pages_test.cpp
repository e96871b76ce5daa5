#include "daemon/store/sqlite/execution_pages.hpp"

#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/contract/changes.hpp"
#include "tests/unit/store/sqlite/raw_sql.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>

namespace muster::test {
namespace {

namespace sqlite = store::sqlite;
using store::ExecutionSort;

constexpr std::size_t kExecutions = 400;

std::string store_with_jobs(const TempDir& directory) {
    auto path = (directory / "muster.db").string();
    auto store = store::open(path).value();
    REQUIRE(store->commit(job_on_fridges(1, core::JobState::running, kExecutions)).has_value());
    REQUIRE(store->commit(job_on_fridges(2, core::JobState::running, kExecutions)).has_value());
    Changes changes;
    for (std::uint32_t ordinal = 0; ordinal < kExecutions; ordinal += 2) {
        auto execution = execution_of(1, ordinal);
        execution.attempts = static_cast<std::uint16_t>(1 + ordinal % 3);
        execution.last_sent_at = at(1'000 + ordinal);
        changes.emplace_back(core::PutExecution{
            ordinal % 4 == 0 ? failed(execution, core::Reason::rejected, "busy") : execution});
    }
    REQUIRE(store->commit(changes).has_value());
    return path;
}

std::vector<store::ExecutionFilter> filters() {
    return {{},
            {.state = core::ExecutionState::pending},
            {.state = core::ExecutionState::failed},
            {.reason = core::Reason::rejected},
            {.reason = core::Reason::none},
            {.message = "busy"},
            {.message = ""},
            {.search = "e-11"},
            {.state = core::ExecutionState::failed, .message = "busy", .search = "e-2"}};
}

// Every page of a query, and every statement behind them.
std::vector<std::string> statements_of(sqlite::Database& database, store::ExecutionQuery query) {
    std::vector<std::string> statements;
    do {
        const auto page = sqlite::read_executions(database, query,
                                                  [&](const std::string& sql) { statements.push_back(sql); });
        query.from = page.value().next;
    } while (query.from);
    return statements;
}

// How SQLite goes about a statement, a line each; "… |" parts them.
std::string plan_of(const std::string& path, const std::string& sql) {
    return raw_sql(path, "EXPLAIN QUERY PLAN " + sql);
}

}  // namespace

TEST_CASE("SPEC 7.6: no page of executions has SQLite look at a table whole, or sort what it found") {
    const TempDir directory;
    const auto path = store_with_jobs(directory);
    auto database = sqlite::Database::open_reader(path).value();
    std::size_t looked_at = 0;
    for (const auto sort :
         {ExecutionSort::ordinal, ExecutionSort::device, ExecutionSort::state, ExecutionSort::attempts,
          ExecutionSort::last_sent_at, ExecutionSort::finished_at}) {
        for (const auto& filter : filters()) {
            for (const auto descending : {false, true}) {
                store::ExecutionQuery query{.job = JobId{1}, .filter = filter, .most = 7};
                query.sort = sort;
                query.descending = descending;
                query.examined = 40;  // so that nothing is few enough to be sorted
                for (const auto& sql : statements_of(*database, query)) {
                    const auto plan = plan_of(path, sql);
                    CAPTURE(sql);
                    CAPTURE(plan);
                    ++looked_at;
                    CHECK(plan.find("TEMP B-TREE") == std::string::npos);
                    // By device the walk may begin where the index does, and ends after so many steps.
                    const auto by_device = sql.find("executions_by_device") != std::string::npos;
                    CHECK((by_device || plan.find("SCAN executions") == std::string::npos));
                    // A page far down begins where it begins, and does not walk there.
                    const auto place = by_device ? "device" : ",ordinal)";
                    CHECK((sql.find("(?8") == std::string::npos || plan.find(place) != std::string::npos));
                }
            }
        }
    }
    CHECK(looked_at > 1'000);
}

TEST_CASE("what few executions pass is sorted as it is found, and no page of it is short") {
    const TempDir directory;
    auto database = sqlite::Database::open_reader(store_with_jobs(directory)).value();
    store::ExecutionQuery query{.job = JobId{1}, .filter = {.message = "busy"}, .most = 30};
    query.sort = ExecutionSort::last_sent_at;
    query.descending = true;
    std::vector<std::size_t> sizes;
    do {
        const auto page = sqlite::read_executions(*database, query).value();
        sizes.push_back(page.items.size());
        query.from = page.next;
    } while (query.from);
    CHECK(sizes == std::vector<std::size_t>{30, 30, 30, 10});
}

TEST_CASE("a page that has looked at its share is short, and goes on where it ended") {
    const TempDir directory;
    auto database = sqlite::Database::open_reader(store_with_jobs(directory)).value();
    store::ExecutionQuery query{.job = JobId{1}, .filter = {.search = "fridge-399"}, .most = 10};
    query.examined = 100;
    std::vector<std::size_t> sizes;
    do {
        const auto page = sqlite::read_executions(*database, query).value();
        sizes.push_back(page.items.size());
        query.from = page.next;
    } while (query.from);
    CHECK(sizes == std::vector<std::size_t>{0, 0, 0, 1});
}

TEST_CASE("a search is no pattern: what SQLite's LIKE takes for signs are letters") {
    const TempDir directory;
    const auto path = (directory / "muster.db").string();
    auto store = store::open(path).value();
    const std::vector<DeviceId> devices{device_id("a_b"), device_id("axb"), device_id("A_B-1")};
    REQUIRE(store
                ->commit(Changes{put_job(job_of(1, core::JobState::running)),
                                 core::CreateExecutions{JobId{1}, device_ids(devices)}})
                .has_value());
    const auto found = [&store](const std::string& search) {
        std::string text;
        const auto page = store->executions({.job = JobId{1}, .filter = {.search = search}, .most = 9});
        for (const auto& execution : page.value().items) {
            text += std::string(execution.device.text()) + " ";
        }
        return text;
    };
    CHECK(found("a_b") == "a_b A_B-1 ");
    CHECK(found("%") == "");
    CHECK(found("\\") == "");
    CHECK(found("B-") == "A_B-1 ");
}

}  // namespace muster::test
