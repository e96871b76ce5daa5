#include "daemon/cli/doctor_checks.hpp"

#include "tests/unit/cli/doctor_world.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace muster;
using namespace muster::cli;
using namespace muster::cli::checkup;
using namespace muster::cli::test;

namespace json = boost::json;

namespace {

using Lines = std::vector<std::string>;

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

// Healthy but for what `spoil` does to what musterd says.
template <class Spoil>
Facts spoiled(Spoil spoil) {
    Facts facts = healthy_facts();
    spoil(facts.gateway.answers.front().result);
    return facts;
}

Facts with_member(std::string_view name, const char* text) {
    return spoiled([&](json::object& result) { result[name] = json::parse(text); });
}

Facts fleet(int devices) {
    return spoiled([&](json::object& result) { result["devices"].as_object()["total"] = devices; });
}

}  // namespace

TEST_CASE("nothing is wrong with a healthy set-up, and every check says what it found") {
    const auto facts = healthy_facts();
    CHECK(troubles(facts).empty());
    for (const auto& check : judge(facts)) {
        CAPTURE(check.id);
        CHECK_FALSE(check.title.empty());
        CHECK_FALSE(check.found.empty());
        CHECK(check.fix.empty());
    }
}

TEST_CASE("the ids are unique, and those of scripts") {
    const auto ids = check_ids();
    CHECK(std::set(ids.begin(), ids.end()).size() == ids.size());
    CHECK(ids == std::vector<std::string_view>{
                     "broker.reach",       "broker.version",      "broker.mqtt",      "broker.window",
                     "broker.queue",       "broker.retained",     "broker.anonymous", "broker.access",
                     "broker.descriptors", "musterd.answers",     "musterd.alone",    "musterd.link",
                     "musterd.version",    "musterd.descriptors", "musterd.clock",    "store.state",
                     "store.integrity",    "store.space",         "store.inodes",     "configuration"});
    const auto checks = judge(healthy_facts());
    REQUIRE(checks.size() == ids.size());
    for (std::size_t index = 0; index < ids.size(); ++index) {
        CHECK(checks[index].id == ids[index]);
    }
}

TEST_CASE("a broker that is not reached is the only problem, and each stage has its own way out") {
    struct Case {
        mqtt::PathStage stage;
        const char* fix;
    };
    for (const auto& [stage, fix] :
         {Case{mqtt::PathStage::name, "getent hosts"},
          Case{mqtt::PathStage::connection, "systemctl status mosquitto"},
          Case{mqtt::PathStage::tls, "--ca-file"}, Case{mqtt::PathStage::login, "--password-file"}}) {
        CAPTURE(fix);
        Facts facts = healthy_facts();
        facts.broker.failure = mqtt::ProbeFailure{stage, "for a reason"};
        facts.gateway = {};
        const auto checks = judge(facts);
        CHECK(checks.front().verdict == Verdict::problem);
        CHECK(checks.front().found == "mqtt://127.0.0.1:1883: for a reason");
        CHECK(holds(checks.front().fix, fix));
        for (std::size_t index = 1; index < checks.size(); ++index) {
            CHECK(checks[index].verdict == Verdict::skipped);
            CHECK(checks[index].found == "the broker was not reached");
        }
    }
}

