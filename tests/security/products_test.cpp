// musterd, muster and muster-sim at the broker of systemd/mosquitto.
#include "tests/security/figures.hpp"
#include "tests/security/set_up.hpp"
#include "tests/support/files.hpp"
#include "tests/support/gateway.hpp"

#include <doctest/doctest.h>

#include <filesystem>

namespace muster::test {
namespace {

namespace json = boost::json;

const std::string kDevices = "muster/v1/dev/";

Finished muster(const SetUp& set_up, const Words& words) {
    auto finished = set_up.muster("anna", words);
    REQUIRE_MESSAGE(finished.exit_code == 0, finished.errors);
    return finished;
}

json::value muster_json(const SetUp& set_up, Words words) {
    words.insert(words.begin(), "--json");
    return parse(muster(set_up, words).output);
}

void apply_example_fleet(const SetUp& set_up) {
    muster(set_up, {"apply", "-f", std::string(MUSTER_SOURCE_DIRECTORY) + "/config/example-fleet"});
}

// Announces itself; says nothing more by itself.
void come_online(const SetUp& set_up, const std::string& device) {
    const auto who = set_up.device(device);
    const auto* info = R"({"proto":1,"template":"refrigerator","remembers":8})";
    REQUIRE(publish_as(who, kDevices + device + "/info", info, true) == Attempt::taken);
    REQUIRE(publish_as(who, kDevices + device + "/status", "online", true) == Attempt::taken);
    REQUIRE(eventually([&] {
        const auto found = set_up.muster("anna", {"--json", "device", "show", device});
        return found.exit_code == 0 && member(parse(found.output), "/online").as_bool();
    }));
}

std::int64_t counter(const SetUp& set_up, const std::string& name) {
    return number(muster_json(set_up, {"status"}), "/counters/" + name);
}

bool logs(const Process& process, const std::string& line) {
    return eventually([&] { return process.output().find(line) != std::string::npos; });
}

}  // namespace

TEST_CASE(
    "Promise 5: the right id of an open operation, said by another device, is refused by the broker or by "
    "musterd") {
    const SetUp set_up(DeviceLogin::certificates);
    const auto daemon = set_up.start_daemon();
    apply_example_fleet(set_up);
    come_online(set_up, "fridge-1");
    come_online(set_up, "fridge-2");
    const Spy commands(set_up.device("fridge-1"), {kDevices + "fridge-1/cmd"});
    const auto started = muster_json(set_up, {"job", "run", "--set", "refrigerators", "--settings",
                                              "fanSpeed=3", "--devices", "fridge-1"});
    const auto job = std::to_string(number(started, "/job"));
    REQUIRE(commands.hears(kDevices + "fridge-1/cmd {\"id\""));
    const auto message = commands.heard().front();
    const auto id = text(parse(message.substr(message.find('{'))), "/id");

    const auto thief = set_up.device("fridge-2");
    const bool denied = publish_as(thief, kDevices + "fridge-1/ack", id + " 200") == Attempt::denied;
    CHECK(denied);
    count_attempt("spoofed_ack_on_its_topic", denied);
    REQUIRE(publish_as(thief, kDevices + "fridge-2/ack", id + " 200") == Attempt::taken);
    const bool foreign = eventually([&] { return counter(set_up, "ack_foreign") == 1; });
    CHECK(foreign);
    count_attempt("spoofed_ack_on_own_topic", foreign);
    CHECK(text(muster_json(set_up, {"job", "show", job}), "/status") == "Running");

    REQUIRE(publish_as(set_up.device("fridge-1"), kDevices + "fridge-1/ack", id + " 200") == Attempt::taken);
    CHECK(eventually([&] {
        return text(muster_json(set_up, {"job", "show", job}), "/status") == "Completed";
    }));
}

TEST_CASE(
    "Promise 5: the set-up is played with muster's own programs, with TLS, passwords, certificates and "
    "roles") {
    for (const auto login : {DeviceLogin::passwords, DeviceLogin::certificates}) {
        // Simulated devices share a password.
        const SetUp set_up(
            login, {"add_client vera", "echo '  vera: viewer' >>musterd.yaml",
                    "[ ! -s $etc/muster.devices ] || { cat fridge-1.password >fridge-2.password; "
                    "printf 'fridge-2:%s\\n' \"$(cat fridge-1.password)\" >two; mosquitto_passwd -U two; "
                    "sed -i /^fridge-2:/d $etc/muster.devices; cat two >>$etc/muster.devices; }"});
        const auto daemon = set_up.start_daemon();
        apply_example_fleet(set_up);
        Words simulator{program("muster-sim"),
                        "--broker",
                        set_up.devices_url(),
                        "--ca-file",
                        set_up.file("authority/ca.pem"),
                        "--devices",
                        "2",
                        "--template",
                        "refrigerator",
                        "--ready-file",
                        set_up.file("ready")};
        const Words own =
            login == DeviceLogin::passwords
                ? Words{"--password-file", set_up.file("fridge-1.password")}
                : Words{"--certificate-file", set_up.file("{id}.pem"), "--key-file", set_up.file("{id}.key")};
        simulator.insert(simulator.end(), own.begin(), own.end());
        Process devices(simulator, set_up.file("simulator.log"));
        REQUIRE(
            eventually([&] { return std::filesystem::exists(set_up.file("ready")) || !devices.running(); }));
        REQUIRE_MESSAGE(devices.running(), devices.output());
        const Words job{"job",        "run",        "--set",     "refrigerators",
                        "--settings", "fanSpeed=3", "--devices", "fridge-1,fridge-2",
                        "--watch"};
        REQUIRE(eventually([&] {
            return set_up.muster("anna", {"device", "show", "fridge-2"}).exit_code == 0;
        }));
        REQUIRE(eventually([&] {
            return set_up.muster("anna", {"device", "show", "fridge-1"}).exit_code == 0;
        }));
        muster(set_up, job);
        CHECK(set_up.muster("vera", {"job", "list"}).exit_code == 0);
        const auto forbidden = set_up.muster("vera", job);
        CHECK(forbidden.exit_code == 4);
        CHECK(forbidden.errors.find("has the role viewer") != std::string::npos);
        count_attempt("request_without_the_role", forbidden.exit_code == 4);
    }
}

TEST_CASE("Promise 5: musterd and muster tell why TLS failed, and name secrets that everybody can read") {
    const SetUp set_up(DeviceLogin::passwords,
                       {"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=stranger "
                        "-keyout stranger.key -out stranger.pem",
                        "chmod 644 musterd.password anna.password"});
    const auto refused =
        run({program("muster"), "--broker", set_up.clients_url(), "--ca-file", set_up.file("stranger.pem"),
             "--user", "anna", "--password-file", set_up.file("anna.password"), "status"});
    CHECK(refused.exit_code == 1);
    CHECK(refused.errors.find("TLS: the broker's certificate was refused: ") != std::string::npos);
    CHECK(refused.errors.find("anna.password is a secret that every user of this machine can read") !=
          std::string::npos);
    CHECK(refused.errors.find("cannot be reached") == refused.errors.rfind("cannot be reached"));
    const Process daemon(
        {program("musterd"), "--config", set_up.file("musterd.yaml"), "--set",
         "broker.urls=" + set_up.clients_url(), "--set", "broker.ca_file=" + set_up.file("stranger.pem")},
        set_up.file("refused.log"));
    CHECK(logs(daemon, "TLS: the broker's certificate was refused: "));
    CHECK(logs(daemon, "event=secret_exposed"));
    count_attempt("broker_of_another_authority", refused.exit_code == 1);
}

TEST_CASE("Promise 5: two musterd with one client id say so in log and status") {
    const SetUp set_up(DeviceLogin::passwords);
    const auto first = set_up.start_daemon();
    const auto second = set_up.start_daemon({"store.path=" + set_up.file("second.db")}, "second.log");
    const std::string told =
        "times in a row soon after it was made; is there a second musterd with client_id";
    CHECK(eventually([&] {
        return first.output().find(told) != std::string::npos ||
               second.output().find(told) != std::string::npos;
    }));
    // Each is connected for a while, and then can be asked.
    CHECK(eventually([&] {
        const auto status = set_up.muster("anna", {"--json", "--timeout", "3s", "status"});
        return status.exit_code == 0 &&
               text(parse(status.output), "/broker/detail").find("is there a second musterd") !=
                   std::string::npos;
    }));
}

}  // namespace muster::test
