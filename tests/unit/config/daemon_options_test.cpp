#include "config/daemon_options.hpp"

#include "config/option_table.hpp"
#include "config/yaml.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/config/mistakes.hpp"
#include "tests/unit/protocol/random_bytes.hpp"

#include <doctest/doctest.h>

using namespace muster::config;
using namespace std::chrono_literals;
using muster::ErrorCode;
using muster::test::Lines;
using muster::test::RandomBytes;

namespace {

Lines refused(std::string_view text, const std::vector<std::string>& overrides = {}) {
    return muster::test::mistakes(parse_options(text, "musterd.yaml", overrides));
}

DaemonOptions accepted(std::string_view text, const std::vector<std::string>& overrides = {}) {
    const auto options = parse_options(text, "musterd.yaml", overrides);
    REQUIRE(muster::test::mistakes(options) == Lines{});
    return options.value();
}

}  // namespace

TEST_CASE("without a file everything is the default") {
    CHECK(load("", {}).value() == DaemonOptions{});
    CHECK(accepted("") == DaemonOptions{});
    CHECK(accepted("# nothing\n") == DaemonOptions{});
    CHECK(accepted("broker:\nroles:\n") == DaemonOptions{});
    CHECK(DaemonOptions{}.role_of("anyone") == Role::none);
}

