#include "daemon/cli/command_table.hpp"

#include "daemon/cli/help.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace muster::cli;

TEST_CASE("every command of DESIGN section 7 is in the table, and nothing else") {
    std::set<std::string> paths;
    for (const Command& command : command_table()) {
        CHECK(paths.insert(command.path()).second);
    }
    CHECK(paths == std::set<std::string>{"apply",         "status",        "doctor",          "job new",
                                         "job edit",      "job plan",      "job run",         "job stop",
                                         "job list",      "job show",      "job devices",     "job copy",
                                         "job rerun",     "job delete",    "job watch",       "job csv",
                                         "device list",   "device show",   "device set",      "device delete",
                                         "set list",      "set show",      "set preview",     "set delete",
                                         "template list", "template show", "template delete", "console",
                                         "token new",     "token list",    "token revoke"});
}

TEST_CASE("every command has a handler, a summary, exit codes and complete help") {
    for (const Command& command : command_table()) {
        CAPTURE(command.path());
        CHECK(static_cast<bool>(command.handler));
        CHECK_FALSE(command.summary.empty());
        CHECK(command.exits.size() >= 3);
        const std::string help = help_command(command);
        CHECK(help.find(command.summary) != std::string::npos);
        CHECK(help.find("Exit codes:") != std::string::npos);
        for (const Argument& argument : command.arguments) {
            CHECK_FALSE(argument.help.empty());
            CHECK(help.find(argument.name) != std::string::npos);
        }
        std::set<std::string_view> names;
        for (const Option& option : command.options) {
            CHECK_FALSE(option.help.empty());
            CHECK(names.insert(option.name()).second);
            CHECK(help.find(option.name()) != std::string::npos);
        }
    }
}

TEST_CASE("the overview names every command, global option and exit code") {
    const std::string help = help_overview(command_table(), global_options(), "");
    for (const Command& command : command_table()) {
        CHECK(help.find(command.path()) != std::string::npos);
    }
    for (const Option& option : global_options()) {
        CHECK(help.find(option.name()) != std::string::npos);
    }
    CHECK(help.find("  5  watching ended") != std::string::npos);
    const std::string jobs = help_overview(command_table(), global_options(), "job");
    CHECK(jobs.find("job run") != std::string::npos);
    CHECK(jobs.find("device list") == std::string::npos);
}

TEST_CASE("help fits a line of 100 columns") {
    for (const Command& command : command_table()) {
        std::string help = help_command(command);
        for (std::size_t begin = 0; begin < help.size();) {
            const std::size_t end = help.find('\n', begin);
            CHECK(end - begin <= 104);  // "…" has three bytes
            begin = end + 1;
        }
    }
}
