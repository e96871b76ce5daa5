#include "daemon/store/sqlite/sqlite_store.hpp"

#include "daemon/store/sqlite/database.hpp"
#include "tests/contract/changes.hpp"
#include "tests/contract/store_text.hpp"
#include "tests/unit/store/sqlite/raw_sql.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <thread>

namespace muster::test {
namespace {

namespace files = std::filesystem;

bool says(const Error& error, std::string_view words) {
    return error.message.find(words) != std::string::npos;
}

mode_t mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

std::string bytes_of(const std::string& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
}

void overwrite(const std::string& path, std::streamoff at, std::size_t size) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(at);
    file << std::string(size, '\x5a');
}

// A store with some pages of content, closed.
std::string filled_store(const TempDir& directory) {
    const std::string path = (directory / "muster.db").string();
    REQUIRE(store::open(path).value()->commit(job_on_fridges(1, core::JobState::stopped, 2000)).has_value());
    return path;
}

}  // namespace

TEST_CASE("a new store is for its owner alone, its log too") {
    const TempDir directory;
    const auto store = store::open((directory / "muster.db").string()).value();
    REQUIRE(store->commit(Changes{put_job(job_of(1, core::JobState::pending))}).has_value());
    for (const char* name : {"muster.db", "muster.db-wal", "muster.db-shm", "muster.db.lock"}) {
        CAPTURE(name);
        CHECK(mode_of((directory / name).string()) == 0600);
    }
}

TEST_CASE("a missing directory is named") {
    const TempDir directory;
    const auto refused = store::open((directory / "nowhere/muster.db").string());
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code == ErrorCode::invalid);
    CHECK(says(refused.error(), "nowhere: there is no such directory"));
}

TEST_CASE("a second opener is refused, whatever path it comes by, until the first is gone") {
    const TempDir directory;
    auto store = store::open((directory / "muster.db").string()).value();
    files::create_symlink((directory / "muster.db").string(), (directory / "link.db").string());
    for (const char* name : {"muster.db", "link.db", "./muster.db"}) {
        const auto refused = store::open((directory / name).string());
        REQUIRE(!refused.has_value());
        CHECK(refused.error().code == ErrorCode::conflict);
        CHECK(says(refused.error(), "another musterd"));
    }
    store.reset();
    CHECK(store::open((directory / "link.db").string()).has_value());
}

TEST_CASE("a store of a newer muster is refused and left as it is") {
    const TempDir directory;
    const std::string path = filled_store(directory);
    raw_sql(path, "PRAGMA user_version = 999");
    const std::string before = bytes_of(path);
    const auto refused = store::open(path);
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(says(refused.error(), "newer muster (schema 999"));
    CHECK(bytes_of(path) == before);
}

TEST_CASE("what is refused stays as it is, its log too") {
    const TempDir directory;
    const std::string path = (directory / "muster.db").string();
    {
        const auto store = store::open(path).value();
        REQUIRE(store->commit(job_on_fridges(1, core::JobState::stopped, 3)).has_value());
        files::copy_file(path, (directory / "crashed.db").string());
        files::copy_file(path + "-wal", (directory / "crashed.db-wal").string());
    }
    const std::string crashed = (directory / "crashed.db").string();
    {
        const auto database = store::sqlite::Database::open_reader(crashed).value();  // leaves the log
        REQUIRE(database->run("PRAGMA query_only = OFF; PRAGMA user_version = 999").has_value());
    }
    const std::string before = bytes_of(crashed) + bytes_of(crashed + "-wal");
    REQUIRE(files::file_size(crashed + "-wal") > 0);
    const auto refused = store::open(crashed);
    REQUIRE(!refused.has_value());
    CHECK(says(refused.error(), "newer muster (schema 999"));
    CHECK(bytes_of(crashed) + bytes_of(crashed + "-wal") == before);
}

TEST_CASE("a log that is none is refused and left as it is") {
    const TempDir directory;
    const std::string path = filled_store(directory);
    const std::string garbage(9000, '\x5a');
    std::ofstream(path + "-wal") << garbage;
    const auto refused = store::open(path);
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code == ErrorCode::internal);
    CHECK(says(refused.error(), "muster.db-wal: the store's log is damaged"));
    CHECK(bytes_of(path + "-wal") == garbage);
}

TEST_CASE("the place of a store is checked without touching it") {
    const TempDir directory;
    CHECK(store::check_place((directory / "muster.db").string()).has_value());
    CHECK(files::is_empty(directory.path()));
    CHECK(says(store::check_place((directory / "nowhere/muster.db").string()).error(),
               "there is no such directory"));
}

