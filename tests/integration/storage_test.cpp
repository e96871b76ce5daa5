// musterd on storage that is full, read-only, failing or damaged: it says so, says
// what to do, does nothing that it could not keep, and goes on when it can.
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/contract/changes.hpp"
#include "tests/integration/fleet.hpp"
#include "tests/support/files.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace muster::test {
namespace {

namespace json = boost::json;
namespace files = std::filesystem;

// Mounts of this test are seen by what it starts, and by nobody else. False: not
// allowed here.
bool may_mount() {
    static const bool may = [] {
        return ::unshare(CLONE_NEWNS) == 0 &&
               ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    }();
    return may;
}

// A file system of its own in memory.
class SmallDisk {
public:
    SmallDisk() {
        mounted_ = may_mount() && ::mount("tmpfs", directory_.path().c_str(), "tmpfs", 0, "size=4m") == 0;
        if (!mounted_) {
            MESSAGE("not proven here: mounting is not allowed");
        }
    }
    ~SmallDisk() {
        if (mounted_) {
            ::umount2(directory_.path().c_str(), MNT_DETACH);
        }
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    [[nodiscard]] bool mounted() const { return mounted_; }
    [[nodiscard]] files::path store() const { return directory_ / "muster.db"; }
    void fill() {
        std::ofstream ballast(directory_ / "ballast");
        for (const std::string block(4096, 'x'); ballast << block << std::flush;) {
        }
    }
    void free() { files::remove(directory_ / "ballast"); }
    bool make_read_only() {
        return ::mount(nullptr, directory_.path().c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0;
    }

private:
    TempDir directory_;
    bool mounted_ = false;
};

GatewayOptions store_at(const files::path& path) {
    GatewayOptions options;
    options.overrides = {"store.path=" + path.string()};
    return options;
}

std::string store_state(Gateway& gateway) {
    return text(gateway.request("status"), "/store/state");
}

bool comes_to(Gateway& gateway, const std::string& state) {
    return eventually([&] { return store_state(gateway) == state; });
}

// The last of the retained status, as the clients see it.
json::value told(const Gateway& gateway) {
    const Observer observer(const_cast<Gateway&>(gateway).broker().url(), "muster/v1/gateway/status");
    REQUIRE(eventually([&] { return !observer.messages().empty(); }));
    return parse(observer.messages().back().payload);
}

void check_refused(Gateway& gateway, const std::string& words) {
    const auto refused = gateway.ask("job/save", fan_speed_job(4));
    CHECK(text(refused, "/error/code") == "unavailable");
    const auto message = text(refused, "/error/message");
    CHECK_MESSAGE(message.find(words) != std::string::npos, message);
    const auto ran = gateway.muster({"job", "run", "--set", "refrigerators", "--settings", "fanSpeed=4"});
    CHECK(ran.exit_code == 4);
    CHECK_MESSAGE(ran.errors.find(words) != std::string::npos, ran.errors);
    const auto shown = gateway.muster({"status"});
    CHECK(shown.exit_code == 0);
    CHECK_MESSAGE(shown.output.find(words) != std::string::npos, shown.output);
}

// ---- damaged files ------------------------------------------------------------------------------

// A closed store with a large job that has ended.
void make_store(const files::path& path) {
    const auto store = store::open(path.string()).value();
    REQUIRE(store->commit(job_on_fridges(1, core::JobState::completed, 3000)).has_value());
}

void overwrite(const files::path& path, std::size_t at, std::size_t size) {
    auto bytes = read_file(path);
    REQUIRE(bytes.size() >= at + size);
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, '\x5a');
    write_file(path, bytes);
}

void sql(const files::path& path, const char* statement) {
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &handle) == SQLITE_OK);
    CHECK(sqlite3_exec(handle, statement, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(handle);
}

Finished start_on(const files::path& store) {
    return run({program("musterd"), "--set", "store.path=" + store.string(), "--set", "http.listen=", "--set",
                "broker.urls=[mqtt://127.0.0.1:1]"});
}

// It ends with 1, names the file and what to do, and leaves every byte where it was.
void check_does_not_start(const files::path& store, const std::vector<std::string>& words) {
    const auto before = files::exists(store) ? read_file(store) : "missing";
    const auto ended = start_on(store);
    CHECK(ended.exit_code == 1);
    CHECK_MESSAGE(ended.errors.find(store.string()) != std::string::npos, ended.errors);
    for (const auto& word : words) {
        CHECK_MESSAGE(ended.errors.find(word) != std::string::npos, ended.errors);
    }
    CHECK((files::exists(store) ? read_file(store) : "missing") == before);
}

}  // namespace

TEST_CASE(
    "promise 7: the disk fills up in the middle of a job: it says so, refuses jobs, and goes on when there "
    "is space") {
    SmallDisk disk;
    if (!disk.mounted()) {
        return;
    }
    Gateway gateway(store_at(disk.store()));
    put_fleet(gateway);
    Simulator simulator(gateway, 200, {"--delay", "200..4000"});
    const auto job = run_job(gateway, fan_speed_job(3));
    gateway.await_count(job, "succeeded", 5);
    disk.fill();
    REQUIRE(comes_to(gateway, "full"));
    check_refused(gateway, "no space is left for the store: free some on its disk");
    CHECK(text(told(gateway), "/store/state") == "full");
    CHECK(text(told(gateway), "/status") == "online");
    const auto status = gateway.request("status");
    CHECK(!member(status, "/readiness/ready").as_bool());
    CHECK(text(status, "/readiness/checks/broker") == "ok");
    disk.free();
    REQUIRE(comes_to(gateway, "ok"));
    CHECK(text(told(gateway), "/store/state") == "ok");
    gateway.await_job(job, "Completed");
    check_tally(gateway, job);
    CHECK(gateway.list("job/list").size() == 1);  // none of those that were refused
    CHECK(number(simulator.stop(), "/executed_more_than_once") == 0);
}

TEST_CASE("promise 7: writes fail as on a file system that became read-only, or syncs fail: the same") {
    struct Case {
        std::string fault;
        std::string state;
        std::string words;
    };
    const Case cases[] = {
        {"write " + std::to_string(EROFS), "read-only", "the store's file system is read-only"},
        {"write " + std::to_string(EIO), "failing", "Input/output error"},
        {"sync " + std::to_string(EIO), "failing", "see what the kernel says of its disk"}};
    for (const auto& [fault, state, words] : cases) {
        CAPTURE(fault);
        const TempDir control;
        GatewayOptions options;
        options.launcher = {"env", "LD_PRELOAD=" + program("libfailing_disk.so"),
                            "MUSTER_TEST_FAILING_DISK=" + (control / "fault").string()};
        Gateway gateway(std::move(options));
        put_fleet(gateway);
        Simulator simulator(gateway, 100, {"--delay", "200..3000"});
        const auto job = run_job(gateway, fan_speed_job(3));
        gateway.await_count(job, "succeeded", 5);
        write_file(control / "fault", fault);
        REQUIRE_MESSAGE(comes_to(gateway, state), json::serialize(gateway.request("status")));
        check_refused(gateway, words);
        CHECK(text(told(gateway), "/store/state") == state);
        files::remove(control / "fault");
        REQUIRE(comes_to(gateway, "ok"));
        gateway.await_job(job, "Completed");
        check_tally(gateway, job);
        CHECK(gateway.list("job/list").size() == 1);
        CHECK(number(simulator.stop(), "/executed_more_than_once") == 0);
    }
}

TEST_CASE("a read-only file system at the start: refused, and --check-config says so before") {
    SmallDisk disk;
    if (!disk.mounted()) {
        return;
    }
    make_store(disk.store());
    REQUIRE(disk.make_read_only());
    check_does_not_start(disk.store(), {"Read-only file system", "mount it to be written"});
    const auto checked =
        run({program("musterd"), "--check-config", "--set", "store.path=" + disk.store().string()});
    CHECK(checked.exit_code == 1);
    CHECK_MESSAGE(checked.errors.find("mount it to be written") != std::string::npos, checked.errors);
}

TEST_CASE("a full disk at the start: refused, with what to do, and started when there is space") {
    SmallDisk disk;
    if (!disk.mounted()) {
        return;
    }
    disk.fill();
    const auto ended = start_on(disk.store());
    CHECK(ended.exit_code == 1);
    CHECK_MESSAGE(ended.errors.find("free some") != std::string::npos, ended.errors);
    CHECK(!files::exists(disk.store()));
    disk.free();
    make_store(disk.store());
    disk.fill();
    check_does_not_start(disk.store(), {"free some"});
    disk.free();
    Gateway gateway(store_at(disk.store()));
    CHECK(store_state(gateway) == "ok");
}

TEST_CASE("--check-config looks for the folder of the store") {
    const TempDir directory;
    const auto check = [&](const std::string& path) {
        return run(
            {program("musterd"), "--check-config", "--set", "store.path=" + (directory / path).string()});
    };
    CHECK(check("muster.db").exit_code == 0);
    CHECK(!files::exists(directory / "muster.db"));
    const auto missing = check("nowhere/muster.db");
    CHECK(missing.exit_code == 1);
    CHECK_MESSAGE(missing.errors.find("nowhere: there is no such directory") != std::string::npos,
                  missing.errors);
}

TEST_CASE("a damaged store is refused at the start, with what to do, and not a byte of it is changed") {
    const TempDir directory;
    const auto store = directory / "muster.db";
    make_store(store);
    const auto good = read_file(store);
    const std::string aside = store.string() + " is kept aside";
    const std::string how = "run musterd restore FILE, where FILE is one that musterd backup FILE has made";
    SUBCASE("header") {
        overwrite(store, 0, 100);
        check_does_not_start(store, {"damaged", "restore it from a backup", how, aside});
    }
    SUBCASE("pages that are read at the start") {
        overwrite(store, 4096, 8 * 4096);
        check_does_not_start(store, {"damaged", "restore it from a backup"});
    }
    SUBCASE("cut off") {
        write_file(store, good.substr(0, good.size() / 2));
        check_does_not_start(store, {"damaged", "restore it from a backup"});
    }
    SUBCASE("nothing in it") {
        write_file(store, "");
        check_does_not_start(store, {"not a store of muster", "backup"});
    }
    SUBCASE("a log that is none") {
        const std::string garbage(40'000, '\x5a');
        write_file(store.string() + "-wal", garbage);
        check_does_not_start(store, {"log is damaged", "restore it from a backup", aside});
        CHECK(read_file(store.string() + "-wal") == garbage);
    }
    SUBCASE("gone, and its log is there") {
        files::remove(store);
        write_file(store.string() + "-wal", "the log");
        check_does_not_start(store, {"is missing", "restore the file from a backup"});
    }
    SUBCASE("of a newer muster") {
        sql(store, "PRAGMA user_version = 999");
        check_does_not_start(store,
                             {"newer muster (schema 999, this one knows ", "install that version again"});
    }
    SUBCASE("of another program") {
        files::remove(store);
        sql(store, "PRAGMA application_id = 1234; CREATE TABLE addresses (name TEXT)");
        check_does_not_start(store, {"not a store of muster", "name another file"});
    }
    // What the advice says works.
    files::rename(store.string() + (files::exists(store) ? "" : "-wal"), directory / "aside");
    files::remove(store.string() + "-wal");
    write_file(store, good);
    Gateway gateway(store_at(store));
    CHECK(text(gateway.job(1), "/status") == "Completed");
}

TEST_CASE("damage that is found while musterd runs: it stops accepting jobs and says what to do") {
    const TempDir directory;
    const auto store = directory / "muster.db";
    make_store(store);
    const auto size = files::file_size(store);
    // Behind the first page of each table and index are executions, which the start does not read.
    constexpr std::size_t kFirstPages = 24 * 4096;
    overwrite(store, kFirstPages, size - kFirstPages);
    Gateway gateway(store_at(store));
    CHECK(store_state(gateway) == "ok");
    const auto read = gateway.ask("job/devices", {{"job", 1}, {"limit", 1000}});
    CHECK(text(read, "/error/code") == "internal");
    CHECK(text(read, "/error/message").find("restore it from a backup") != std::string::npos);
    CHECK(comes_to(gateway, "damaged"));
    check_refused(gateway, "restore it from a backup");
    CHECK(text(told(gateway), "/store/state") == "damaged");
    gateway.daemon().signal(SIGTERM);
    CHECK(gateway.daemon().wait() == 0);
}

}  // namespace muster::test