TEST_CASE("broker: version unreadable, MQTT 3.1.1") {
    Facts facts = healthy_facts();
    facts.broker.version.clear();
    CHECK(troubles(facts) == Lines{"broker.version skipped"});
    facts = healthy_facts();
    facts.broker.greeting = {4, 65'535};
    CHECK(troubles(facts) == Lines{"broker.mqtt warning"});
}

TEST_CASE("broker: a Receive Maximum below musterd's window") {
    Facts facts = with_member("window", "19");
    facts.broker.greeting.receive_maximum = 20;
    CHECK(troubles(facts) == Lines{"broker.window warning"});
    const auto check = check_of(facts, "broker.window");
    CHECK(holds(check.found, "only 19 messages of musterd's window of 300"));
    CHECK(holds(check.found, "Receive Maximum is 20"));
    CHECK(holds(check.fix, "max_inflight_messages 1000"));
    // Without musterd, from what this client was told.
    facts.gateway.answers.clear();
    CHECK(check_of(facts, "broker.window").verdict == Verdict::warning);
    facts.broker.greeting.receive_maximum = 301;
    CHECK(check_of(facts, "broker.window").verdict == Verdict::ok);
    facts.broker.greeting.receive_maximum = 300;
    CHECK(check_of(facts, "broker.window").verdict == Verdict::warning);
}

TEST_CASE("broker: queues against the fleet, read or not") {
    Facts facts = fleet(334);
    facts.machine.configuration = MosquittoConfiguration{1'000};
    CHECK(troubles(facts) == Lines{"broker.queue warning"});
    CHECK(holds(check_of(facts, "broker.queue").found, "max_queued_messages is 1000"));
    CHECK(holds(check_of(facts, "broker.queue").fix, "max_queued_messages 3000"));
    facts.machine.configuration = MosquittoConfiguration{1'002};
    CHECK(troubles(facts).empty());
    facts.machine.configuration = MosquittoConfiguration{0};
    CHECK(troubles(facts).empty());
    facts.machine.configuration.reset();
    CHECK(troubles(facts) == Lines{"broker.queue warning"});
    CHECK(holds(check_of(facts, "broker.queue").found, "cannot be seen from here"));
    facts = fleet(333);
    facts.machine.configuration.reset();
    CHECK(troubles(facts).empty());
    facts.gateway.answers.clear();
    CHECK(check_of(facts, "broker.queue").verdict == Verdict::skipped);
}

TEST_CASE("broker: retained messages") {
    Facts facts = healthy_facts();
    facts.broker.retained_on_wildcards = Retained::kept_back;
    CHECK(troubles(facts) == Lines{"broker.retained warning"});
    facts.broker.retained_on_wildcards = Retained::not_known;
    CHECK(troubles(facts) == Lines{"broker.retained skipped"});
}

TEST_CASE("broker: anonymous clients, worse where the network can reach it and where they may do harm") {
    Facts facts = healthy_facts();
    facts.broker.anonymous = Access::open;
    facts.broker.anonymous_commands = Access::open;
    CHECK(troubles(facts) == Lines{"broker.anonymous warning"});
    CHECK(holds(check_of(facts, "broker.anonymous").found, "takes operations for devices"));
    CHECK(holds(check_of(facts, "broker.anonymous").fix, "allow_anonymous false"));
    facts.broker.loopback = false;
    CHECK(troubles(facts) == Lines{"broker.anonymous problem"});
    facts.broker.anonymous_commands = Access::closed;
    CHECK(troubles(facts) == Lines{"broker.anonymous warning"});
    facts.broker.anonymous = Access::not_known;
    CHECK(troubles(facts) == Lines{"broker.anonymous skipped"});
}

TEST_CASE("broker: an access list that is not in force names what it lets through") {
    Facts facts = healthy_facts();
    facts.broker.commands = Access::open;
    CHECK(troubles(facts) == Lines{"broker.access warning"});
    CHECK(holds(check_of(facts, "broker.access").found, "anna may send operations to any device"));
    facts.broker.loopback = false;
    CHECK(troubles(facts) == Lines{"broker.access problem"});
    facts = healthy_facts();
    facts.broker.reports = Access::open;
    CHECK(holds(check_of(facts, "broker.access").found, "anna may read what devices report"));
    facts = healthy_facts();
    facts.broker.replies = Access::open;
    CHECK(check_of(facts, "broker.access").verdict == Verdict::warning);
    facts.broker.replies = Access::not_known;
    CHECK(troubles(facts) == Lines{"broker.access warning"});
    CHECK(holds(check_of(facts, "broker.access").found, "could not be seen"));
    facts = healthy_facts();
    facts.broker.reports = Access::not_known;  // there is no device
    CHECK(troubles(facts).empty());
}

TEST_CASE("broker: files that it may open, for the fleet") {
    Facts facts = healthy_facts();
    facts.machine.broker_descriptors = 199;
    CHECK(troubles(facts) == Lines{"broker.descriptors warning"});
    facts.machine.broker_descriptors = 200;
    CHECK(troubles(facts).empty());
    facts.machine.broker_descriptors = 99;
    CHECK(troubles(facts) == Lines{"broker.descriptors problem"});
    CHECK(holds(check_of(facts, "broker.descriptors").fix, "LimitNOFILE=65536"));
    facts.machine.broker_descriptors.reset();
    CHECK(troubles(facts).empty());
    facts.machine.broker_process = 0;
    CHECK(troubles(facts) == Lines{"broker.descriptors skipped"});
}

TEST_CASE("musterd does not answer: which of the two is down, and where to look") {
    Facts facts = healthy_facts();
    facts.gateway.answers.clear();
    facts.gateway.online = false;
    const auto offline = check_of(facts, "musterd.answers");
    CHECK(offline.verdict == Verdict::problem);
    CHECK(offline.found == "the broker is there, but musterd is offline");
    CHECK(holds(offline.fix, "systemctl status musterd; journalctl -u musterd"));
    CHECK(check_of(facts, "broker.reach").verdict == Verdict::ok);
    CHECK(check_of(facts, "store.state").found == "musterd did not answer");
    facts.gateway.online = true;
    CHECK(holds(check_of(facts, "musterd.answers").found, "does not answer"));
    facts.gateway.online.reset();
    CHECK(
        holds(check_of(facts, "musterd.answers").found, "no musterd has been at it with the root muster/v1"));
}

TEST_CASE("musterd refuses: a role is missing, or it is older") {
    Facts facts = healthy_facts();
    facts.gateway.answers = {{{}, make_error(ErrorCode::forbidden, "the user anna has the role viewer")}};
    const auto check = check_of(facts, "musterd.answers");
    CHECK(check.verdict == Verdict::warning);
    CHECK(holds(check.fix, "roles: {anna: operator}"));
    CHECK(check_of(facts, "musterd.alone").verdict == Verdict::ok);
    CHECK(check_of(facts, "store.state").found == "musterd did not say");
    facts.gateway.answers = {{{}, make_error(ErrorCode::not_found, "there is no verb doctor")}};
    CHECK(holds(check_of(facts, "musterd.answers").found, "older"));
}

TEST_CASE("two musterd on one root are told by their answers to one question") {
    Facts facts = healthy_facts();
    facts.gateway.answers.push_back(facts.gateway.answers.front());  // QoS 1 may repeat
    CHECK(troubles(facts).empty());
    facts.gateway.answers.back().result["run"] = "bbbb";
    facts.gateway.answers.back().result["process"].as_object()["host"] = "attic";
    CHECK(troubles(facts) == Lines{"musterd.alone problem"});
    CHECK(holds(check_of(facts, "musterd.alone").found, "2 answer"));
    CHECK(holds(check_of(facts, "musterd.alone").found, "process 7 on attic"));
    facts.gateway.answers.back() = {{}, make_error(ErrorCode::forbidden, "no role")};
    CHECK(troubles(facts) == Lines{"musterd.alone problem"});
}

TEST_CASE("musterd's link: lost a moment ago") {
    CHECK(troubles(with_member("broker", R"({"connected": true, "since": "2026-11-22T11:58:00.000Z",
        "detail": "was lost"})")) == Lines{"musterd.link warning"});
    CHECK(troubles(with_member("broker", R"({"connected": true, "since": "2026-11-22T11:50:00.000Z",
        "detail": "was lost"})"))
              .empty());
    CHECK(troubles(with_member("broker", R"({"connected": false, "detail": "was lost"})")) ==
          Lines{"musterd.link problem"});
}

TEST_CASE("musterd: another version, too few files") {
    CHECK(troubles(with_member("version", R"("1.2.2")")) == Lines{"musterd.version warning"});
    CHECK(troubles(with_member("descriptors", R"({"limit": 511, "open": 9})")) ==
          Lines{"musterd.descriptors warning"});
    CHECK(troubles(with_member("descriptors", R"({"limit": 1000, "open": 801})")) ==
          Lines{"musterd.descriptors warning"});
    CHECK(troubles(with_member("descriptors", R"({"limit": 1000, "open": 800})")).empty());
}

TEST_CASE("clocks: apart, or kept right by nothing") {
    Facts facts = healthy_facts();
    facts.gateway.clock_ahead = Milliseconds(-2'006);
    CHECK(troubles(facts) == Lines{"musterd.clock warning"});
    CHECK(holds(check_of(facts, "musterd.clock").found, "behind this machine's"));
    facts.gateway.clock_ahead = Milliseconds(2'005);  // as far as the way there and back tells
    CHECK(troubles(facts).empty());
    facts.gateway.clock_ahead = Milliseconds(100'000);
    CHECK(troubles(facts) == Lines{"musterd.clock problem"});
    facts.machine.machine = "m1";  // it is the same clock
    CHECK(troubles(facts).empty());
    CHECK(troubles(with_member("clock", R"({"now": "2026-11-22T12:00:00.000Z", "synchronised": false})")) ==
          Lines{"musterd.clock warning"});
    CHECK(troubles(with_member("clock", R"({"now": "2026-11-22T12:00:00.000Z", "synchronised": null})"))
              .empty());
}

TEST_CASE("store: not well, damaged, unread") {
    const Facts full =
        with_member("store", R"({"healthy": false, "state": "full", "detail": "no space is left"})");
    CHECK(troubles(full) == Lines{"store.state problem"});
    CHECK(check_of(full, "store.state").found == "full: no space is left");
    const auto checked = [](const char* state) {
        return spoiled([&](json::object& result) {
            result["store_check"] = {{"state", state}, {"took_ms", 3}, {"detail", "why"}};
        });
    };
    CHECK(troubles(checked("damaged")) == Lines{"store.integrity problem"});
    CHECK(holds(check_of(checked("damaged"), "store.integrity").fix, "musterd restore"));
    CHECK(troubles(checked("too_long")) == Lines{"store.integrity warning"});
    CHECK(troubles(checked("unreadable")) == Lines{"store.integrity warning"});
    CHECK(troubles(checked("running")) == Lines{"store.integrity skipped"});
    CHECK(troubles(checked("none")) == Lines{"store.integrity skipped"});
}

TEST_CASE("disk: space and inodes") {
    const auto disk = [](const char* free_bytes, const char* free_inodes) {
        return with_member("disk", (R"({"total_bytes": 9000000000, "total_inodes": 9000, "free_bytes": )" +
                                    std::string(free_bytes) + R"(, "free_inodes": )" + free_inodes + "}")
                                       .c_str());
    };
    CHECK(troubles(disk("536870912", "256")).empty());
    CHECK(troubles(disk("536870911", "256")) == Lines{"store.space warning"});
    CHECK(troubles(disk("67108863", "256")) == Lines{"store.space problem"});
    CHECK(troubles(disk("null", "256")) == Lines{"store.space skipped"});
    CHECK(troubles(disk("536870912", "255")) == Lines{"store.inodes warning"});
    CHECK(troubles(disk("536870912", "15")) == Lines{"store.inodes problem"});
    CHECK(troubles(disk("536870912", "null")).empty());
    Facts large = disk("2000000000", "256");
    large.gateway.answers.front().result["store_file"].as_object()["bytes"] = 3'000'000'000;
    CHECK(troubles(large) == Lines{"store.space warning"});
    CHECK(holds(check_of(large, "store.space").found, "backup"));
}

TEST_CASE("each thing that the configuration allows has a line of its own") {
    const Facts facts = with_member("configuration", R"([
        {"key": "default_role", "message": "every user has the role viewer", "fix": "set default_role: none"},
        {"key": "http.listen", "message": "without TLS", "fix": "set http.certificate_file"}])");
    CHECK(troubles(facts) ==
          Lines{"configuration.default_role warning", "configuration.http.listen warning"});
    CHECK(check_of(facts, "configuration.default_role").found ==
          "default_role: every user has the role viewer");
    CHECK(check_of(facts, "configuration.default_role").fix == "set default_role: none");
}