TEST_CASE("files that are no store are refused and left as they are") {
    const TempDir directory;
    const std::string text = (directory / "text.db").string();
    std::ofstream(text) << std::string(10'000, 'x');
    const std::string empty = (directory / "empty.db").string();
    std::ofstream(empty).close();
    const std::string other = (directory / "other.db").string();
    raw_sql(other, "CREATE TABLE addresses (name TEXT)");
    for (const std::string& path : {text, empty, other}) {
        CAPTURE(path);
        const std::string before = bytes_of(path);
        const auto refused = store::open(path);
        REQUIRE(!refused.has_value());
        CHECK(says(refused.error(), "backup"));
        CHECK(bytes_of(path) == before);
    }
}

TEST_CASE("a damaged header is refused, damaged pages fail where they are read") {
    const TempDir directory;
    const std::string path = filled_store(directory);
    const auto size = static_cast<std::streamoff>(files::file_size(path));

    overwrite(path, size / 2, static_cast<std::size_t>(size / 2));
    {
        const auto store = store::open(path);
        const Error error = store.has_value() ? store.value()->load().error() : store.error();
        CHECK(error.code == ErrorCode::internal);
        CHECK(says(error, "damaged"));
        CHECK(says(error, "restore it from a backup"));
    }
    overwrite(path, 0, 100);
    const auto refused = store::open(path);
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code == ErrorCode::internal);
    CHECK(says(refused.error(), "restore it from a backup"));
    CHECK(static_cast<std::streamoff>(files::file_size(path)) == size);
}

TEST_CASE("a log without its file is not made part of a new store") {
    const TempDir directory;
    std::ofstream((directory / "muster.db-wal").string()) << "the log of a store that was removed";
    const auto refused = store::open((directory / "muster.db").string());
    REQUIRE(!refused.has_value());
    CHECK(says(refused.error(), "muster.db-wal"));
    CHECK(!files::exists((directory / "muster.db").string()));
}

namespace {

constexpr std::uint32_t kDevices = 2'000;

// A store that makes 100 executions with each commit, and a job of which 350 are made.
struct BegunJob {
    const TempDir directory;
    const std::string path = (directory / "muster.db").string();
    std::unique_ptr<store::Store> store = store::open(path, {.made_at_once = 100}).value();

    BegunJob() {
        REQUIRE(store->commit(job_on_fridges(1, core::JobState::running, kDevices)).has_value());
        CHECK(in_table() == "0\n");
        REQUIRE(store->commit(Changes{put_job(job_of(2, core::JobState::stopped))}).has_value());
        CHECK(in_table() == "100\n");
        REQUIRE(store->tidy().value());
        CHECK(in_table() == "350\n");
    }
    [[nodiscard]] std::string in_table() const { return raw_sql(path, "SELECT count(*) FROM executions"); }
    [[nodiscard]] std::string in_journal() const { return raw_sql(path, "SELECT count(*) FROM journal"); }
};

}  // namespace

