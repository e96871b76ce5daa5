#include "daemon/store/sqlite/backup.hpp"
#include "daemon/store/sqlite/schema.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/contract/changes.hpp"
#include "tests/contract/store_text.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/store/sqlite/raw_sql.hpp"

#include <doctest/doctest.h>

#include <filesystem>

namespace muster::test {
namespace {

namespace files = std::filesystem;
using core::JobState;

const TimePoint kNow = at(1'800'000'000'000);

// A store that was backed up with one job and went on to a second.
struct Place {
    TempDir directory;
    std::string store = (directory / "muster.db").string();
    std::string backup = (directory / "backup.db").string();

    Place() {
        const auto opened = store::open(store).value();
        REQUIRE(opened->commit(job_on_fridges(1, JobState::running, 3)).has_value());
        REQUIRE(store::back_up(store, backup, false).has_value());
        REQUIRE(opened->commit(job_on_fridges(2, JobState::running, 3)).has_value());
    }
    [[nodiscard]] Result<store::Restored> restore() const { return store::restore(backup, store, kNow); }
    [[nodiscard]] core::Snapshot loaded() const { return store::open(store).value()->load().value(); }
};

bool says(const Error& error, std::string_view text) {
    return error.message.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a restored store is the backup, and the one that it replaced is kept and can be opened") {
    const Place place;
    const auto restored = place.restore().value();
    CHECK(restored.contents.jobs == 1);
    CHECK(restored.uncertain == 0);
    CHECK(place.loaded().jobs.size() == 1);
    CHECK(restored.kept.starts_with(place.store + "."));
    CHECK(restored.kept.ends_with("Z.replaced"));
    CHECK(store::open(restored.kept).value()->load().value().jobs.size() == 2);
    const auto entry = store::open(place.store).value()->audit({.most = 1}).value().items.at(0).entry;
    CHECK(entry.action == "store/restore");
    CHECK(entry.at == kNow);
}

TEST_CASE("a restore draws an epoch, each its own, and never gives a job's number twice") {
    const Place place;
    const auto kept = place.restore().value().kept;
    const auto first = place.loaded();
    CHECK(first.epoch != 0);
    CHECK(first.last_job == 2);  // as the store that it replaced says
    CHECK(first.jobs.at(0).epoch == 0);
    CHECK(place.restore().value().kept != kept);  // in the same second
    CHECK(files::exists(kept));
    const auto second = place.loaded();
    CHECK(second.epoch != 0);
    CHECK(second.epoch != first.epoch);
    CHECK(second.operation_key == first.operation_key);
}

TEST_CASE("into a new place, where nothing was, and over a store of which nothing can be read") {
    const Place place;
    const auto fresh = (place.directory / "new.db").string();
    CHECK(store::restore(place.backup, fresh, kNow).value().kept.empty());
    CHECK(store::open(fresh).value()->load().value().jobs.size() == 1);
    write_file(place.store, std::string(100'000, '\x5a'));
    write_file(place.store + "-wal", "a log");
    const auto restored = place.restore().value();
    CHECK(read_file(restored.kept) == std::string(100'000, '\x5a'));
    CHECK(read_file(restored.kept + "-wal") == "a log");
    CHECK(!files::exists(place.store + "-wal"));
    CHECK(place.loaded().jobs.size() == 1);
}

TEST_CASE("while a store is open nothing is restored") {
    const Place place;
    const auto open = store::open(place.store).value();
    const auto refused = place.restore();
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(says(refused.error(), "stop it first"));
    CHECK(open->load().value().jobs.size() == 2);
}

TEST_CASE("what is no whole backup is refused, and the store stays") {
    const Place place;
    const auto good = read_file(place.backup);
    const auto check_refused = [&](std::string_view why) {
        const auto refused = place.restore();
        REQUIRE(!refused.has_value());
        CHECK_MESSAGE(says(refused.error(), why), refused.error().message);
        CHECK(says(refused.error(), place.backup));
        CHECK(!says(refused.error(), "kept aside"));  // that is said of a damaged store
        CHECK(place.loaded().jobs.size() == 2);
        CHECK(!files::exists(place.store + ".restoring.unfinished"));
    };
    SUBCASE("pages of something else") {
        auto bytes = good;
        bytes.replace(4096, 4096 * 4, std::string(4096 * 4, '\x5a'));
        write_file(place.backup, bytes);
        check_refused("is damaged");
    }
    SUBCASE("cut off") {
        write_file(place.backup, good.substr(0, good.size() - 4096));
        check_refused("is damaged");
    }
    SUBCASE("no database") {
        write_file(place.backup, "not a database, but long enough to be looked at as one, and more of it");
        check_refused("is damaged");
    }
    SUBCASE("of another program") {
        files::remove(place.backup);
        raw_sql(place.backup, "CREATE TABLE addresses (name TEXT)");
        check_refused("not a store of muster");
    }
    SUBCASE("of a newer muster") {
        raw_sql(place.backup, "PRAGMA user_version = 999");
        check_refused("newer muster");
    }
    SUBCASE("executions are missing") {
        raw_sql(place.backup, "DELETE FROM executions WHERE ordinal = 1");
        check_refused("the tally of job 1");
    }
    SUBCASE("a store with its log beside it") {
        write_file(place.backup + "-wal", "a log");
        check_refused("is a store and no backup");
    }
    SUBCASE("not there") {
        files::remove(place.backup);
        check_refused("no such file");
    }
}

TEST_CASE("the store itself is no backup of it") {
    const Place place;
    CHECK(store::restore(place.store, place.store, kNow).error().code == ErrorCode::invalid);
}

TEST_CASE("a restore that dies at any step is not begun, or finished by the next start") {
    const Place place;
    REQUIRE(place.restore().has_value());
    const auto whole = read_file(place.store);
    // What is there after each of the steps behind the moment at which it is decided.
    for (const int done : {0, 1, 2, 3}) {
        CAPTURE(done);
        const TempDir directory;
        const auto store = (directory / "muster.db").string();
        write_file(store + ".restoring", whole);
        for (const auto* ending : {"", "-wal"}) {
            write_file(store + ending, std::string("old") + ending);
        }
        write_file(store + "-shm", "old index");
        const auto kept =
            store + "." +
            store::sqlite::time_name(std::chrono::time_point_cast<Milliseconds>(
                std::chrono::file_clock::to_sys(files::last_write_time(store + ".restoring")))) +
            ".replaced";
        if (done > 0) {
            files::rename(store + "-wal", kept + "-wal");
        }
        if (done > 1) {
            files::rename(store, kept);
        }
        if (done > 2) {
            files::remove(store + "-shm");
        }
        const auto opened = store::open(store);
        REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().message));
        CHECK(opened.value()->load().value().jobs.size() == 1);
        CHECK(read_file(kept) == "old");
        CHECK(read_file(kept + "-wal") == "old-wal");
        CHECK(!files::exists(store + ".restoring"));
    }
    // Before it: half a copy changes nothing.
    write_file(place.store + ".restoring.unfinished", "half");
    CHECK(place.loaded().jobs.size() == 1);
}

TEST_CASE(
    "Promise 3: commands that may have run since the backup are uncertain; settings go on by their ids") {
    const TempDir directory;
    const auto path = (directory / "muster.db").string();
    const auto backup = (directory / "backup.db").string();
    {
        const auto store = store::open(path).value();
        auto commands = job_of(1, JobState::running);
        commands.spec.type = core::JobType::commands;
        auto stopped = job_of(2, JobState::stopped);
        stopped.spec.type = core::JobType::commands;
        auto sent = execution_of(1, 0);
        sent.phase = core::Phase::sent;
        sent.attempts = 1;
        auto ended = job_of(3, JobState::completed);
        ended.spec.type = core::JobType::commands;
        ended.tally = {1, 0, 0};
        REQUIRE(
            store
                ->commit(Changes{put_job(commands), core::CreateExecutions{JobId{1}, fridges(3)},
                                 core::PutExecution{sent}, core::PutExecution{completed(execution_of(1, 1))},
                                 put_job(stopped), core::CreateExecutions{JobId{2}, fridges(1)},
                                 put_job(ended), core::CreateExecutions{JobId{3}, fridges(1)},
                                 core::PutExecution{completed(execution_of(3, 0))}})
                .has_value());
        REQUIRE(store->commit(job_on_fridges(4, JobState::running, 2)).has_value());
        REQUIRE(store::back_up(path, backup, false).has_value());
    }
    const auto restored = store::restore(backup, path, kNow).value();
    CHECK(restored.uncertain == 3);
    const auto store = store::open(path).value();
    const auto snapshot = store->load().value();
    CHECK(snapshot.jobs.at(0).state == JobState::failed);
    CHECK(snapshot.jobs.at(0).tally == core::Tally{1, 2, 0});
    CHECK(snapshot.jobs.at(0).ended_at == kNow);
    CHECK(snapshot.jobs.at(0).outcomes.at(0).reason == core::Reason::uncertain);
    CHECK(snapshot.jobs.at(1).state == JobState::failed);
    CHECK(snapshot.jobs.at(2).state == JobState::completed);
    CHECK(snapshot.jobs.at(3).state == JobState::running);
    CHECK(snapshot.jobs.at(3).tally == core::Tally{0, 0, 2});
    const auto row = store->executions({.job = JobId{1}, .most = 1}).value().items.at(0);
    CHECK(row.reason == core::Reason::uncertain);
    CHECK(row.message.find("may have run") != std::string::npos);
    CHECK(row.attempts == 1);
    CHECK(row.finished_at == kNow);
    // And it is a whole store.
    CHECK(store::back_up(path, (directory / "again.db").string(), false).has_value());
}

}  // namespace muster::test
