// The targets without libFuzzer: every input of the corpus, and so every input
// that ever broke something, on each run of the tests.
#include "tests/fuzz/targets.hpp"
#include "tests/support/files.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>
#include <string>

namespace muster::fuzz {
namespace {

struct Target {
    std::string name;
    void (*run)(Input);
};

const std::vector<Target>& targets() {
#define X(name) Target{#name, fuzz_##name},
    static const std::vector<Target> table{MUSTER_FUZZ_TARGETS};
#undef X
    return table;
}

std::vector<std::filesystem::path> inputs_of(const std::string& target) {
    std::set<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(MUSTER_FUZZ_CORPUS "/" + target)) {
        if (entry.is_regular_file()) {
            found.insert(entry.path());
        }
    }
    return {found.begin(), found.end()};
}

void replay(const Target& target, const std::string& bytes) {
    target.run(std::as_bytes(std::span(bytes)));
}

TEST_CASE("Promise 6: every input of the corpus keeps the properties of its target") {
    for (const auto& target : targets()) {
        const auto inputs = inputs_of(target.name);
        CHECK_MESSAGE(!inputs.empty(), "there is no input for " << target.name);
        for (const auto& input : inputs) {
            // For what ends the process and not the test alone.
            std::printf("%s\n", std::filesystem::relative(input, MUSTER_FUZZ_CORPUS).c_str());
            std::fflush(stdout);
            INFO(input.string());
            CHECK_NOTHROW(replay(target, test::read_file(input)));
        }
    }
}

TEST_CASE("Promise 6: no bytes at all, and each byte alone") {
    for (const auto& target : targets()) {
        INFO(target.name);
        CHECK_NOTHROW(replay(target, ""));
        for (int byte = 0; byte < 256; ++byte) {
            CHECK_NOTHROW(replay(target, std::string(1, static_cast<char>(byte))));
        }
    }
}

TEST_CASE("each folder of the corpus has its target") {
    for (const auto& entry : std::filesystem::directory_iterator(MUSTER_FUZZ_CORPUS)) {
        const auto name = entry.path().filename().string();
        CHECK_MESSAGE(std::ranges::count(targets(), name, &Target::name) == 1, name);
    }
}

}  // namespace
}  // namespace muster::fuzz
