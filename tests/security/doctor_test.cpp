// The set-up of systemd/mosquitto as muster doctor finds it: nothing is wrong.
#include "tests/support/doctor.hpp"

#include "tests/security/set_up.hpp"
#include "tests/support/gateway.hpp"

#include <doctest/doctest.h>

namespace muster::test {

TEST_CASE("doctor: all is well with the set-up of the README") {
    const SetUp set_up(DeviceLogin::passwords);
    const auto daemon = set_up.start_daemon();
    const auto found = set_up.muster("anna", {"--json", "doctor"});
    CAPTURE(found.output);
    CAPTURE(found.errors);
    CHECK(found.exit_code == 0);
    auto left = troubles(found);
    // Clients of the set-up have no business with $SYS; the broker's files are seen by its user and root.
    left.erase("broker.version skipped");
    left.erase("broker.descriptors skipped");
    CHECK(left == std::set<std::string>{});
    CHECK(check_of(found, "broker.access").at("result") == "ok");
    CHECK(check_of(found, "broker.anonymous").at("result") == "ok");
    CHECK(check_of(found, "broker.retained").at("result") == "ok");
    const auto stranger = set_up.muster("musterd", {"--json", "doctor"});
    CHECK(check_of(stranger, "broker.access").at("result") == "warning");
}

TEST_CASE("doctor: a wrong password, and an authority that did not sign the broker's certificate") {
    const SetUp set_up(DeviceLogin::passwords, {"cp musterd.password wrong.password"});
    const auto login = run({program("muster"), "--broker", set_up.clients_url(), "--ca-file",
                            set_up.file("authority/ca.pem"), "--user", "anna", "--password-file",
                            set_up.file("wrong.password"), "--json", "doctor"});
    CHECK(login.exit_code == 1);
    const auto refused = check_of(login, "broker.reach");
    CHECK(refused.at("found").as_string().find("Not authorized") != std::string::npos);
    CHECK(refused.at("fix").as_string().find("--password-file") != std::string::npos);
    const auto stranger = run({program("muster"), "--broker", set_up.clients_url(), "--user", "anna",
                               "--password-file", set_up.file("anna.password"), "--json", "doctor"});
    CHECK(stranger.exit_code == 1);
    CHECK(check_of(stranger, "broker.reach").at("found").as_string().find("TLS: ") != std::string::npos);
}

}  // namespace muster::test
