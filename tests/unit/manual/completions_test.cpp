// That shells take them, and what they complete, is shown by real shells: tests/packaging/manual.sh.
#include "systemd/manual/completions.hpp"

#include "systemd/manual/programs.hpp"

#include <doctest/doctest.h>

using namespace muster::manual;

namespace {

void check_all(const Program& program, const std::string& script) {
    for (const Option& option : program.options) {
        CHECK_MESSAGE(script.find(option.flags.back()) != std::string::npos, option.flags.back());
    }
    for (const Command& command : program.commands) {
        CHECK_MESSAGE(script.find(command.path.back()) != std::string::npos, joined(command.path));
        for (const Option& option : command.options) {
            CHECK_MESSAGE(script.find(option.flags.back()) != std::string::npos, option.flags.back());
        }
    }
}

}  // namespace

TEST_CASE("completions have every command and option, and no place unfilled") {
    for (const Program& program : {describe_client(), describe_daemon(), describe_simulator()}) {
        for (const std::string& script : {bash_completion(program), zsh_completion(program)}) {
            check_all(program, script);
            CHECK(script.find("%program%") == std::string::npos);
            CHECK(script.find("%f%") == std::string::npos);
        }
    }
}

TEST_CASE("only muster's completion asks the gateway") {
    CHECK(bash_completion(describe_client()).find("timeout 2 muster") != std::string::npos);
    CHECK(bash_completion(describe_daemon()).find("timeout 2 muster") == std::string::npos);
    CHECK(zsh_completion(describe_simulator()).find("timeout 2 muster") == std::string::npos);
}

TEST_CASE("names of functions") {
    CHECK(function_name("muster-sim") == "muster_sim");
}
