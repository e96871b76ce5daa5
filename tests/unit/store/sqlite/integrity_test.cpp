#include "daemon/store/sqlite/integrity.hpp"

#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/contract/changes.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

namespace muster::test {
namespace {

constexpr std::chrono::milliseconds kLong{60'000};
const std::atomic<bool> kGoOn{false};

// A store with some pages of content; closed, so that all of it is in the file.
std::string filled_store(const TempDir& directory) {
    const std::string path = (directory / "muster.db").string();
    REQUIRE(store::open(path).value()->commit(job_on_fridges(1, core::JobState::stopped, 2000)).has_value());
    return path;
}

}  // namespace

TEST_CASE("a store that makes sense, while it is open and has a log") {
    const TempDir directory;
    const std::string path = (directory / "muster.db").string();
    const auto store = store::open(path).value();
    REQUIRE(store->commit(job_on_fridges(1, core::JobState::stopped, 2000)).has_value());
    const auto log_before = std::filesystem::file_size(path + "-wal");
    const auto found = store::check_integrity(path, kLong, kGoOn);
    CHECK(found.state == store::IntegrityState::ok);
    CHECK(found.detail.empty());
    CHECK(std::filesystem::file_size(path + "-wal") == log_before);
    CHECK(store->commit(Changes{put_job(job_of(2, core::JobState::pending))}).has_value());
}

TEST_CASE("a store with a page of nonsense is damaged, and what was found is told") {
    const TempDir directory;
    const auto path = filled_store(directory);
    const auto pages = static_cast<std::streamoff>(std::filesystem::file_size(path)) / 4096;
    {
        std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
        file.seekp((pages - 5) * 4096);
        file << std::string(4096, '\x5a');
    }
    const auto found = store::check_integrity(path, kLong, kGoOn);
    CHECK(found.state == store::IntegrityState::damaged);
    CHECK_FALSE(found.detail.empty());
    {
        std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
        file << "this is no database";
    }
    CHECK(store::check_integrity(path, kLong, kGoOn).state == store::IntegrityState::damaged);
}

TEST_CASE("a check ends when it should") {
    const TempDir directory;
    const auto path = filled_store(directory);
    const std::atomic<bool> stop{true};
    CHECK(store::check_integrity(path, kLong, stop).state == store::IntegrityState::too_long);
    CHECK(store::check_integrity(path, std::chrono::milliseconds(0), kGoOn).state ==
          store::IntegrityState::too_long);
}

TEST_CASE("a store that is not there cannot be read, and none is made") {
    const TempDir directory;
    const auto path = (directory / "absent.db").string();
    CHECK(store::check_integrity(path, kLong, kGoOn).state == store::IntegrityState::unreadable);
    CHECK_FALSE(std::filesystem::exists(path));
}

}  // namespace muster::test