TEST_CASE("of a job that has begun a page has those executions made that are on it") {
    BegunJob begun;
    const auto& store = begun.store;
    SUBCASE("they are made") {
        CHECK(store->executions({.job = JobId{1}, .most = 10}).value().items.size() == 10);
        CHECK(begun.in_table() == "350\n");
    }
    SUBCASE("they are not") {
        const store::ExecutionPosition from{600};
        const auto page = store->executions({.job = JobId{1}, .from = from, .most = 10}).value();
        CHECK(page.items.size() == 10);
        CHECK(page.next.value().ordinal == 610);
        CHECK(begun.in_table() == "611\n");
    }
    SUBCASE("they are many") {
        CHECK(store->executions({.job = JobId{1}, .most = 1'500}).value().items.size() == 1'500);
        CHECK(begun.in_table() == "1501\n");
    }
    SUBCASE("the devices that failed are among those to which something was written") {
        const Changes change{core::PutExecution{failed(execution_of(1, 500), core::Reason::timeout, "")}};
        REQUIRE(store->commit(change).has_value());
        const store::ExecutionFilter filter{.state = core::ExecutionState::failed};
        const auto page = store->executions({.job = JobId{1}, .filter = filter, .most = 10}).value();
        REQUIRE(page.items.size() == 1);
        CHECK(page.items[0].ordinal == 500);
        CHECK_FALSE(page.next);
        CHECK(begun.in_table() == "501\n");
    }
    SUBCASE("a filter has a piece more of them made for each page") {
        store::ExecutionQuery query{.job = JobId{1}, .most = 2'000};
        query.filter.state = core::ExecutionState::pending;
        const auto first = store->executions(query).value();
        CHECK(first.items.size() == 1'150);
        REQUIRE(first.next.value().ordinal == 1'150);
        query.from = first.next;
        const auto second = store->executions(query).value();
        CHECK(second.items.size() == 800);
        query.from = second.next;
        const auto third = store->executions(query).value();
        CHECK(third.items.size() == 50);
        CHECK_FALSE(third.next);
    }
    SUBCASE("in another order it is empty until all are made") {
        store::ExecutionQuery query{.job = JobId{1}, .most = 3, .sort = store::ExecutionSort::device};
        query.descending = true;
        int pages = 0;
        auto page = store->executions(query).value();
        for (; page.items.empty(); page = store->executions(query).value(), ++pages) {
            REQUIRE(pages < 5);
            REQUIRE(page.next.value() != query.from);  // it goes on
            query.from = page.next.value();
        }
        CHECK(pages == 2);  // 350, then 800 at a time
        CHECK(page.items.front().device == device_id("fridge-999"));
        CHECK(begun.in_table() == "2000\n");
    }
}

TEST_CASE("what a device has to do in a job that has begun is known before its execution is made") {
    BegunJob begun;
    const auto& store = begun.store;
    const auto device = device_id("fridge-1700");
    CHECK(store->device_executions(device, JobId::none, 10).value() == std::vector{execution_of(1, 1700)});
    auto sent = execution_of(1, 1700);
    sent.attempts = 3;
    REQUIRE(store->commit(Changes{core::PutExecution{sent}}).has_value());
    CHECK(store->device_executions(device, JobId::none, 10).value() == std::vector{sent});
    CHECK(store->device_executions(device, JobId{1}, 10).value().empty());
    CHECK(store->device_executions(device, JobId::none, 0).value().empty());
    CHECK(begun.in_table() == "450\n");
}

TEST_CASE("the executions of a job that has begun are all made for a start, and none for a deletion") {
    BegunJob begun;
    auto& store = begun.store;
    SUBCASE("everything is read") {
        CHECK(store->load().value().executions.size() == kDevices);
        CHECK(begun.in_table() == "2000\n");
    }
    SUBCASE("a start") {
        store.reset();
        store = store::open(begun.path).value();
        CHECK(begun.in_table() == "2000\n");
    }
    SUBCASE("a deletion") {
        REQUIRE(store->commit(Changes{core::DeleteJob{JobId{1}}}).has_value());
        CHECK(begun.in_table() == "450\n");
        while (store->tidy().value()) {
        }
        CHECK(begun.in_table() == "0\n");
    }
    CHECK(begun.in_journal() == "0\n");
}

TEST_CASE("a late answer in a job that has begun has the executions before it made") {
    BegunJob begun;
    const core::PutLateAnswer late{JobId{1}, 700, device_id("fridge-700"), 200, at(9), 0};
    REQUIRE(begun.store->commit(Changes{late}).has_value());
    CHECK(begun.in_table() == "701\n");
}

TEST_CASE("an answer of a device at a job's end has the executions before it made, and no more") {
    const TempDir directory;
    const std::string path = (directory / "muster.db").string();
    const auto store = store::open(path, {.journaled = 2, .made_at_once = 0}).value();
    REQUIRE(store->commit(job_on_fridges(1, core::JobState::running, 500)).has_value());
    for (const std::uint32_t ordinal : {300U, 301U, 302U, 10U}) {
        REQUIRE(store->commit(Changes{core::PutExecution{completed(execution_of(1, ordinal))}}).has_value());
    }
    CHECK(raw_sql(path, "SELECT count(*) FROM executions") == "302\n");
    CHECK(raw_sql(path, "SELECT ordinal FROM executions WHERE state = 1") == "300\n301\n");
    // The row of the executions stays in the journal, the rows before what waits do not.
    CHECK(raw_sql(path, "SELECT count(*) FROM journal") == "3\n");
    while (store->tidy().value()) {
    }
    CHECK(raw_sql(path, "SELECT count(*) FROM executions") == "500\n");
    CHECK(raw_sql(path, "SELECT count(*) FROM journal") == "2\n");
    CHECK(raw_sql(path, "SELECT count(*) FROM executions WHERE state = 1") == "2\n");
}

TEST_CASE("the log is moved into the file as it grows") {
    const TempDir directory;
    const std::string path = (directory / "muster.db").string();
    const auto store = store::open(path).value();
    for (std::uint64_t job = 1; job <= 10; ++job) {
        REQUIRE(store->commit(job_on_fridges(job, core::JobState::completed, 20'000)).has_value());
        while (store->tidy().value()) {
        }
    }
    CHECK(files::file_size(path) > 10'000'000);
    CHECK(files::file_size(path + "-wal") < 40'000'000);
}

}  // namespace muster::test