TEST_CASE("every kind of value is read") {
    const DaemonOptions options = accepted(R"(
broker:
  urls: [mqtts://a.example, "mqtt://[::1]:1884"]
  user: gateway
  password_file: secret
  keep_alive_seconds: 60
  reconnect_least_milliseconds: 100
  window: 60000
store: {path: muster.db}
limits: {devices: 10}
roles: {anna: admin, panel: viewer, carl: operator, eve: none}
default_role: viewer
log: {level: trace, format: json}
)");
    CHECK(options.broker.urls == std::vector<std::string>{"mqtts://a.example", "mqtt://[::1]:1884"});
    CHECK(options.broker.user == "gateway");
    CHECK(options.broker.password_file == "secret");
    CHECK(options.broker.keep_alive == 60s);
    CHECK(options.broker.reconnect_least == 100ms);
    CHECK(options.broker.window == 60'000);
    CHECK(options.broker.connect_timeout == DaemonOptions{}.broker.connect_timeout);
    CHECK(options.store.path == "muster.db");
    CHECK(options.limits.devices == 10);
    CHECK(options.role_of("anna") == Role::admin);
    CHECK(options.role_of("carl") == Role::operator_role);
    CHECK(options.role_of("eve") == Role::none);
    CHECK(options.role_of("someone") == Role::viewer);
    CHECK(options.log.level == LogLevel::trace);
    CHECK(options.log.format == LogFormat::json);
}

TEST_CASE("all mistakes are named at once, each with its place") {
    const auto options = parse_options(R"(broker:
  window: 0
  urls: [mqtt://a, http://b]
  windwo: 3
  keep_alive_seconds: "30"
  client_id: 12
log:
  level: warn
store: 3
colour: blue
)",
                                       "musterd.yaml", {"limits.devices=0"});
    REQUIRE(options.has_error());
    CHECK(options.error().code == ErrorCode::invalid);
    CHECK(options.error().message == "musterd.yaml has 9 mistakes");
    CHECK(muster::test::mistakes(options) ==
          Lines{"musterd.yaml:2:3: broker.window is 0; 1 to 60000 is allowed",
                "musterd.yaml:3:20: broker.urls[1] is not a broker's address: mqtt://host[:1883] or "
                "mqtts://host[:8883]",
                R"(musterd.yaml:4:3: there is no key "broker.windwo"; did you mean broker.window?)",
                "musterd.yaml:5:3: broker.keep_alive_seconds is text; an integer is expected",
                "musterd.yaml:6:3: broker.client_id is an integer; text is expected, in quotes",
                R"(musterd.yaml:8:3: log.level is "warn"; trace, debug, info, warning or error is allowed; )"
                "did you mean warning?",
                "musterd.yaml:9:1: store is an integer; keys with values are expected",
                R"(musterd.yaml:10:1: there is no key "colour")",
                "--set limits.devices: limits.devices is 0; 1 to 2000000 is allowed"});
}

TEST_CASE("unknown keys get a guess") {
    CHECK(refused("window: 3\n") ==
          Lines{R"(musterd.yaml:1:1: there is no key "window"; did you mean broker.window?)"});
    CHECK(refused("brocker:\n  window: 3\n") ==
          Lines{R"(musterd.yaml:1:1: there is no key "brocker"; did you mean broker?)"});
    CHECK(refused("broker.window: 3\n") ==
          Lines{"musterd.yaml:1:1: broker.window has to be written as window below broker"});
    CHECK(refused("broker: {roles: {}}\n") ==
          Lines{R"(musterd.yaml:1:10: there is no key "broker.roles"; did you mean roles?)"});
    CHECK(refused("broker: {broker: {window: 3}}\n").size() == 1);
    CHECK(refused("<<: {window: 3}\n").size() == 1);
}

TEST_CASE("each integer is held to its bounds") {
    for (const Option& option : option_table()) {
        const auto* rule = std::get_if<IntegerRule>(&option.rule);
        if (rule == nullptr) {
            continue;
        }
        CAPTURE(option.key);
        const auto try_value = [&](std::int64_t value) {
            const std::string text = std::string(option.key) + "=" + std::to_string(value);
            const Lines lines = refused("", {text});
            // The ends of a range may contradict other defaults, in words of their own.
            return lines.empty() || lines.at(0).find(" is more than ") != std::string::npos;
        };
        CHECK(try_value(rule->least));
        CHECK(try_value(rule->most));
        CHECK(!try_value(rule->least - 1));
        CHECK(!try_value(rule->most + 1));
        CHECK(!try_value(std::numeric_limits<std::int64_t>::max()));
    }
}

TEST_CASE("what stands in an address but does not belong there is refused") {
    const auto complaint = [](const std::string& url) {
        const Lines lines = refused("", {"broker.urls=" + url});
        return lines.empty() ? ""
                             : lines.at(0).substr(std::string("--set broker.urls: broker.urls[0] ").size());
    };
    CHECK(complaint("mqtt://localhost") == "");
    CHECK(complaint("mqtts://192.0.2.1:8884") == "");
    const std::string no_address = "is not a broker's address: mqtt://host[:1883] or mqtts://host[:8883]";
    for (const char* url :
         {"", "localhost", "localhost:1883", "tcp://localhost", "mqtt://", "mqtt:localhost", "mqtt://a b"}) {
        CAPTURE(url);
        CHECK(complaint(url) == no_address);
    }
    CHECK(complaint("mqtt://anna:secret@localhost") ==
          "holds a user name: that belongs in broker.user, the password in a file");
    CHECK(complaint("mqtt://localhost:0") == "has a port that does not exist; 1 to 65535 is allowed");
    CHECK(complaint("mqtt://localhost:65536") == "has a port that does not exist; 1 to 65535 is allowed");
    CHECK(complaint("mqtt://localhost/x") == "has more than a host and a port");
    CHECK(complaint("mqtt://localhost?x") == "has more than a host and a port");
    CHECK(refused("broker: {urls: []}") ==
          Lines{"musterd.yaml:1:10: broker.urls has 0 entries; 1 to 8 are allowed"});
    CHECK(refused("broker: {urls: mqtt://a}") ==
          Lines{"musterd.yaml:1:10: broker.urls is text; a list is expected"});
}

TEST_CASE("texts are held to their rules") {
    CHECK(refused("protocol: {root: 'muster/#'}").size() == 1);
    CHECK(refused("protocol: {root: ''}").size() == 1);
    CHECK(refused("store: {path: ''}") == Lines{"musterd.yaml:1:9: store.path is empty"});
    CHECK(refused("store: {path: }") == Lines{"musterd.yaml:1:9: store.path is nothing; text is expected"});
    CHECK(refused("store: {path: [a]}") == Lines{"musterd.yaml:1:9: store.path is a list; text is expected"});
    CHECK(refused("broker: {client_id: \"a\\nb\"}") ==
          Lines{"musterd.yaml:1:10: broker.client_id holds a control character"});
    CHECK(refused("broker: {client_id: " + std::string(101, 'x') + "}") ==
          Lines{"musterd.yaml:1:10: broker.client_id has 101 bytes; at most 100 are allowed"});
}

TEST_CASE("HTTP beyond loopback needs TLS, or the word of somebody who knows") {
    CHECK(refused("http: {listen: '0.0.0.0:8620'}") ==
          Lines{"musterd.yaml:1:8: http.listen is reached by other machines, and without TLS tokens could be "
                "read on the way: set http.certificate_file and http.key_file, or http.without_tls: "
                "everywhere"});
    CHECK(refused("http: {listen: '[2001:db8::1]:8620'}").size() == 1);
    CHECK(accepted("http: {listen: '0.0.0.0:8620', without_tls: everywhere}").http.listen == "0.0.0.0:8620");
    CHECK(accepted("http: {listen: '0.0.0.0:443', certificate_file: c, key_file: k}").http.key_file == "k");
    for (const char* address : {"", "127.0.0.1:0", "127.255.0.3:80", "[::1]:8620"}) {
        CAPTURE(address);
        CHECK(accepted("", {std::string("http.listen=") + address}).http.listen == address);
    }
    for (const char* address : {"localhost:8620", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                                "127.0.0.1:99999", "u@127.0.0.1:80", ":8620"}) {
        CAPTURE(address);
        CHECK(refused("", {std::string("http.listen=") + address}).size() == 1);
    }
    CHECK(refused("http: {key_file: k}").size() == 1);
    CHECK(accepted("http: {hosts: []}").http.hosts.empty());
    CHECK(accepted("http: {hosts: [gw.example, 192.0.2.7]}").http.hosts.size() == 2);
    CHECK(refused("http: {hosts: ['gw.example:80', 'a/b']}").size() == 2);
}

TEST_CASE("roles are held to names and roles") {
    CHECK(
        refused("roles:\n  anna: adm\n  'a/b': admin\n  bob: 3\n") ==
        Lines{
            R"(musterd.yaml:2:3: roles.anna is "adm"; none, viewer, operator or admin is allowed; )"
            "did you mean admin?",
            R"(musterd.yaml:3:3: roles: the name "a/b" is not a user name: up to 64 letters, digits, _ and -, )"
            "the first a letter or digit",
            "musterd.yaml:4:3: roles.bob is an integer; none, viewer, operator or admin is expected"});
    CHECK(refused("roles: [anna]") == Lines{"musterd.yaml:1:1: roles is a list; a mapping is expected"});
    CHECK(refused("roles: {'*': admin}").size() == 1);
}

TEST_CASE("keys that contradict each other are refused where one was set") {
    CHECK(refused("broker:\n  reconnect_least_milliseconds: 60000\n") ==
          Lines{"musterd.yaml:2:3: broker.reconnect_least_milliseconds is more than "
                "broker.reconnect_most_milliseconds"});
    CHECK(refused("broker:\n  reconnect_most_milliseconds: 100\n") ==
          Lines{"musterd.yaml:2:3: broker.reconnect_least_milliseconds is more than "
                "broker.reconnect_most_milliseconds"});
    CHECK(refused("", {"jobs.resend_most_seconds=1"}) ==
          Lines{"--set jobs.resend_most_seconds: jobs.resend_first_seconds is more than "
                "jobs.resend_most_seconds"});
    CHECK(refused("limits: {batch_events: 100000, queue_events: 1000}") ==
          Lines{"musterd.yaml:1:10: limits.batch_events is more than limits.queue_events"});
    CHECK(refused("broker: {key_file: k}") ==
          Lines{"musterd.yaml:1:10: broker.certificate_file and broker.key_file are needed together"});
    CHECK(refused("broker: {password_file: p}") ==
          Lines{"musterd.yaml:1:10: broker.password_file needs broker.user or broker.user_file"});
    CHECK(
        refused("broker: {ca_file: c}") ==
        Lines{
            "musterd.yaml:1:10: broker.ca_file has no use: no address in broker.urls begins with mqtts://"});
    CHECK(refused("broker: {ca_file: c, certificate_file: d, key_file: k, urls: [mqtts://b]}").empty());
    // Of a value that was refused, nothing else is said.
    CHECK(refused("broker: {ca_file: c, urls: [mqtts://b/x]}").size() == 1);
}

TEST_CASE("--set has the last word, and the last of two") {
    CHECK(accepted("broker: {window: 5}", {"broker.window=6", "broker.window=7"}).broker.window == 7);
    CHECK(accepted("", {"broker.client_id=12"}).broker.client_id == "12");
    CHECK(accepted("", {"broker.user=a=b # c"}).broker.user == "a=b # c");
    CHECK(accepted("", {"broker.user="}).broker.user.empty());
    CHECK(accepted("", {"log.level=error"}).log.level == LogLevel::error);
    CHECK(accepted("", {"broker.urls=mqtt://a"}).broker.urls == std::vector<std::string>{"mqtt://a"});
    CHECK(accepted("", {"broker.urls=[mqtt://a, mqtt://b:2]"}).broker.urls.size() == 2);
    CHECK(accepted("roles: {anna: admin}", {"roles={carl: viewer}"}).role_of("anna") == Role::none);
    CHECK(accepted("roles: {anna: admin}", {"roles="}).roles.empty());
}

TEST_CASE("--set is as strict as the file") {
    CHECK(refused("", {"window"}) == Lines{R"(--set: "window" has no value; write KEY=VALUE)"});
    CHECK(refused("", {"brokr.window=1"}) ==
          Lines{R"(--set: there is no key "brokr.window"; did you mean broker.window?)"});
    CHECK(refused("", {"broker=1"}) == Lines{"--set: broker is not a key itself; write broker.KEY=VALUE"});
    CHECK(refused("", {"broker.window=x"}) ==
          Lines{"--set broker.window: broker.window is text; an integer is expected"});
    CHECK(refused("", {"broker.window="}) ==
          Lines{"--set broker.window: broker.window is nothing; an integer is expected"});
    CHECK(refused("", {"roles={a: admin, a: viewer}"}) ==
          Lines{R"(--set roles: roles cannot be read: the key "a" is here a second time)"});
    CHECK(refused("", {"log.level=\xFF"}) == Lines{"--set: what follows it is not text in UTF-8"});
    CHECK(load("", {"log.level=x"}).error().message == "the command line has a mistake");
}

TEST_CASE("mistakes without end are cut short") {
    std::string text;
    for (int i = 0; i < 1000; ++i) {
        text += "wrong" + std::to_string(i) + ": 1\n";
    }
    CHECK(refused(text).size() == kMostMistakes);
}

TEST_CASE("a file is read by its name") {
    const muster::test::TempDir directory;
    const std::string path = (directory / "musterd.yaml").string();
    CHECK(load(path, {}).error().code == ErrorCode::not_found);
    muster::test::write_file(path, "broker:\n  window: 7\n");
    CHECK(load(path, {}).value().broker.window == 7);
    CHECK(load(path, {"broker.window=8"}).value().broker.window == 8);
    muster::test::write_file(path, "broker: [\n");
    CHECK(muster::test::mistakes(load(path, {})) ==
          Lines{path + ":2:1: syntax: end of sequence flow not found"});
    muster::test::write_file(path, std::string(1024 * 1024 + 1, '#'));
    CHECK(load(path, {}).error().code == ErrorCode::too_large);
}

TEST_CASE("a reload takes over who musterd is to others, and names what changes whether it speaks TLS") {
    DaemonOptions before;
    before.http.certificate_file = "old.pem";
    before.http.key_file = "old.key";
    auto after = before;
    after.broker.user_file = "user";
    after.broker.password_file = "password";
    after.broker.ca_file = "ca.pem";
    after.broker.certificate_file = "b.pem";
    after.broker.key_file = "b.key";
    after.http.certificate_file = "new.pem";
    after.http.key_file = "new.key";
    after.http.tokens_file = "tokens";
    CHECK(changed_needing_restart(before, after).empty());
    after.http.certificate_file.clear();
    CHECK(changed_needing_restart(before, after) == std::vector<std::string>{"http.certificate_file"});
}

TEST_CASE("the user of the broker stands in one place") {
    CHECK(parse_options("broker: {user_file: u, password_file: p}", "m.yaml", {}).has_value());
    const auto both = parse_options("broker: {user_file: u, user: anna}", "m.yaml", {});
    REQUIRE_FALSE(both.has_value());
    CHECK(both.error().details[0].message ==
          "broker.user and broker.user_file say the same: give one of them");
    const auto neither = parse_options("broker: {password_file: p}", "m.yaml", {});
    REQUIRE_FALSE(neither.has_value());
    CHECK(neither.error().details[0].message == "broker.password_file needs broker.user or broker.user_file");
}

TEST_CASE("a reload takes over roles and the log level, and names the rest") {
    DaemonOptions after;
    CHECK(changed_needing_restart({}, after).empty());
    after.roles = {{"anna", Role::admin}};
    after.default_role = Role::viewer;
    after.log.level = LogLevel::debug;
    CHECK(changed_needing_restart({}, after).empty());
    after.broker.window = 5;
    after.broker.urls = {"mqtt://b"};
    after.store.path = "b.db";
    after.log.format = LogFormat::json;
    CHECK(changed_needing_restart({}, after) ==
          std::vector<std::string>{"broker.urls", "broker.window", "store.path", "log.format"});
}

TEST_CASE("random mutations of a configuration never crash") {
    RandomBytes random;
    INFO(random.seed());
    const std::string good = example();
    for (int round = 0; round < 300; ++round) {
        const std::string text = random.mutated(good);
        CAPTURE(text);
        const auto options = parse_options(text, "f", {random.from("broker.window=[]{}:19", 20)});
        CHECK((options.has_value() || !options.error().message.empty()));
    }
}
