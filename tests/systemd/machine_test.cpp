// The unit as it is, sandbox and all, under a systemd of the test's own: musterd
// and a Mosquitto run there as services, and do a job.
#include "tests/systemd/machine.hpp"

#include "tests/support/files.hpp"
#include "tests/support/gateway.hpp"

#include <doctest/doctest.h>

#include <filesystem>

namespace muster::test {
namespace {

const std::filesystem::path kSource = MUSTER_SOURCE_DIRECTORY;

constexpr const char* kBrokerUnit =
    "[Service]\nExecStart=/usr/sbin/mosquitto -c /etc/mosquitto-of-test.conf\n";
constexpr const char* kConfiguration = R"(broker:
  user: muster
  password_file: credential:broker.password
roles:
  anna: admin
)";
// A secret that only root can read, as the unit proposes it; and a watchdog that a test can wait for.
constexpr const char* kDropIn =
    "[Service]\nLoadCredential=broker.password:/etc/muster/secret/broker.password\nWatchdogSec=6s\n"
    "RestartSec=100ms\n";

void write(const std::filesystem::path& file, std::string_view text) {
    std::filesystem::create_directories(file.parent_path());
    write_file(file, text);
}

// What the packages would have installed, and a broker.
void lay_out(const std::filesystem::path& root) {
    const auto copy = [&](const std::filesystem::path& from, const std::string& to) {
        std::filesystem::create_directories((root / to).parent_path());
        std::filesystem::copy_file(from, root / to);
    };
    for (const auto* const name : {"musterd", "muster", "muster-sim"}) {
        copy(program(name), std::string("usr/bin/") + name);
    }
    copy(kSource / "systemd/musterd.service", "etc/systemd/system/musterd.service");
    copy(kSource / "systemd/sysusers.d/musterd.conf", "usr/lib/sysusers.d/musterd.conf");
    copy(kSource / "systemd/tmpfiles.d/musterd.conf", "usr/lib/tmpfiles.d/musterd.conf");
    std::filesystem::create_directories(root / "opt");
    std::filesystem::copy(kSource / "config/example-fleet", root / "opt/fleet",
                          std::filesystem::copy_options::recursive);
    write(root / "opt/fleet/online.yaml",
          "kind: device-set\nset: online\ntemplate: refrigerator\nquery: online\n");
    write(root / "etc/systemd/system/musterd.service.d/test.conf", kDropIn);
    write(root / "etc/systemd/system/mosquitto.service", kBrokerUnit);
    write(root / "etc/mosquitto-of-test.conf",
          "listener 1883 127.0.0.1\nallow_anonymous true\npassword_file /etc/mosquitto-of-test.passwords\n");
    write(root / "etc/muster/musterd.yaml", kConfiguration);
    write(root / "etc/muster/secret/broker.password", "secret\n");
    std::filesystem::permissions(root / "etc/muster/secret", std::filesystem::perms::owner_all);
    std::filesystem::permissions(root / "etc/muster/secret/broker.password",
                                 std::filesystem::perms::owner_read);
    write(root / "opt/anna.password", "hers\n");
    const auto passwords = (root / "etc/mosquitto-of-test.passwords").string();
    REQUIRE(run({"mosquitto_passwd", "-b", "-c", passwords, "muster", "secret"}).exit_code == 0);
    REQUIRE(run({"mosquitto_passwd", "-b", passwords, "anna", "hers"}).exit_code == 0);
    std::filesystem::permissions(root / "etc/mosquitto-of-test.passwords",
                                 std::filesystem::perms::others_read, std::filesystem::perm_options::add);
}

std::string journal(const Machine& machine) {
    return machine.run({"journalctl", "--no-pager", "--output=cat", "--unit=musterd"}).output;
}

void must(const Machine& machine, const std::vector<std::string>& command) {
    const auto finished = machine.run(command);
    REQUIRE_MESSAGE(finished.exit_code == 0,
                    (command.front() + ": " + finished.output + finished.errors + journal(machine)));
}

void as_anna(const Machine& machine, std::vector<std::string> words) {
    const std::vector<std::string> muster{"muster", "--user", "anna", "--password-file",
                                          "/opt/anna.password"};
    words.insert(words.begin(), muster.begin(), muster.end());
    must(machine, words);
}

std::string status_of_main(const Machine& machine) {
    return machine.run({"cat", "/proc/" + machine.show("musterd", "MainPID") + "/status"}).output;
}

void start(const Machine& machine) {
    must(machine, {"systemd-sysusers", "/usr/lib/sysusers.d/musterd.conf"});
    must(machine, {"systemd-tmpfiles", "--create", "/usr/lib/tmpfiles.d/musterd.conf"});
    must(machine, {"systemctl", "start", "mosquitto", "musterd"});
    CHECK(machine.show("musterd", "ActiveState") == "active");
    CHECK(machine.show("musterd", "SubState") == "running");
    CHECK_MESSAGE(
        machine.await("musterd", "StatusText", "Connected to mqtt://127.0.0.1:1883; 0 jobs running"),
        journal(machine));
}

void check_locked_down(const Machine& machine) {
    const auto status = status_of_main(machine);
    CAPTURE(status);
    CHECK(status.find("CapBnd:\t0000000000000000") != std::string::npos);
    CHECK(status.find("CapEff:\t0000000000000000") != std::string::npos);
    CHECK(status.find("NoNewPrivs:\t1") != std::string::npos);
    CHECK(status.find("Seccomp:\t2") != std::string::npos);
    CHECK(status.find("Uid:\t0") == std::string::npos);
    const auto owner =
        machine.run({"stat", "-c", "%U:%G %a", "/var/lib/muster", "/var/lib/muster/muster.db"});
    CHECK(owner.output == "muster:muster 750\nmuster:muster 600\n");
}

void run_job(const Machine& machine) {
    as_anna(machine, {"apply", "-f", "/opt/fleet"});
    must(machine, {"systemd-run", "--unit=sim", "muster-sim", "--devices", "20", "--template", "refrigerator",
                   "--ready-file", "/tmp/ready"});
    REQUIRE(eventually([&] { return machine.run({"test", "-e", "/tmp/ready"}).exit_code == 0; }));
    as_anna(machine,
            {"job", "run", "--set", "online", "--settings", "fanSpeed=3", "--timeout", "60s", "--watch"});
}

void reload(const Machine& machine) {
    const auto before = machine.show("musterd", "MainPID");
    must(machine, {"systemctl", "reload", "musterd"});
    CHECK(eventually([&] { return journal(machine).find("event=reloaded") != std::string::npos; }));
    CHECK(machine.await("musterd", "SubState", "running"));
    CHECK(machine.show("musterd", "MainPID") == before);
}

// A musterd that stands still is ended by systemd, and started again.
void hang(const Machine& machine) {
    const auto before = machine.show("musterd", "MainPID");
    must(machine, {"kill", "-STOP", before});
    CHECK(machine.await("musterd", "NRestarts", "1"));
    CHECK(machine.await("musterd", "StatusText", "Connected to mqtt://127.0.0.1:1883; 0 jobs running"));
    CHECK(machine.show("musterd", "ActiveState") == "active");
    CHECK(machine.show("musterd", "MainPID") != before);
    CHECK(journal(machine).find("Watchdog timeout") != std::string::npos);
    as_anna(machine, {"job", "show", "2"});
}

// A mistake in the configuration is said by ExecStartPre, and nothing is started.
void make_a_mistake(const Machine& machine) {
    const auto starts = [&] {
        const auto log = journal(machine);
        return log.rfind("event=started");
    };
    const auto before = starts();
    must(machine, {"sh", "-c", "echo 'no such key: 1' >>/etc/muster/musterd.yaml"});
    CHECK(machine.run({"systemctl", "start", "musterd"}).exit_code != 0);
    CHECK(journal(machine).find("there is no key \"no such key\"") != std::string::npos);
    CHECK(starts() == before);
}

}  // namespace

TEST_CASE("the unit runs, does a job, reloads, is restarted when it hangs, stops, and minds a mistake") {
    const TempDir files;
    lay_out(files.path());
    const Machine machine(files.path());
    if (!machine.refused().empty()) {
        MESSAGE("not proven here: a systemd of the test's own: ", machine.refused());
        return;
    }
    start(machine);
    check_locked_down(machine);
    run_job(machine);
    reload(machine);
    hang(machine);
    must(machine, {"systemctl", "stop", "musterd"});
    CHECK(machine.show("musterd", "ActiveState") == "inactive");
    CHECK(machine.show("musterd", "Result") == "success");
    make_a_mistake(machine);
}

}  // namespace muster::test
