// What musterd tells the service manager, heard on a socket of the test's own.
#include "tests/integration/fleet.hpp"
#include "tests/support/files.hpp"
#include "tests/support/notify_listener.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

namespace muster::test {
namespace {

constexpr const char* kHanging = "STATUS=Hangs: ";

// The watchdog's interval is what a busy machine keeps to easily.
constexpr std::chrono::seconds kInterval{4};

std::vector<std::string> launcher(const NotifyListener& manager, const std::string& more = "A=B") {
    return {"env", "NOTIFY_SOCKET=" + manager.address(), more};
}

std::vector<std::string> watched(const NotifyListener& manager) {
    return launcher(manager, "WATCHDOG_USEC=" + std::to_string(std::chrono::microseconds(kInterval).count()));
}

std::size_t place_of(NotifyListener& manager, std::string_view assignment) {
    const auto& told = manager.told();
    return static_cast<std::size_t>(std::ranges::find(told, assignment) - told.begin());
}

// Three times more from now on.
bool is_fed_on(NotifyListener& manager) {
    return manager.wait("WATCHDOG=1", manager.count("WATCHDOG=1") + 3);
}

// It says that something hangs, and then is not fed for longer than the manager waits.
void check_left_to_die(NotifyListener& manager, std::string_view what) {
    REQUIRE(manager.wait(kHanging + std::string(what)));
    const auto fed = manager.count("WATCHDOG=1");
    CHECK_FALSE(manager.wait("WATCHDOG=1", fed + 1, kInterval * 3 / 2));
}

// A gateway that stands still at the first visit of a failpoint, and would die long after the test.
GatewayOptions standing_still_at(const NotifyListener& manager, const std::string& point,
                                 const TempDir& files) {
    GatewayOptions options;
    options.launcher = watched(manager);
    options.daemon = {program("musterd_failpoints"), point + ":1:600000", (files / "note").string()};
    return options;
}

// A device that nobody knew, which is a commit.
void be_born(Gateway& gateway) {
    gateway.publish("muster/v1/dev/fridge-1/info", R"({"proto":1,"template":"refrigerator"})", true);
}

std::vector<std::string> musterd(const TempDir& files, const std::string& broker) {
    return {program("musterd"),
            "--set",
            "broker.urls=" + broker,
            "--set",
            "store.path=" + (files / "muster.db").string(),
            "--set",
            "http.listen=127.0.0.1:0"};
}

std::vector<std::string> joined(std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

}  // namespace

TEST_CASE("ready once, after the store was read, with HTTP listening; the broker may be away") {
    for (const auto kind : {NotifyListener::Kind::path, NotifyListener::Kind::abstract}) {
        NotifyListener manager(kind);
        const TempDir files;
        Process daemon(
            joined(watched(manager), musterd(files, "mqtt://127.0.0.1:" + std::to_string(free_port()))),
            files / "log");
        REQUIRE_MESSAGE(manager.wait("READY=1"), daemon.output());
        CHECK(daemon.output().find("event=http_listening") != std::string::npos);
        CHECK(manager.told().front() == "STATUS=Opening the store");
        CHECK(manager.wait("STATUS=Not connected to the broker: mqtt://127.0.0.1:"));
        CHECK(is_fed_on(manager));
        CHECK(manager.count("READY=1") == 1);
        CHECK(manager.count(kHanging) == 0);
        daemon.signal(SIGTERM);
        CHECK(daemon.wait() == 0);
        CHECK(manager.count("STOPPING=1") == 1);
    }
}

TEST_CASE("not ready while the store has been opened but not read") {
    NotifyListener manager;
    const TempDir files;
    auto command = musterd(files, "mqtt://127.0.0.1:" + std::to_string(free_port()));
    command.front() = program("musterd_failpoints");
    command.insert(command.begin() + 1, {"store_opened:1:600000", (files / "note").string()});
    Process daemon(joined(watched(manager), command), files / "log");
    REQUIRE(eventually([&] { return std::filesystem::exists(files / "note"); }));
    CHECK(manager.wait("STATUS=Opening the store"));
    CHECK(manager.count("READY=1") == 0);
    CHECK(manager.count("WATCHDOG=1") == 0);
}

TEST_CASE("a store that cannot be opened is never ready") {
    NotifyListener manager;
    const TempDir files;
    write_file(files / "muster.db", std::string(8192, 'x'));
    Process daemon(joined(watched(manager), musterd(files, "mqtt://127.0.0.1:1")), files / "log");
    CHECK(daemon.wait() == 1);
    CHECK(manager.count("READY=1") == 0);
}

TEST_CASE("the status line follows broker and jobs") {
    NotifyListener manager;
    Gateway gateway({.launcher = launcher(manager)});
    CHECK(manager.wait("STATUS=Connected to " + gateway.broker().url() + "; 0 jobs running"));
    put_fleet(gateway);
    put_silent_device(gateway, "fridge-1");
    const auto job = run_job(gateway, fan_speed_job(3));
    CHECK(manager.wait("STATUS=Connected to " + gateway.broker().url() + "; 1 job running"));
    gateway.request("job/stop", {{"job", job}});
    CHECK(manager.wait("STATUS=Connected to " + gateway.broker().url() + "; 0 jobs running", 2));
    gateway.broker().kill();
    CHECK(manager.wait("STATUS=Not connected to the broker: "));
    CHECK(manager.count("WATCHDOG=1") == 0);  // nobody asked for it
}

TEST_CASE("the watchdog is fed while the broker is away, and comes back") {
    NotifyListener manager;
    Gateway gateway({.launcher = watched(manager)});
    CHECK(is_fed_on(manager));
    gateway.broker().kill();
    REQUIRE(manager.wait("STATUS=Not connected to the broker: "));
    CHECK(is_fed_on(manager));
    gateway.broker().start();
    REQUIRE(manager.wait("STATUS=Connected to ", manager.count("STATUS=Connected to ") + 1));
    CHECK(is_fed_on(manager));
    CHECK(manager.count(kHanging) == 0);
}

TEST_CASE("the watchdog is fed while the disk is full, which is said") {
    NotifyListener manager;
    const TempDir files;
    auto options = GatewayOptions{.launcher = watched(manager)};
    options.launcher.push_back("LD_PRELOAD=" + program("libfailing_disk.so"));
    options.launcher.push_back("MUSTER_TEST_FAILING_DISK=" + (files / "fails").string());
    Gateway gateway(options);
    write_file(files / "fails", "write 28\n");
    be_born(gateway);
    CHECK(manager.wait("STATUS=Connected to " + gateway.broker().url() +
                       "; 0 jobs running; the store is full"));
    CHECK(is_fed_on(manager));
    CHECK(manager.count(kHanging) == 0);
}

TEST_CASE("the watchdog is not fed when a commit does not end") {
    NotifyListener manager;
    const TempDir files;
    Gateway gateway(standing_still_at(manager, "before_commit", files));
    CHECK(manager.wait("WATCHDOG=1"));
    be_born(gateway);
    check_left_to_die(manager, "the store has been at work on one commit for ");
}

TEST_CASE("the watchdog is not fed when the engine does not go on") {
    NotifyListener manager;
    const TempDir files;
    Gateway gateway(standing_still_at(manager, "before_answer", files));
    CHECK(manager.wait("WATCHDOG=1"));
    gateway.publish("muster/v1/api/tester/req/status", R"({"id":"x"})");
    check_left_to_die(manager, "the engine has not been heard of for ");
}

TEST_CASE("the watchdog is not fed when the link does not go on") {
    NotifyListener manager;
    const TempDir files;
    const Gateway gateway(standing_still_at(manager, "link_connected", files));
    check_left_to_die(manager, "the link to the broker has not been heard of for ");
}

TEST_CASE("the watchdog of another process is left alone") {
    NotifyListener manager;
    auto options = GatewayOptions{.launcher = watched(manager)};
    options.launcher.emplace_back("WATCHDOG_PID=1");
    const Gateway gateway(options);
    CHECK(manager.wait("STATUS=Connected to "));  // it would have been fed before
    CHECK(manager.count("WATCHDOG=1") == 0);
}

TEST_CASE("the watchdog of this very process is fed") {
    NotifyListener manager;
    auto options = GatewayOptions{.launcher = watched(manager)};
    options.launcher = joined(std::move(options.launcher), {"sh", "-c", "WATCHDOG_PID=$$ exec \"$@\"", "sh"});
    const Gateway gateway(options);
    CHECK(is_fed_on(manager));
}

TEST_CASE("a reload is told around it, whether it brings something or is refused") {
    NotifyListener manager;
    Gateway gateway({.launcher = launcher(manager)});
    REQUIRE(manager.wait("READY=1"));
    gateway.daemon().signal(SIGHUP);
    CHECK(manager.wait("READY=1", 2));
    const auto& told = manager.told();
    const auto at = place_of(manager, "RELOADING=1");
    REQUIRE(at + 2 < told.size());
    CHECK(told[at + 1].starts_with("MONOTONIC_USEC="));
    CHECK(told[at + 2] == "READY=1");
    write_file(gateway.configuration(), "no such key: 1\n");
    gateway.daemon().signal(SIGHUP);
    CHECK(manager.wait("READY=1", 3));
    CHECK(gateway.daemon().output().find("event=reload_refused") != std::string::npos);
    CHECK(gateway.daemon().running());
}

TEST_CASE("stopping is said before it is done") {
    NotifyListener manager;
    Gateway gateway({.launcher = launcher(manager)});
    gateway.daemon().signal(SIGTERM);
    CHECK(gateway.daemon().wait() == 0);
    CHECK(manager.count("STOPPING=1") == 1);
    CHECK(place_of(manager, "STOPPING=1") > place_of(manager, "READY=1"));
    CHECK(manager.told().back() == "STATUS=Stopping");
}

TEST_CASE("a manager that cannot be reached keeps nobody from working") {
    auto options = GatewayOptions{.launcher = {"env", "NOTIFY_SOCKET=/no/such/socket"}};
    Gateway gateway(options);
    CHECK(gateway.daemon().output().find("event=service_manager_unreachable") != std::string::npos);
}

}  // namespace muster::test
