#include "device-sim/options.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace muster;
using namespace muster::sim;

namespace {

std::variant<SimOptions, EarlyExit> parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "muster-sim");
    return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

SimOptions accepted(std::vector<const char*> arguments) {
    const auto parsed = parse(std::move(arguments));
    REQUIRE(std::holds_alternative<SimOptions>(parsed));
    return std::get<SimOptions>(parsed);
}

std::string refused(std::vector<const char*> arguments) {
    const auto parsed = parse(std::move(arguments));
    REQUIRE(std::holds_alternative<EarlyExit>(parsed));
    CHECK(std::get<EarlyExit>(parsed).code == 1);
    return std::get<EarlyExit>(parsed).text;
}

bool has(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Defaults: one connection for each of well-behaved refrigerators") {
    const SimOptions options = accepted({"--devices", "200", "--template", "refrigerator"});
    CHECK(options.fleet.devices == 200);
    CHECK(options.fleet.prefix == "fridge-");
    CHECK(options.fleet.remembers == 8);
    CHECK(options.fleet.tags.size() == 2);
    CHECK(options.fleet.faults.drop == 0);
    CHECK_FALSE(options.fleet.faults.churn.has_value());
    CHECK_FALSE(options.connections.has_value());
    CHECK(options.broker.host == "127.0.0.1");
    CHECK(options.broker.port == 1883);
    CHECK(options.broker.version == MqttVersion::v5);
    CHECK(options.root == "muster/v1");
    CHECK_FALSE(options.duration.has_value());
}

TEST_CASE("The options of fleet and connection arrive where they belong") {
    const SimOptions options = accepted({"--devices",
                                         "100",
                                         "--template",
                                         "pump",
                                         "--prefix",
                                         "p",
                                         "--seed",
                                         "9",
                                         "--tags",
                                         "line=1|2",
                                         "--forget",
                                         "--broker",
                                         "mqtt://broker.example:2883",
                                         "--mqtt-version",
                                         "3.1.1",
                                         "--root",
                                         "plant/a",
                                         "--connections",
                                         "4",
                                         "--user",
                                         "sim",
                                         "--stats-file",
                                         "s",
                                         "--ready-file",
                                         "r",
                                         "--duration",
                                         "12"});
    CHECK(options.fleet.prefix == "p");
    CHECK(options.fleet.seed == 9);
    CHECK(options.fleet.remembers == 0);
    REQUIRE(options.fleet.tags.size() == 1);
    CHECK(options.fleet.tags[0].values == std::vector<boost::json::value>{1, 2});
    CHECK(options.broker.host == "broker.example");
    CHECK(options.broker.port == 2883);
    CHECK(options.broker.version == MqttVersion::v311);
    CHECK(options.root == "plant/a");
    CHECK(options.connections == 4);
    CHECK(options.user == "sim");
    CHECK(options.stats_file == "s");
    CHECK(options.ready_file == "r");
    CHECK(options.duration == std::chrono::seconds(12));
}

