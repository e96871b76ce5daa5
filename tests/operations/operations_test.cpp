// OPERATIONS.md, followed: each situation is brought about, and what the page does about it is done as it
// stands there. The programs have to print what it says.
#include "tests/operations/site.hpp"
#include "tests/support/files.hpp"

#include <doctest/doctest.h>

namespace muster::test {
namespace {

namespace files = std::filesystem;

// A device that keeps jobs from ending.
void put_fleet_with_absent(Gateway& gateway) {
    put_fleet(gateway);
    put_silent_device(gateway, "fridge-away");
}

void damage(const files::path& store) {
    auto bytes = read_file(store);
    std::fill_n(bytes.begin() + 4096, 8 * 4096, '\x5a');
    write_file(store, bytes);
}

}  // namespace

TEST_CASE("the page: install, first job, devices, access, a look at it all") {
    Site site;
    site.follow("Running a gateway");
    site.follow("Install");
    site.follow("First job");
    Simulator again(site.gateway(), 20);
    site.follow("Connect devices");
    site.follow("Give people access");
    site.follow("Upgrade");
    site.follow("Watch it");
    site.follow("Clock wrong");
}

TEST_CASE("the page: back up and restore") {
    Site site;
    put_fleet_with_absent(site.gateway());
    site.follow("Back up and restore");
}

TEST_CASE("the page: musterd does not run") {
    Site site;
    const auto good = read_file(site.gateway().configuration());
    site.gateway().daemon().signal(SIGTERM);
    REQUIRE(site.gateway().daemon().wait() == 0);
    write_file(site.gateway().configuration(), good + "colour: red\n");
    site.follow("musterd does not run", "colour");
    write_file(site.gateway().configuration(), good);
    site.follow_with("mended", "musterd does not run");
}

TEST_CASE("the page: broker down") {
    Site site;
    site.gateway().broker().stop();
    site.follow("Broker down");
}

TEST_CASE("the page: disk full") {
    Site site;
    put_fleet(site.gateway());
    Simulator simulator(site.gateway(), 2);
    site.fill_disk();
    // What meets the full disk first waits for it, and has no answer meanwhile.
    CHECK(site.gateway().muster({"--timeout", "1s", "set", "delete", "refrigerators"}).exit_code == 1);
    REQUIRE(eventually([&] { return text(site.gateway().request("status"), "/store/state") == "full"; }));
    site.follow("Disk full");
    // And is carried out when there is space.
    CHECK(eventually([&] { return site.gateway().list("set/list").empty(); }));
}

TEST_CASE("the page: devices silent") {
    Site site;
    put_fleet_with_absent(site.gateway());
    Simulator simulator(site.gateway(), 3, {"--drop", "100"});
    REQUIRE(run_job(site.gateway(), fan_speed_job(3)) == 1);
    site.follow("Devices silent");
}

TEST_CASE("the page: a job does not move") {
    Site site;
    put_fleet_with_absent(site.gateway());
    Simulator simulator(site.gateway(), 3);
    for (const int speed : {3, 4}) {
        site.gateway().await_count(run_job(site.gateway(), fan_speed_job(speed)), "succeeded", 3);
    }
    site.follow("A job does not move");
}

TEST_CASE("the page: many devices fail") {
    Site site;
    put_fleet(site.gateway());
    Simulator simulator(site.gateway(), 5, {"--reject", "100"});
    site.gateway().await_job(run_job(site.gateway(), fan_speed_job(3)), "Failed");
    site.follow("Many devices fail");
}

TEST_CASE("the page: store damaged") {
    Site site;
    put_fleet(site.gateway());
    site.gateway().daemon().signal(SIGTERM);
    REQUIRE(site.gateway().daemon().wait() == 0);
    const auto store = site.gateway().files() / "muster.db";
    if (programs_can().contains("backup")) {
        REQUIRE(run({program("musterd"), "--config", site.gateway().configuration().string(), "backup",
                     (site.gateway().files() / "copy.db").string()})
                    .exit_code == 0);
    }
    damage(store);
    site.follow("Store damaged", "Job for");
    if (programs_can().contains("backup")) {
        files::create_directories(site.gateway().files() / "backups");
        files::copy(site.gateway().files() / "copy.db", site.gateway().files() / "backups" / "muster.db");
    }
    site.follow("Store damaged", "restore");
    site.gateway().daemon().signal(SIGTERM);
    REQUIRE(site.gateway().daemon().wait().has_value());
    damage(store);
    site.follow("Store damaged", "mkdir");
}

TEST_CASE("the page: two gateways") {
    Site site;
    const TempDir files;
    const Process second({program("musterd"), "--config", site.gateway().configuration().string(), "--set",
                          "http.listen=", "--set", "store.path=" + (files / "muster.db").string()},
                         files / "log");
    site.follow("Two gateways");
}

TEST_CASE("the page: too much at once") {
    Site site;
    site.follow("Too much at once");
}

TEST_CASE("the page: no section with commands is forgotten here") {
    const files::path source(MUSTER_SOURCE_DIRECTORY);
    const auto tests = read_file(source / "tests/operations/operations_test.cpp") +
                       read_file(source / "tests/operations/secure_broker_test.cpp");
    const auto page = read_markdown(read_file(source / kGuide));
    CHECK(page.blocks.size() > 30);
    for (const auto& block : page.blocks) {
        const bool is_run = block.kind.starts_with("console");
        CAPTURE(block.heading);
        CAPTURE(block.line);
        CHECK((is_run || block.kind == "yaml"));
        if (is_run) {
            CHECK(tests.find('"' + block.heading + '"') != std::string::npos);
        }
    }
}

TEST_CASE("a page is followed line by line, and what is not printed is missed") {
    const FencedBlock block{"", 3, "console", "$ one \\\n  two\nout\n…\n$ three\n"};
    const auto steps = steps_of(block);
    REQUIRE(steps.size() == 2);
    CHECK(steps[0].command == "one \\\n  two");
    CHECK(steps[0].output == std::vector<std::string>{"out", "…"});
    CHECK(steps[1].line == 8);
    using Lines = std::vector<std::string>;
    CHECK(prints({"a…c", "…", "d"}, {"abc", "x", "y", "d"}));
    CHECK(prints({"…"}, {}));
    CHECK(prints({"a"}, {"a  "}));
    CHECK_FALSE(prints({"a…c"}, {"ab"}));
    CHECK_FALSE(prints({"a"}, {"a", "b"}));
    CHECK_FALSE(prints({"…", "z"}, Lines{"a"}));
}

}  // namespace muster::test
