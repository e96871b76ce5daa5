// A store of an older muster: kept as it was, then brought up to date.
#include "daemon/store/sqlite/backup.hpp"
#include "daemon/store/sqlite/schema.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/contract/changes.hpp"
#include "tests/support/faulty_disk.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/store/sqlite/raw_sql.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <optional>

namespace muster::test {
namespace {

namespace files = std::filesystem;

// As the first musterd left it: a device, a job that ended and one that runs.
void make_version_1(const std::string& path) {
    raw_sql(path, std::string("PRAGMA journal_mode = WAL;") + store::sqlite::kMigrations[0].sql +
                      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = 1;",
                                  store::sqlite::kApplicationId) +
                      R"sql(
        INSERT INTO gateway VALUES (1, x'000102030405060708090a0b0c0d0e0f', 2);
        INSERT INTO devices VALUES (1, 'fridge-0', 1, 5, 8, 'refrigerator', 'Lobby', '{}', '{}', '{}', '{}');
        INSERT INTO jobs VALUES (1, 1, 'Old', '', 'fridges', '{"all":true,"devices":[]}', 0,
            '[{"name":"fanSpeed","value":3}]', '{}', 2, 'refrigerator', 1, 0, 1, 'anna', 1, 2, 3, 1, 0, 0, '[]');
        INSERT INTO jobs VALUES (2, 1, 'At work', '', 'fridges', '{"all":true,"devices":[]}', 0,
            '[{"name":"fanSpeed","value":3}]', '{}', 1, 'refrigerator', 1, 0, 2, 'anna', 1, 2, NULL, 0, 0, 0, '[]');
        INSERT INTO executions VALUES (1, 0, 'fridge-0', 1, 5, 0, 0, 1, 0, '', '', 1, 1, 1, NULL, 3, 0, NULL);
        INSERT INTO executions VALUES (2, 0, 'fridge-0', 0, 2, 0, 0, 1, 0, '', '', 1, 1, 1, NULL, NULL, 0, NULL);
    )sql");
}

std::vector<std::string> backups_in(const TempDir& directory) {
    std::vector<std::string> found;
    for (const auto& entry : files::directory_iterator(directory.path())) {
        if (entry.path().string().find(".backup") != std::string::npos) {
            found.push_back(entry.path().string());
        }
    }
    return found;
}

}  // namespace

TEST_CASE("a store of version 1 is backed up as it is, then migrated, with all that was in it") {
    const TempDir directory;
    const auto path = (directory / "muster.db").string();
    make_version_1(path);
    std::optional<store::Upgrade> told;
    {
        const auto store =
            store::open(path, {.upgraded = [&](const auto& upgrade) { told = upgrade; }}).value();
        const auto snapshot = store->load().value();
        REQUIRE(snapshot.jobs.size() == 2);
        CHECK(snapshot.jobs.at(0).spec.name == "Old");
        CHECK(snapshot.jobs.at(1).tally == core::Tally{0, 0, 1});
        CHECK(snapshot.jobs.at(1).epoch == 0);  // the ids that it gave stay
        CHECK(snapshot.epoch == 0);
        CHECK(snapshot.last_job == 2);
    }
    REQUIRE(told.has_value());
    CHECK(told->from == 1);
    CHECK(told->to == store::sqlite::schema_version());
    CHECK(told->backup.starts_with(path + ".v1-"));
    CHECK(backups_in(directory) == std::vector{told->backup});
    CHECK(raw_sql(told->backup, "PRAGMA user_version; SELECT count(*) FROM executions") == "1\n2\n");
    // It is made once, and the older store that it holds can be restored.
    REQUIRE(store::open(path).has_value());
    CHECK(backups_in(directory).size() == 1);
    REQUIRE(store::restore(told->backup, path, at(9)).value().contents.schema == 1);
    CHECK(store::open(path).value()->load().value().jobs.size() == 2);
}

TEST_CASE("without space for the backup a store is not migrated, and stays as it is") {
    const TempDir directory;
    const auto path = (directory / "muster.db").string();
    make_version_1(path);
    FaultyDisk disk;
    disk.full_after(0);
    const auto refused = store::open(path);
    disk.heal();
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code == ErrorCode::unavailable);
    for (const auto* said : {"schema 1", "was not migrated", "no space", "free some"}) {
        CHECK_MESSAGE(refused.error().message.find(said) != std::string::npos, refused.error().message);
    }
    CHECK(backups_in(directory).empty());
    CHECK(raw_sql(path, "PRAGMA user_version") == "1\n");
    REQUIRE(store::open(path).has_value());
    CHECK(backups_in(directory).size() == 1);
}

TEST_CASE("a migration that fails leaves the store as it was, and no backup for each try") {
    const TempDir directory;
    const auto path = (directory / "muster.db").string();
    make_version_1(path);
    raw_sql(path, "CREATE TABLE deleted_jobs (in_the_way TEXT)");
    for (int i = 0; i < 3; ++i) {
        CHECK(!store::open(path).has_value());
        CHECK(backups_in(directory).empty());
    }
}

TEST_CASE("a backup of an older store that was not started since is of its version") {
    const TempDir directory;
    const auto path = (directory / "muster.db").string();
    make_version_1(path);
    CHECK(store::back_up(path, (directory / "copy.db").string(), false).value().schema == 1);
    CHECK(raw_sql(path, "PRAGMA user_version") == "1\n");
}

}  // namespace muster::test
