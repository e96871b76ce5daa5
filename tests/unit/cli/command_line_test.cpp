#include "daemon/cli/command_line.hpp"

#include "daemon/cli/command_table.hpp"

#include <doctest/doctest.h>

using namespace muster::cli;

namespace {

auto parse(const std::vector<std::string>& words) {
    return parse_command_line(words, command_table(), global_options());
}

Invocation parsed(const std::vector<std::string>& words) {
    return std::get<Invocation>(parse(words).value());
}

}  // namespace

TEST_CASE("options that take several values, flags and repeats") {
    const Invocation run = parsed({"job", "run", "--set", "fridges", "--settings", "fanSpeed=3", "light=eco",
                                   "--watch", "--settings", "mode=2"});
    CHECK(run.command->path() == "job run");
    CHECK(run.arguments.all("settings") == std::vector<std::string>{"fanSpeed=3", "light=eco", "mode=2"});
    CHECK(run.arguments.one("set") == "fridges");
    CHECK(run.arguments.has("watch"));
    CHECK_FALSE(run.arguments.has("JOB"));
    CHECK_FALSE(run.arguments.has("name"));
}

TEST_CASE("arguments may stand before options") {
    const Invocation run = parsed({"job", "run", "42", "--watch", "--for", "5m"});
    CHECK(run.arguments.one("JOB") == "42");
    CHECK(run.arguments.one("for") == "5m");
    CHECK(parsed({"job", "delete", "1", "2", "3"}).arguments.all("JOB").size() == 3);
    CHECK(parsed({"apply", "-f", "a.yaml", "b", "-"}).arguments.all("file") ==
          std::vector<std::string>{"a.yaml", "b", "-"});
    CHECK(parsed({"device", "set", "d1", "name=x", "tags.a=[1,2]"}).arguments.all("NAME=VALUE") ==
          std::vector<std::string>{"name=x", "tags.a=[1,2]"});
}

TEST_CASE("a value may be called like a command") {
    CHECK(parsed({"device", "show", "status"}).arguments.one("DEVICE") == "status");
    CHECK(parsed({"job", "run", "--set", "job", "--command", "status", "apply"}).arguments.all("command") ==
          std::vector<std::string>{"status", "apply"});
    CHECK(parsed({"set", "delete", "list", "device"}).arguments.all("SET").size() == 2);
}

TEST_CASE("global options may stand before and after the command") {
    const Invocation before = parsed({"--broker", "mqtt://b", "--json", "job", "list"});
    CHECK(before.global.one("broker") == "mqtt://b");
    CHECK(before.global.has("json"));
    const Invocation after = parsed({"job", "list", "--json", "--user", "anna", "--timeout", "3s"});
    CHECK(after.global.has("json"));
    CHECK(after.global.one("user") == "anna");
    CHECK(after.global.one("timeout") == "3s");
}

TEST_CASE("the timeout of a job and that of the client are two") {
    const Invocation run = parsed({"--timeout", "3s", "job", "run", "--set", "s", "--timeout", "1h"});
    CHECK(run.global.one("timeout") == "3s");
    CHECK(run.arguments.one("timeout") == "1h");
}

TEST_CASE("what is not in the table is refused, with the help to read") {
    const std::vector<std::vector<std::string>> wrong{
        {},
        {"jobs"},
        {"job"},
        {"job", "bogus"},
        {"job", "list", "--bogus"},
        {"job", "show"},
        {"job", "show", "1", "2"},
        {"job", "list", "--limit"},
        {"apply"},
        {"status", "now"},
    };
    for (const auto& words : wrong) {
        const auto failed = parse(words);
        REQUIRE_FALSE(failed.has_value());
        CHECK(failed.error().exit == ExitCode::usage_or_connection);
        CHECK_FALSE(failed.error().error.message.empty());
    }
    CHECK(parse({"job", "list", "--bogus"}).error().error.details.front().message ==
          "see `muster job list --help`");
    CHECK(parse({"job", "list", "--bogus"}).error().error.message.find("--bogus") != std::string::npos);
}

TEST_CASE("help and version are information, wherever they are asked for") {
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"--help"}, {"-h"}, {"job", "--help"}, {"job", "run", "--help"}, {"--version"}}) {
        const auto answer = parse(words);
        REQUIRE(answer.has_value());
        CHECK_FALSE(std::get<Information>(answer.value()).text.empty());
    }
    CHECK(std::get<Information>(parse({"job", "run", "-h"}).value()).text.find("--digest") !=
          std::string::npos);
}
