#include "daemon/store/sqlite/backup.hpp"

#include "daemon/store/sqlite/schema.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/contract/changes.hpp"
#include "tests/contract/store_text.hpp"
#include "tests/support/faulty_disk.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/store/sqlite/raw_sql.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace muster::test {
namespace {

namespace files = std::filesystem;
using core::JobState;

// A job that ended, with `count` executions that say so, one that runs, a device.
Changes some_history(std::size_t count) {
    auto ended = job_of(1, JobState::completed);
    ended.tally = {static_cast<std::uint32_t>(count), 0, 0};
    Changes changes{core::PutDevice{full_device("fridge-0")}, put_job(ended),
                    core::CreateExecutions{JobId{1}, fridges(count)}};
    for (std::uint32_t ordinal = 0; ordinal < count; ++ordinal) {
        changes.emplace_back(core::PutExecution{completed(execution_of(1, ordinal))});
    }
    for (auto& change : job_on_fridges(2, JobState::running, 5)) {
        changes.push_back(std::move(change));
    }
    return changes;
}

struct Place {
    TempDir directory;
    std::string store = (directory / "muster.db").string();
    std::string backup = (directory / "backup.db").string();
    std::string unfinished = backup + ".unfinished";
};

bool says(const Error& error, std::string_view text) {
    return error.message.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a backup of a store that is open and at work is one whole file with all that was committed") {
    const Place place;
    const auto store = store::open(place.store).value();
    REQUIRE(store->commit(some_history(50)).has_value());
    const auto before = text_of(*store);
    const auto contents = store::back_up(place.store, place.backup, false).value();
    CHECK(contents.schema == store::sqlite::schema_version());
    CHECK(contents.devices == 1);
    CHECK(contents.jobs == 2);
    CHECK(contents.running == 1);
    CHECK(contents.executions == 55);
    CHECK(contents.bytes == files::file_size(place.backup));
    CHECK(!files::exists(place.unfinished));
    CHECK(!files::exists(place.backup + "-wal"));
    struct stat about {};
    REQUIRE(::stat(place.backup.c_str(), &about) == 0);
    CHECK((about.st_mode & 07777) == 0600);
    // The daemon goes on, and what it does is not in the backup.
    REQUIRE(store->commit(Changes{core::DeleteJob{JobId{1}}}).has_value());
    CHECK(raw_sql(place.backup, "PRAGMA journal_mode") == "delete\n");
    const auto copy = store::open(place.backup).value();
    CHECK(text_of(*copy) == before);
}

TEST_CASE("a job that ends leaves its executions where they wait, and backups and restores have them all") {
    const Place place;
    const auto store = store::open(place.store).value();
    REQUIRE(store->commit(some_history(20)).has_value());
    REQUIRE(store->commit(Changes{some_history(20)[1]}).has_value());  // it ends
    CHECK(raw_sql(place.store, "SELECT count(*) FROM executions WHERE state = 1") == "0\n");
    CHECK(store::back_up(place.store, place.backup, false).value().executions == 25);
    CHECK(raw_sql(place.backup, "SELECT count(*) FROM executions WHERE state = 1") == "20\n");

    // A kill, and a copy of the file alone, after something has moved the log into it.
    const std::string killed = place.directory / "killed.db";
    const std::string other = place.directory / "other.db";
    const auto copy_killed = [&] {
        files::copy_file(place.store, killed, files::copy_options::overwrite_existing);
        files::copy_file(place.store + "-wal", killed + "-wal", files::copy_options::overwrite_existing);
        static_cast<void>(raw_sql(killed, "PRAGMA wal_checkpoint(TRUNCATE)"));
    };
    copy_killed();
    const auto restored = store::restore(killed, other, at(1'800'000'000'000));
    REQUIRE_MESSAGE(restored.has_value(), (restored ? "" : restored.error().message));
    CHECK(raw_sql(other, "SELECT count(*) FROM executions WHERE state = 1") == "20\n");
    copy_killed();
    static_cast<void>(raw_sql(killed, "DELETE FROM executions WHERE job = 1 AND ordinal = 3"));
    const auto refused = store::restore(killed, place.directory / "third.db", at(1'800'000'000'000));
    REQUIRE(!refused.has_value());
    CHECK(says(refused.error(), "the tally of job 1"));
}

TEST_CASE("a commit between two reads of a backup is no part of it: it is one moment") {
    const Place place;
    const auto store = store::open(place.store).value();
    REQUIRE(store->commit(some_history(20)).has_value());
    // As a killed musterd leaves it: nobody has the store open, and all is in the log.
    files::copy_file(place.store, place.directory / "killed.db");
    files::copy_file(place.store + "-wal", place.directory / "killed.db-wal");
    const auto contents = store::back_up((place.directory / "killed.db").string(), place.backup, false);
    REQUIRE_MESSAGE(contents.has_value(), (contents ? "" : contents.error().message));
    CHECK(contents->executions == 25);
}

TEST_CASE("what a job that was deleted has left behind does not spoil a backup") {
    const Place place;
    const auto store = store::open(place.store).value();
    REQUIRE(store->commit(some_history(2500)).has_value());
    REQUIRE(store->commit(Changes{core::DeleteJob{JobId{1}}}).has_value());
    REQUIRE(store->tidy().value());
    CHECK(store::back_up(place.store, place.backup, false).value().executions == 5);
}

TEST_CASE("an existing file is refused, and replaced only when asked for, by one that is whole") {
    const Place place;
    const auto store = store::open(place.store).value();
    write_file(place.backup, "precious");
    const auto refused = store::back_up(place.store, place.backup, false);
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(says(refused.error(), "--force"));
    CHECK(read_file(place.backup) == "precious");
    REQUIRE(store::back_up(place.store, place.backup, true).has_value());
    CHECK(raw_sql(place.backup, "SELECT count(*) FROM gateway") == "1\n");
}

TEST_CASE("a file of the store itself is no place for a backup, by whatever name, forced or not") {
    const Place place;
    const auto store = store::open(place.store).value();
    REQUIRE(store->commit(some_history(2)).has_value());
    const auto before = text_of(*store);
    files::create_symlink(place.store, place.directory / "link.db");
    files::create_hard_link(place.store, place.directory / "hard.db");
    for (const auto& file : {place.store, place.store + "-wal", place.store + "-shm", place.store + ".lock",
                             (place.directory / "link.db").string(), (place.directory / "hard.db").string(),
                             place.directory.path().string(), (place.directory / "nowhere/b.db").string()}) {
        CAPTURE(file);
        const auto refused = store::back_up(place.store, file, true);
        REQUIRE(!refused.has_value());
        CHECK(refused.error().code == ErrorCode::invalid);
    }
    CHECK(text_of(*store) == before);
}

TEST_CASE("what a killed backup has left is replaced; one that is under way is left alone") {
    const Place place;
    const auto store = store::open(place.store).value();
    write_file(place.unfinished, "half a backup");
    {
        const int other = ::open(place.unfinished.c_str(), O_RDWR | O_CLOEXEC);
        REQUIRE(::flock(other, LOCK_EX) == 0);
        CHECK(store::back_up(place.store, place.backup, false).error().code == ErrorCode::conflict);
        CHECK(read_file(place.unfinished) == "half a backup");
        ::close(other);
    }
    REQUIRE(store::back_up(place.store, place.backup, false).has_value());
    CHECK(!files::exists(place.unfinished));
}

TEST_CASE("of a damaged store, or of none, there is no backup") {
    const Place place;
    CHECK(store::back_up(place.store, place.backup, false).error().code == ErrorCode::not_found);
    {
        const auto store = store::open(place.store).value();
        REQUIRE(store->commit(some_history(3000)).has_value());
    }
    const auto size = files::file_size(place.store);
    auto bytes = read_file(place.store);
    bytes.replace(size / 2, 4096 * 8, std::string(4096 * 8, '\x5a'));
    write_file(place.store, bytes);
    const auto refused = store::back_up(place.store, place.backup, false);
    REQUIRE(!refused.has_value());
    CHECK(says(refused.error(), place.store));
    CHECK(says(refused.error(), "damaged"));
    CHECK(says(refused.error(), "musterd restore FILE"));
    CHECK(!files::exists(place.backup));
    CHECK(!files::exists(place.unfinished));
}

TEST_CASE("a disk that fills up, or fails, in the middle of a backup: no file, and the store is well") {
    const Place place;
    FaultyDisk disk;
    const auto store = store::open(place.store).value();
    REQUIRE(store->commit(some_history(2000)).has_value());
    SUBCASE("full") {
        disk.full_after(20);
        const auto refused = store::back_up(place.store, place.backup, false);
        disk.heal();
        REQUIRE(!refused.has_value());
        CHECK(refused.error().code == ErrorCode::unavailable);
        CHECK(says(refused.error(), "no space is left for the backup"));
    }
    SUBCASE("its sync fails") {
        disk.fail_syncs();
        const auto refused = store::back_up(place.store, place.backup, false);
        disk.heal();
        REQUIRE(!refused.has_value());
        CHECK(refused.error().code == ErrorCode::internal);
    }
    CHECK(!files::exists(place.backup));
    CHECK(!files::exists(place.unfinished));
    REQUIRE(store->commit(Changes{core::DeleteJob{JobId{2}}}).has_value());
    CHECK(store::back_up(place.store, place.backup, false).has_value());
}

TEST_CASE("a tally that is not that of the executions is found") {
    for (const std::string spoil :
         {"UPDATE jobs SET succeeded = 19 WHERE job = 1", "DELETE FROM executions WHERE job = 1",
          "DELETE FROM executions WHERE job = 2 AND ordinal = 3", "DELETE FROM jobs WHERE job = 2",
          "UPDATE executions SET state = 2 WHERE job = 1 AND ordinal = 7"}) {
        CAPTURE(spoil);
        const Place place;
        REQUIRE(store::open(place.store).value()->commit(some_history(20)).has_value());
        raw_sql(place.store, spoil);
        const auto store = store::open(place.store).value();
        const auto refused = store::back_up(place.store, place.backup, false);
        REQUIRE(!refused.has_value());
        CHECK(says(refused.error(), "the tally of job"));
        CHECK(!files::exists(place.backup));
    }
}

}  // namespace muster::test
