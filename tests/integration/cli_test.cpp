// The exit codes and the JSON of muster, which scripts rely on.
#include "tests/integration/fleet.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

namespace muster::test {
namespace {

Finished run_and_watch(Gateway& gateway, std::vector<std::string> more) {
    std::vector<std::string> arguments{"job",        "run",        "--set",  "refrigerators",
                                       "--settings", "fanSpeed=3", "--watch"};
    std::ranges::move(more, std::back_inserter(arguments));
    return gateway.muster(arguments);
}

TEST_CASE(
    "A26, A27: muster exits with 0 when all Completed, 2 when some Failed, 5 when it stopped watching") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, 4);
    CHECK(run_and_watch(gateway, {}).exit_code == 0);
    put_silent_device(gateway, "fridge-silent");
    CHECK(run_and_watch(gateway, {"--offline", "fail"}).exit_code == 2);
    CHECK(run_and_watch(gateway, {"--for", "1s"}).exit_code == 5);
}

TEST_CASE("A30: muster exits with 3 when the job that it watches is stopped") {
    Gateway gateway;
    put_fleet(gateway);
    put_silent_device(gateway, "fridge-silent");
    const auto job = run_job(gateway, fan_speed_job(3));
    Process watching({program("muster"), "--broker", gateway.broker().url(), "--user", "anna", "job", "watch",
                      std::to_string(job)},
                     gateway.files() / "watching");
    REQUIRE(eventually([&] { return !watching.output().empty(); }));
    CHECK(watching.running());
    CHECK(gateway.muster({"job", "stop", std::to_string(job)}).exit_code == 0);
    CHECK(watching.wait() == 3);
}

TEST_CASE("muster exits with 4 when it is refused and with 1 when it is wrong or alone, and says why") {
    Gateway gateway;
    put_fleet(gateway);
    const auto refused = gateway.muster({"job", "run", "4711"});
    CHECK(refused.exit_code == 4);
    CHECK(refused.errors.find("4711") != std::string::npos);
    const auto typed = run_and_watch(gateway, {"--settigns", "a=1"});
    CHECK(typed.exit_code == 1);
    CHECK(typed.errors.find("settigns") != std::string::npos);
    const auto port = std::to_string(free_port());
    const auto alone =
        run({program("muster"), "--broker", "mqtt://127.0.0.1:" + port, "--user", "anna", "status"});
    CHECK(alone.exit_code == 1);
    CHECK_MESSAGE(alone.errors.find(port) != std::string::npos, alone.errors);
}

TEST_CASE("with --json every command prints one document") {
    Gateway gateway;
    put_fleet(gateway);
    put_silent_device(gateway, "fridge-silent");
    const auto saved =
        gateway.muster_json({"job", "new", "--set", "refrigerators", "--settings", "fanSpeed=3"});
    CHECK(text(saved, "/status") == "Pending");
    const auto job = std::to_string(number(saved, "/job"));
    const std::vector<std::vector<std::string>> commands{{"status"},
                                                         {"job", "list"},
                                                         {"job", "show", job},
                                                         {"job", "devices", job},
                                                         {"job", "plan", job},
                                                         {"job", "copy", job},
                                                         {"device", "list"},
                                                         {"device", "show", "fridge-silent"},
                                                         {"set", "list"},
                                                         {"set", "show", "refrigerators"},
                                                         {"set", "preview", "refrigerators"},
                                                         {"template", "list"},
                                                         {"template", "show", "refrigerator"}};
    for (const auto& command : commands) {
        CAPTURE(command.front() + " " + command.back());
        CHECK(gateway.muster_json(command).is_structured());
    }
}

}  // namespace
TEST_CASE("a web proxy in the environment is not asked for the way to the broker") {
    Gateway gateway;
    for (const char* proxy :
         {"http_proxy=", "http_proxy=http://127.0.0.1:9", "https_proxy=http://127.0.0.1:9"}) {
        CAPTURE(proxy);
        CHECK(run({"env", proxy, program("muster"), "--broker", gateway.broker().url(), "--user", "tester",
                   "status"})
                  .exit_code == 0);
    }
}

}  // namespace muster::test
