#include "systemd/manual/programs.hpp"

#include "config/option_table.hpp"
#include "daemon/cli/command_table.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace muster::manual;

namespace {

const Option& option_of(const Program& program, std::string_view flag) {
    const auto found = std::ranges::find_if(
        program.options, [flag](const Option& option) { return option.flags.back() == flag; });
    REQUIRE_MESSAGE(found != program.options.end(), flag);
    return *found;
}

}  // namespace

TEST_CASE("muster is described with every command of its table") {
    const Program client = describe_client();
    REQUIRE(client.commands.size() == muster::cli::command_table().size());
    for (std::size_t at = 0; at < client.commands.size(); ++at) {
        const auto& row = muster::cli::command_table()[at];
        CHECK(joined(client.commands[at].path) == row.path());
        CHECK(client.commands[at].options.size() == row.options.size());
        CHECK(client.commands[at].arguments.size() == row.arguments.size());
        CHECK(client.commands[at].exits.size() == row.exits.size());
    }
    CHECK(client.options.size() == muster::cli::global_options().size() + 2);
    CHECK(client.exits.size() == 6);
}

TEST_CASE("musterd's --set is completed with every key of the configuration") {
    const Program daemon = describe_daemon();
    const Option& set = option_of(daemon, "--set");
    CHECK(set.value == "KEY=VALUE");
    CHECK(set.repeated);
    CHECK_FALSE(set.many);
    CHECK(set.completion.source == Source::keys);
    CHECK(set.completion.words.size() == muster::config::option_table().size());
    CHECK(option_of(daemon, "--config").completion.source == Source::file);
    CHECK(option_of(daemon, "--check-config").value.empty());
}

TEST_CASE("muster-sim is described with values, ranges, defaults and groups") {
    const Program simulator = describe_simulator();
    CHECK(option_of(simulator, "--devices").required);
    CHECK(option_of(simulator, "--devices").value == "N");
    CHECK(option_of(simulator, "--devices").help == "How many devices (1 to 2000000)");
    CHECK(option_of(simulator, "--mqtt-version").completion.words == std::vector<std::string>{"5", "3.1.1"});
    CHECK(option_of(simulator, "--mqtt-version").help == "5 or 3.1.1 (default 5)");
    CHECK(option_of(simulator, "--drop").group == "Faults");
    for (const Option& option : simulator.options) {
        CHECK_MESSAGE(option.value.find_first_of(":{") == std::string::npos, option.value);
        CHECK_MESSAGE(option.value != "TEXT", option.flags.back());
    }
}
