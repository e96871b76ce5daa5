// musterd as a program: its configuration, its signals, what it does with bytes
// that nobody should send.
#include "tests/integration/fleet.hpp"
#include "tests/support/files.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <random>

namespace muster::test {
namespace {

namespace json = boost::json;

TEST_CASE("a wrong configuration is refused, every mistake with its line") {
    const TempDir files;
    const auto file = files / "musterd.yaml";
    write_file(file,
               "broker:\n  urls: [\"mqtt://127.0.0.1:1883\"]\n  windwo: 5\njobs:\n  timeout_seconds: -1\n");
    const auto finished = run({program("musterd"), "--config", file.string(), "--check-config"});
    CHECK(finished.exit_code != 0);
    const auto said = finished.output + finished.errors;
    CHECK_MESSAGE(said.find("musterd.yaml:3:") != std::string::npos, said);
    CHECK_MESSAGE(said.find("windwo") != std::string::npos, said);
    CHECK_MESSAGE(said.find("musterd.yaml:5:") != std::string::npos, said);
    CHECK(run({program("musterd"), "--config", file.string()}).exit_code != 0);
    CHECK(run({program("musterd"), "--config", (files / "none.yaml").string(), "--check-config"}).exit_code !=
          0);
}

TEST_CASE("the configuration that is printed is one that is accepted") {
    const TempDir files;
    const auto printed =
        run({program("musterd"), "--config", MUSTER_SOURCE_DIRECTORY "/config/musterd.example.yaml", "--set",
             "jobs.timeout_seconds=77", "--print-config"});
    CHECK(printed.exit_code == 0);
    CHECK(printed.output.find("timeout_seconds: 77") != std::string::npos);
    write_file(files / "again.yaml", printed.output);
    CHECK(run({program("musterd"), "--config", (files / "again.yaml").string(), "--check-config", "--set",
               "store.path=" + (files / "muster.db").string()})
              .exit_code == 0);
}

TEST_CASE("SIGTERM ends musterd at once, in the middle of a job, and nothing is lost") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, 100, {"--delay", "50..500"});
    const auto job = run_job(gateway, fan_speed_job(3));
    gateway.await_count(job, "succeeded", 10);
    gateway.daemon().signal(SIGTERM);
    CHECK(gateway.daemon().wait(Milliseconds(5000)) == 0);
    gateway.start_daemon();
    gateway.await_job(job, "Completed");
    check_tally(gateway, job);
    CHECK(number(simulator.stop(), "/executed_more_than_once") == 0);
}

TEST_CASE("SIGHUP takes a new role over, and keeps the old configuration when the new one is wrong") {
    Gateway gateway;
    const auto allowed = [&] { return member(gateway.ask("set/list"), "/ok").as_bool(); };
    CHECK(allowed());
    const auto before = read_file(gateway.configuration());
    write_file(gateway.configuration(), before + "roles:\n  tester: none\n");
    gateway.daemon().signal(SIGHUP);
    CHECK(eventually([&] { return !allowed(); }));
    CHECK(text(gateway.ask("set/list"), "/error/code") == "forbidden");

    write_file(gateway.configuration(), before + "no such key: 1\n");
    gateway.daemon().signal(SIGHUP);
    CHECK(eventually([&] { return gateway.daemon().output().find("no such key") != std::string::npos; }));
    CHECK(!allowed());

    write_file(gateway.configuration(), before);
    gateway.daemon().signal(SIGHUP);
    CHECK(eventually(allowed));
}

TEST_CASE("roles: a viewer looks and changes nothing, an operator runs jobs, a stranger does neither") {
    Gateway gateway({.overrides = {"roles={tester: viewer}"}});
    CHECK(member(gateway.ask("job/list"), "/ok").as_bool());
    CHECK(text(gateway.ask("job/stop", {{"job", 1}}), "/error/code") == "forbidden");
    CHECK(text(gateway.ask("device/put", {{"device", "a"}}), "/error/code") == "forbidden");
}

