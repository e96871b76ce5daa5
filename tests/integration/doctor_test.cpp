// Each fault by itself, and what muster doctor says of it. A healthy and secured set-up is in tests/security.
#include "tests/support/doctor.hpp"

#include "tests/support/files.hpp"
#include "tests/support/gateway.hpp"

#include <doctest/doctest.h>

#include <sys/resource.h>
#include <unistd.h>

namespace muster::test {
namespace {

using Names = std::set<std::string>;

constexpr const char* kFast = "max_inflight_messages 1000\n";
// Of a broker without users, on this machine, and of a musterd that trusts everybody there.
const Names kOpenBroker{"broker.anonymous warning", "broker.access warning",
                        "configuration.broker.client_id warning", "configuration.default_role warning"};

Names open_broker_and(const Names& more) {
    Names all = kOpenBroker;
    all.insert(more.begin(), more.end());
    return all;
}

Finished doctor(Gateway& gateway) {
    return gateway.muster({"--json", "doctor"});
}

bool holds(const boost::json::object& check, const std::string& member, std::string_view part) {
    return std::string_view(check.at(member).as_string()).find(part) != std::string_view::npos;
}

bool may_mount() {
    return run({"unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"}).exit_code == 0;
}

// The store on a small disk that only this musterd sees.
GatewayOptions on_disk(const std::string& options) {
    return {.broker_configuration = kFast,
            .overrides = {"store.path=/mnt/muster.db"},
            .launcher = {"unshare", "-m", "sh", "-c",
                         "mount -t tmpfs -o " + options + " tmpfs /mnt && exec \"$@\"", "sh"}};
}

}  // namespace

TEST_CASE("doctor: an open broker is told, and nothing else") {
    Gateway gateway({.broker_configuration = kFast});
    const auto found = doctor(gateway);
    CHECK(found.exit_code == 0);
    CAPTURE(found.output);
    CHECK(troubles(found) == kOpenBroker);
    CHECK(holds(check_of(found, "broker.version"), "found", "mosquitto version 2."));
    CHECK(holds(check_of(found, "store.integrity"), "found", "makes sense"));
    CHECK(holds(check_of(found, "broker.access"), "found", "send operations to any device"));
    const auto screen = gateway.muster({"doctor"});
    CHECK(screen.exit_code == 0);
    CHECK(screen.output.find("  warning  anonymous clients") != std::string::npos);
}

TEST_CASE("doctor: leaves nothing at the broker, and nothing in musterd's counts of nonsense") {
    Gateway gateway({.broker_configuration = kFast});
    const Observer observer(gateway.broker().url(), "#");
    static_cast<void>(doctor(gateway));
    const auto counters = member(gateway.request("status"), "/counters");
    CHECK(counters.at("messages_malformed") == 0);
    CHECK(counters.at("requests_refused") == 0);
    const Observer after(gateway.broker().url(), "muster/v1/#");
    for (const auto& message : after.messages()) {
        CHECK(message.topic.find("muster-doctor-") == std::string::npos);
    }
}

TEST_CASE("doctor: a Receive Maximum below musterd's window") {
    Gateway gateway({.broker_configuration = "max_inflight_messages 20\n"});
    const auto found = doctor(gateway);
    CHECK(found.exit_code == 0);
    CHECK(troubles(found) == open_broker_and({"broker.window warning"}));
    CHECK(holds(check_of(found, "broker.window"), "found", "Receive Maximum is 20"));
}

TEST_CASE("doctor: a broker that may open few files") {
    Gateway gateway({.broker_configuration = kFast});
    const rlimit few{64, 64};
    REQUIRE(::prlimit(gateway.broker().id(), RLIMIT_NOFILE, &few, nullptr) == 0);
    const auto found = doctor(gateway);
    CHECK(troubles(found) == open_broker_and({"broker.descriptors warning"}));
    CHECK(holds(check_of(found, "broker.descriptors"), "found", "may open 64 files"));
}

TEST_CASE("doctor: a musterd that may open few files") {
    Gateway gateway(
        {.broker_configuration = kFast, .launcher = {"sh", "-c", "ulimit -n 256; exec \"$@\"", "sh"}});
    CHECK(troubles(doctor(gateway)) == open_broker_and({"musterd.descriptors warning"}));
}

TEST_CASE("doctor: musterd is down, stopped or killed, and the broker is there") {
    Gateway gateway({.broker_configuration = kFast});
    gateway.daemon().signal(SIGTERM);
    REQUIRE(gateway.daemon().wait() == 0);
    auto found = doctor(gateway);
    CHECK(found.exit_code == 2);
    CHECK(check_of(found, "broker.reach").at("result") == "ok");
    CHECK(check_of(found, "musterd.answers").at("found") == "the broker is there, but musterd is offline");
    CHECK(holds(check_of(found, "musterd.answers"), "fix", "journalctl -u musterd"));
    gateway.start_daemon();
    gateway.kill_daemon();
    found = doctor(gateway);
    CHECK(found.exit_code == 2);
    CHECK(check_of(found, "musterd.answers").at("result") == "problem");
}

TEST_CASE("doctor: the broker is down, or is not one at all") {
    Gateway gateway({.broker_configuration = kFast});
    const auto tls = run({program("muster"), "--broker", "mqtts" + gateway.broker().url().substr(4), "--user",
                          "tester", "--json", "doctor"});
    CHECK(tls.exit_code == 1);
    CHECK(holds(check_of(tls, "broker.reach"), "found", "TLS: "));
    CHECK(holds(check_of(tls, "broker.reach"), "fix", "--ca-file"));
    gateway.broker().kill();
    const auto found = doctor(gateway);
    CHECK(found.exit_code == 1);
    CHECK(holds(check_of(found, "broker.reach"), "found", "Connection refused"));
    CHECK(holds(check_of(found, "broker.reach"), "fix", "systemctl status mosquitto"));
    CHECK(check_of(found, "musterd.answers").at("result") == "skipped");
    CHECK(run({program("muster"), "doctor", "now"}).exit_code == 1);
}

TEST_CASE("doctor: two musterd on one root") {
    Gateway gateway({.broker_configuration = kFast});
    const TempDir files;
    Process second({program("musterd"), "--config", gateway.configuration().string(), "--set",
                    "store.path=" + (files / "second.db").string(), "--set", "broker.client_id=second",
                    "--set", "http.listen="},
                   files / "musterd.log");
    REQUIRE(eventually([&] { return second.output().find("broker_connected") != std::string::npos; }));
    const auto found = doctor(gateway);
    CHECK(found.exit_code == 2);
    CHECK(troubles(found) == open_broker_and({"musterd.alone problem"}));
    CHECK(holds(check_of(found, "musterd.alone"), "found", "process " + std::to_string(second.id())));
}

TEST_CASE("doctor: what the configuration allows has a line of its own") {
    Gateway gateway({.broker_configuration = kFast, .overrides = {"http.tokens_file=/nowhere/tokens"}});
    CHECK(troubles(doctor(gateway)) == open_broker_and({"configuration.http.tokens_file warning"}));
}

TEST_CASE("doctor: a user who may not ask is told which role is missing") {
    Gateway gateway({.broker_configuration = kFast, .overrides = {"default_role=viewer"}});
    const auto viewer = run(
        {program("muster"), "--broker", gateway.broker().url(), "--user", "somebody", "--json", "doctor"});
    CHECK(viewer.exit_code == 0);
    CHECK(check_of(viewer, "musterd.answers").at("result") == "warning");
    CHECK(holds(check_of(viewer, "musterd.answers"), "fix", "roles: {somebody: operator}"));
    CHECK(check_of(viewer, "store.state").at("result") == "skipped");
}

TEST_CASE("doctor: a disk that is nearly full, of bytes or of inodes") {
    if (!may_mount()) {
        MESSAGE("skipped: file systems cannot be mounted here");
        return;
    }
    Gateway full(on_disk("size=40m"));
    const auto found = doctor(full);
    CHECK(found.exit_code == 2);
    CHECK(troubles(found) == open_broker_and({"store.space problem"}));
    Gateway tight(on_disk("size=400m,nr_inodes=100"));
    const auto warned = doctor(tight);
    CHECK(warned.exit_code == 0);
    CHECK(troubles(warned) == open_broker_and({"store.space warning", "store.inodes warning"}));
    CHECK(tight.muster({"status"}).output.find("musterd is not well: disk: only") == 0);
}

}  // namespace muster::test
