// Runs the stages, of which instructions.py counts the instructions with callgrind:
// each is counted from its first to its last instruction, and what makes it ready is
// not. Without valgrind it runs them all the same.
//
//   instructions [STAGE]…
//   instructions --list       prints "NAME COUNT OF" for each
#include "tests/instructions/stages.hpp"

#include <valgrind/callgrind.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

namespace {

using muster::instructions::Stage;

void run(const Stage& stage) {
    const auto work = stage.prepare();
    const std::string name(stage.name);
    CALLGRIND_START_INSTRUMENTATION;
    work();
    CALLGRIND_STOP_INSTRUMENTATION;
    CALLGRIND_DUMP_STATS_AT(name.c_str());
}

void list(std::span<const Stage> stages) {
    for (const auto& stage : stages) {
        std::cout << stage.name << ' ' << stage.count << ' ' << stage.of << '\n';
    }
}

}  // namespace

int main(int count, char** arguments) {
    const std::vector<std::string> wanted(arguments + 1, arguments + count);
    const auto all = muster::instructions::stages();
    if (wanted == std::vector<std::string>{"--list"}) {
        list(all);
        return 0;
    }
    for (const auto& name : wanted) {
        if (std::ranges::find(all, name, &Stage::name) == all.end()) {
            std::cerr << "instructions: there is no stage " << name << '\n';
            return 1;
        }
    }
    for (const auto& stage : all) {
        if (wanted.empty() || std::ranges::find(wanted, stage.name) != wanted.end()) {
            run(stage);
        }
    }
    return 0;
}
