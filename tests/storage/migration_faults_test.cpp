// A store of every older schema version, brought up to date on a disk that fails
// or loses power at any step: it is of one version or the next, never between,
// and the next start finishes. A new migration is swept without a line more here.
#include "daemon/store/sqlite/schema.hpp"
#include "tests/support/faulty_disk.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace muster::test {
namespace {

using store::sqlite::Database;

std::string bytes_of(const std::string& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
}

void write_image(const TempDir& directory, const DiskImage& image) {
    for (const auto& [name, bytes] : image) {
        std::ofstream((directory / name).string(), std::ios::binary) << bytes;
    }
}

Result<void> migrate(const std::string& path) {
    auto database = Database::open_writer(path);
    if (!database) {
        return database.error();
    }
    const auto version = store::sqlite::identify(**database);
    return version ? store::sqlite::migrate(**database, *version) : version.error();
}

// The first `version` migrations applied, in WAL mode as musterd leaves a store.
DiskImage store_of(std::int64_t version) {
    const TempDir directory;
    const std::string path = (directory / "muster.db").string();
    std::ofstream(path).close();
    {
        auto database = Database::open_writer(path).value();
        REQUIRE(database->run("PRAGMA journal_mode = WAL").has_value());
        for (std::int64_t i = 0; i < version; ++i) {
            REQUIRE(database->run(store::sqlite::kMigrations[static_cast<std::size_t>(i)].sql).has_value());
        }
        REQUIRE(database
                    ->run(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                                      store::sqlite::kApplicationId, version)
                              .c_str())
                    .has_value());
    }
    return {{"muster.db", bytes_of(path)}};
}

std::string schema_of(const std::string& path) {
    auto database = Database::open_writer(path).value();
    auto statement =
        database
            ->prepare("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1")
            .value();
    std::string text;
    while (statement.step().value()) {
        text += std::string(statement.text(0)) + "\n";
    }
    return text + fmt::format("version {}", database->number("PRAGMA user_version").value());
}

// What each version's schema is, by version.
std::vector<std::string> schemas() {
    std::vector<std::string> found;
    for (std::int64_t version = 0; version <= store::sqlite::schema_version(); ++version) {
        const TempDir directory;
        write_image(directory, store_of(version));
        found.push_back(schema_of((directory / "muster.db").string()));
    }
    return found;
}

// One of the versions from `version` on, whole; and the next start brings it to the last.
void check_goes_on(const std::string& path, std::int64_t version, const std::vector<std::string>& known) {
    CHECK(std::find(known.begin() + static_cast<std::ptrdiff_t>(version), known.end(), schema_of(path)) !=
          known.end());
    REQUIRE(migrate(path).has_value());
    CHECK(schema_of(path) == known.back());
}

const DiskFault kFaults[] = {{DiskCall::write, DiskFailure::io_error, 0, false, 2, {}},
                             {DiskCall::write, DiskFailure::no_space, 0, true, 2, {}},
                             {DiskCall::sync, DiskFailure::lost_sync, 0, false, 0, {}},
                             {DiskCall::open, DiskFailure::io_error, 0, false, 0, {}},
                             {DiskCall::shared_memory, DiskFailure::no_space, 0, false, 0, {}}};

}  // namespace

TEST_CASE("Promise 1: power fails at any step of a migration: the store is of one version or the next") {
    const auto known = schemas();
    std::mt19937_64 random(1);
    for (std::int64_t version = 0; version < store::sqlite::schema_version(); ++version) {
        CAPTURE(version);
        const DiskImage image = store_of(version);
        std::vector<DiskStep> steps;
        {
            const TempDir directory;
            write_image(directory, image);
            FaultyDisk disk;
            disk.record();
            REQUIRE(migrate((directory / "muster.db").string()).has_value());
            steps = disk.steps();
        }
        REQUIRE(steps.size() > 10);
        DiskModel model(image);
        for (std::size_t done = 0; done <= steps.size(); ++done) {
            CAPTURE(done);
            for (const auto survival : kSurvivals) {
                const TempDir directory;
                write_image(directory, model.after_power_loss(survival, random));
                const FaultyDisk quick;
                check_goes_on((directory / "muster.db").string(), version, known);
            }
            if (done < steps.size()) {
                model.apply(steps[done]);
            }
        }
    }
}

TEST_CASE("Promise 7: any call of a migration fails: it says so, and the next start finishes") {
    const auto known = schemas();
    for (std::int64_t version = 0; version < store::sqlite::schema_version(); ++version) {
        CAPTURE(version);
        const DiskImage image = store_of(version);
        for (DiskFault fault : kFaults) {
            CAPTURE(to_string(fault.call));
            for (bool hit = true; hit; ++fault.after) {
                CAPTURE(fault.after);
                const TempDir directory;
                write_image(directory, image);
                FaultyDisk disk;
                disk.arm(fault);
                const auto migrated = migrate((directory / "muster.db").string());
                hit = disk.hits() > 0;
                disk.heal();
                CHECK((hit || migrated.has_value()));
                if (migrated) {
                    CHECK(schema_of((directory / "muster.db").string()) == known.back());
                }
                check_goes_on((directory / "muster.db").string(), version, known);
            }
        }
    }
}

}  // namespace muster::test
