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

TEST_CASE("the executions of a job are made little by little, and are there for whoever reads them") {
    const TempDir directory;
    const std::string path = (directory / "muster.db").string();
    constexpr std::uint32_t kDevices = 2'000;
    auto store = store::open(path, {.made_at_once = 100}).value();
    const auto in_table = [&] { return raw_sql(path, "SELECT count(*) FROM executions"); };
    REQUIRE(store->commit(job_on_fridges(1, core::JobState::running, kDevices)).has_value());
    CHECK(in_table() == "0\n");
    REQUIRE(store->commit(Changes{put_job(job_of(2, core::JobState::stopped))}).has_value());
    CHECK(in_table() == "100\n");
    REQUIRE(store->tidy().value());
    CHECK(in_table() == "1100\n");

    SUBCASE("a page") {
        CHECK(store->executions({.job = JobId{1}, .most = 10}).value().items.size() == 10);
    }
    SUBCASE("a device") {
        CHECK(store->device_executions(device_id("fridge-7"), JobId::none, 10).value().size() == 1);
    }
    SUBCASE("everything") {
        CHECK(store->load().value().executions.size() == kDevices);
    }
    SUBCASE("a start") {
        store.reset();
        store = store::open(path).value();
    }
    SUBCASE("a deletion") {
        REQUIRE(store->commit(Changes{core::DeleteJob{JobId{1}}}).has_value());
    }
    CHECK(in_table() == "2000\n");
    CHECK(raw_sql(path, "SELECT count(*) FROM journal") == "0\n");
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
