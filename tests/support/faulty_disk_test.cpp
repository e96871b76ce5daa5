// Driven by SQLite itself, in the ways that a store uses it.
#include "tests/support/faulty_disk.hpp"

#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace muster::test {
namespace {

class Sql {
public:
    explicit Sql(const std::string& path) {
        REQUIRE(sqlite3_open(path.c_str(), &handle_) == SQLITE_OK);
        sqlite3_extended_result_codes(handle_, 1);
    }
    ~Sql() { sqlite3_close(handle_); }
    Sql(const Sql&) = delete;
    Sql& operator=(const Sql&) = delete;
    int run(const char* sql) {
        sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
        return sqlite3_extended_errcode(handle_);
    }

private:
    sqlite3* handle_ = nullptr;
};

std::string bytes_of(const std::string& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
}

constexpr const char* kTable = "CREATE TABLE t (x)";

}  // namespace

TEST_CASE("the steps that are recorded make the file that is there") {
    const TempDir directory;
    FaultyDisk disk;
    disk.record();
    {
        Sql sql((directory / "a").string());
        REQUIRE(sql.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (x)") ==
                SQLITE_OK);
        REQUIRE(sql.run("INSERT INTO t VALUES (zeroblob(9000)); DELETE FROM t; VACUUM") == SQLITE_OK);
    }
    DiskModel model;
    for (const auto& step : disk.steps()) {
        model.apply(step);
    }
    std::mt19937_64 random(1);
    CHECK(model.after_power_loss(Survival::all, random) ==
          DiskImage{{"a", bytes_of((directory / "a").string())}});
    CHECK(model.after_power_loss(Survival::nothing, random).at("a") == bytes_of((directory / "a").string()));
}

TEST_CASE("each failure reaches SQLite as the real disk's would") {
    struct Case {
        DiskFault fault;
        int code;
    };
    const Case cases[] = {
        {{DiskCall::write, DiskFailure::no_space}, SQLITE_FULL},
        {{DiskCall::write, DiskFailure::io_error}, SQLITE_IOERR_WRITE},
        {{DiskCall::write, DiskFailure::read_only}, SQLITE_IOERR_WRITE},
        {{DiskCall::sync, DiskFailure::io_error}, SQLITE_IOERR_FSYNC},
        {{DiskCall::sync, DiskFailure::lost_sync}, SQLITE_IOERR_FSYNC},
        {{DiskCall::read, DiskFailure::io_error, 1}, SQLITE_IOERR_READ},
        {{DiskCall::remove, DiskFailure::io_error}, SQLITE_IOERR_DELETE},
        {{DiskCall::remove, DiskFailure::lost_sync}, SQLITE_IOERR_DIR_FSYNC},
        {{DiskCall::open, DiskFailure::no_space, 0, false, 0, "-journal"}, SQLITE_CANTOPEN},
    };
    for (const auto& [fault, code] : cases) {
        CAPTURE(to_string(fault.call));
        CAPTURE(to_string(fault.failure));
        const TempDir directory;
        FaultyDisk disk;
        Sql((directory / "a").string()).run("CREATE TABLE s (x)");
        Sql sql((directory / "a").string());
        disk.arm(fault);
        CHECK(sql.run(kTable) == code);
        CHECK(disk.hits() == 1);
        CHECK(sql.run("DROP TABLE IF EXISTS t; CREATE TABLE t (x)") == SQLITE_OK);
    }
}

TEST_CASE("a fault comes after so many calls, once or from then on, on the files that are named") {
    const TempDir directory;
    FaultyDisk disk;
    Sql sql((directory / "a").string());
    disk.arm({DiskCall::write, DiskFailure::io_error, 1'000'000});
    CHECK(sql.run(kTable) == SQLITE_OK);
    CHECK(disk.hits() == 0);
    disk.arm({DiskCall::write, DiskFailure::no_space, 1, true});
    CHECK(sql.run("INSERT INTO t VALUES (1)") == SQLITE_FULL);
    CHECK(sql.run("INSERT INTO t VALUES (1)") == SQLITE_FULL);
    CHECK(disk.hits() >= 2);
    disk.heal();
    CHECK(sql.run("INSERT INTO t VALUES (1)") == SQLITE_OK);
    disk.arm({DiskCall::write, DiskFailure::no_space, 0, true, 2, "another"});
    CHECK(sql.run("INSERT INTO t VALUES (1)") == SQLITE_OK);
}

TEST_CASE("a failing write leaves as much as it was told to") {
    for (const unsigned quarters : {0U, 2U, 4U}) {
        const TempDir directory;
        FaultyDisk disk;
        disk.record();
        disk.arm({DiskCall::write, DiskFailure::no_space, 1, false, quarters, "a"});
        Sql((directory / "a").string()).run("CREATE TABLE t (x)");
        const auto& steps = disk.steps();
        const auto torn = std::ranges::count_if(steps, [](const DiskStep& step) {
            return step.kind == DiskStep::Kind::write && step.name == "a" && step.bytes.size() == 2048;
        });
        CHECK(torn == (quarters == 2 ? 1 : 0));
    }
}

TEST_CASE("what a program does beside SQLite passes by the disk too") {
    const TempDir directory;
    FaultyDisk disk;
    disk.record();
    const int file = ::open((directory / "a").string().c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);
    REQUIRE(file >= 0);
    CHECK(::pwrite(file, "xyz", 3, 0) == 3);
    CHECK(disk.unsynced() == (directory / "a").string() + " ");
    CHECK(::fsync(file) == 0);
    CHECK(disk.unsynced() == "");
    ::close(file);
    disk.arm({DiskCall::rename, DiskFailure::io_error});
    CHECK(::rename((directory / "a").string().c_str(), (directory / "b").string().c_str()) == -1);
    CHECK(errno == EIO);
    CHECK(::rename((directory / "a").string().c_str(), (directory / "b").string().c_str()) == 0);
    disk.arm({DiskCall::sync_names, DiskFailure::no_space});
    const int names = ::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY);
    CHECK(::fsync(names) == -1);
    CHECK(errno == ENOSPC);
    CHECK(::fsync(names) == 0);
    ::close(names);
    disk.arm({DiskCall::open, DiskFailure::no_space});
    CHECK(::open((directory / "c").string().c_str(), O_RDWR | O_CREAT, 0600) == -1);
    std::vector<DiskStep::Kind> kinds;
    std::ranges::transform(disk.steps(), std::back_inserter(kinds), &DiskStep::kind);
    using Kind = DiskStep::Kind;
    CHECK(kinds == std::vector{Kind::make, Kind::write, Kind::sync, Kind::rename, Kind::sync_names});
}

}  // namespace muster::test