TEST_CASE("Every fault arrives where it belongs") {
    const Faults faults = accepted({"--devices",
                                    "100",
                                    "--template",
                                    "pump",
                                    "--offline",
                                    "1%",
                                    "--reject",
                                    "2",
                                    "--text-acks",
                                    "3.5",
                                    "--drop",
                                    "4%",
                                    "--drop-moment",
                                    "after",
                                    "--duplicate",
                                    "5",
                                    "--not-now",
                                    "6",
                                    "--malformed",
                                    "7",
                                    "--delay",
                                    "10..20",
                                    "--progress",
                                    "--churn",
                                    "30..60",
                                    "--away",
                                    "2"})
                              .fleet.faults;
    CHECK(faults.offline == 1);
    CHECK(faults.reject == 2);
    CHECK(faults.text_acks == 3.5);
    CHECK(faults.drop == 4);
    CHECK(faults.drop_moment == LossMoment::after);
    CHECK(faults.duplicate == 5);
    CHECK(faults.not_now == 6);
    CHECK(faults.malformed == 7);
    CHECK(faults.delay.least == Milliseconds(10));
    CHECK(faults.delay.most == Milliseconds(20));
    CHECK(faults.progress);
    REQUIRE(faults.churn.has_value());
    CHECK(faults.churn->most == Milliseconds(60'000));
    CHECK(faults.away.least == Milliseconds(2000));
}

TEST_CASE("All mistakes are told at once, each with its option") {
    const std::string text = refused({"--devices", "5", "--template", "a b", "--reject", "101", "--delay",
                                      "9..2", "--churn", "0..3", "--connections", "7", "--broker", "http://x",
                                      "--tags", "x", "--prefix=-x", "--root", "a/+"});
    for (const char* option : {"--template", "--reject", "--delay", "--churn", "--connections", "--broker",
                               "--tags", "--prefix", "--root"}) {
        CAPTURE(option);
        CHECK(has(text, option));
    }
}

TEST_CASE("What is missing, unknown or impossible is refused") {
    CHECK(has(refused({"--devices", "5"}), "--template"));
    CHECK(has(refused({"--template", "x"}), "--devices"));
    CHECK(has(refused({"--devices", "0", "--template", "x"}), "--devices"));
    CHECK(has(refused({"--devices", "5", "--template", "x", "--colour", "red"}), "--colour"));
    CHECK(has(refused({"--devices", "5", "--template", "x", "--mqtt-version", "4"}), "--mqtt-version"));
    CHECK(has(refused({"--devices", "5", "--template", "x", "--user", "u"}), "--user"));
    CHECK(has(refused({"--devices", "5", "--template", "x", "--password-file", "/nonexistent"}),
              "/nonexistent"));
    CHECK(has(refused({"--devices", "5", "--template", "x", "--connections", "few"}), "--connections"));
}

TEST_CASE("Help and version are no mistakes") {
    CHECK(std::get<EarlyExit>(parse({"--help"})).code == 0);
    CHECK(has(std::get<EarlyExit>(parse({"--help"})).text, "--connections"));
    CHECK(std::get<EarlyExit>(parse({"--version"})).code == 0);
}

TEST_CASE("Percentages go from 0 to 100") {
    CHECK(parse_percent("0").value() == 0);
    CHECK(parse_percent("2.5").value() == 2.5);
    CHECK(parse_percent("100%").value() == 100);
    for (const char* text : {"", "%", "-1", "100.1", "1%%", "nan", "inf", "5 ", "five"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_percent(text).has_value());
    }
}

TEST_CASE("Ranges have two ends in order, or are one value") {
    CHECK(parse_range("5..10", Seconds(1)).value().most == Milliseconds(10'000));
    CHECK(parse_range("7", Milliseconds(1)).value().least == Milliseconds(7));
    CHECK(parse_range("86400", Seconds(1)).has_value());
    for (const char* text : {"", "..", "5..", "..5", "10..5", "-1..5", "1...5", "1.5..2", "86401", "5s"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_range(text, Seconds(1)).has_value());
    }
}

TEST_CASE("Broker addresses are mqtt, host and port, nothing more") {
    CHECK(parse_broker("mqtt://localhost").value().port == 1883);
    CHECK(parse_broker("mqtt://[::1]:1884").value().host == "::1");
    CHECK(parse_broker("mqtt://10.0.0.1:1/").value().port == 1);
    CHECK_FALSE(parse_broker("mqtt://localhost").value().tls);
    CHECK(parse_broker("mqtts://localhost").value().port == 8883);
    CHECK(parse_broker("mqtts://localhost:1").value().port == 1);
    CHECK(parse_broker("mqtts://localhost").value().tls);
    for (const char* text : {"", "localhost", "mqtt://", "http://x", "mqtt://x:0", "mqtt://x:70000",
                             "mqtt://u@x", "mqtt://x/topic", "mqtt://x?a=b"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_broker(text).has_value());
    }
}

TEST_CASE("Tags have a name and values; numbers and booleans are what they look like") {
    const TagSpread tag = parse_tag("a=1|true|x y|1.5").value();
    CHECK(tag.name == "a");
    CHECK(tag.values == std::vector<boost::json::value>{1, true, "x y", 1.5});
    for (const char* text : {"", "a", "=x", "a=", "a=x|", "a=|x", "a b=x"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_tag(text).has_value());
    }
}

TEST_CASE("TLS files are for mqtts alone, and certificate and key for each other") {
    const SimOptions options =
        accepted({"--devices", "2", "--template", "pump", "--broker", "mqtts://broker", "--ca-file", "ca.pem",
                  "--certificate-file", "{id}.pem", "--key-file", "{id}.key"});
    CHECK(options.broker.tls);
    CHECK(options.broker.files.ca_file == "ca.pem");
    CHECK(options.broker.files.certificate_file == "{id}.pem");
    CHECK(options.broker.files.key_file == "{id}.key");
    CHECK(has(refused({"--devices", "2", "--template", "pump", "--ca-file", "ca.pem"}),
              "no use without mqtts://"));
    CHECK(has(
        refused({"--devices", "2", "--template", "pump", "--broker", "mqtts://broker", "--key-file", "k"}),
        "are needed together"));
}