TEST_CASE("promise 6: hostile bytes on every topic leave musterd alive and its records as they were") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, 3);
    const auto seed = std::random_device{}();
    CAPTURE(seed);
    std::minstd_rand random(seed);
    const std::vector<std::string> topics{"muster/v1/dev/fridge-1/ack",
                                          "muster/v1/dev/fridge-1/status",
                                          "muster/v1/dev/fridge-1/info",
                                          "muster/v1/dev/fridge-1/state",
                                          "muster/v1/dev/fridge-1/nothing",
                                          "muster/v1/dev/a b/ack",
                                          "muster/v1/dev//ack",
                                          "muster/v1/api/tester/req/job/save",
                                          "muster/v1/api//req/status",
                                          "muster/v1/api/tester/req/" + std::string(300, 'x'),
                                          "muster/v1/job/1",
                                          "muster/v1/gateway/status"};
    std::vector<std::string> payloads{
        "",
        "{",
        "null",
        "[]",
        "\"\"",
        "{\"id\":1}",
        "1e999",
        "{\"id\":\"42.0.0-AAAAAAAA\",\"code\":200}",
        "18446744073709551616.4294967296.65536-AAAAAAAA 200",
        "42.0.0-AAAAAAAA 99999999999999999999",
        "{\"proto\":1,\"template\":\"refrigerator\",\"tags\":{\"a\":{\"b\":[]}}}",
        "{\"a\":1e999}",
        "{\"a\":\"\\u0000\"}",
        std::string(5'000'000, ' '),
        std::string(200'000, '['),
        "\xff\xfe\x00\x80"};
    for (int count = 0; count < 10; ++count) {
        std::string noise(random() % 200 + 1, '\0');
        std::ranges::generate(noise, [&] { return static_cast<char>(random() % 256); });
        payloads.push_back(noise);
    }
    for (const auto& topic : topics) {
        for (const auto& payload : payloads) {
            gateway.publish(topic, payload);
        }
    }
    CHECK(gateway.daemon().running());
    CHECK(gateway.list("job/list").empty());
    CHECK(gateway.list("set/list").size() == 1);
    const auto status = gateway.request("status");
    CHECK(number(status, "/devices/total") == 3);
    CHECK(member(status, "/store/healthy").as_bool());
}

TEST_CASE("promise 5: no device answers for another") {
    Gateway gateway;
    put_fleet(gateway);
    Observer messages(gateway.broker().url(), "muster/v1/dev/+/cmd");
    for (const char* const device : {"fridge-1", "fridge-2"}) {
        const std::string base = std::string("muster/v1/dev/") + device;
        gateway.publish(base + "/info", R"({"proto":1,"template":"refrigerator","remembers":8})", true);
        gateway.publish(base + "/status", "online", true);
    }
    REQUIRE(eventually([&] { return number(gateway.request("status"), "/devices/online") == 2; }));
    const auto job = run_job(gateway, fan_speed_job(3));
    REQUIRE(eventually([&] { return messages.messages().size() >= 2; }));
    for (const auto& message : messages.messages()) {
        const auto id = text(parse(message.payload), "/id");
        const bool first = message.topic.find("fridge-1") != std::string::npos;
        gateway.publish(std::string("muster/v1/dev/") + (first ? "fridge-2" : "fridge-1") + "/ack",
                        id + " 200");
    }
    CHECK(number(gateway.job(job), "/tally/pending") == 2);
    const auto answer = messages.messages().front();
    gateway.publish(answer.topic.substr(0, answer.topic.rfind('/')) + "/ack",
                    text(parse(answer.payload), "/id") + " 200");
    gateway.await_count(job, "succeeded", 1);
    CHECK(number(gateway.job(job), "/tally/pending") == 1);
}

}  // namespace
}  // namespace muster::test
