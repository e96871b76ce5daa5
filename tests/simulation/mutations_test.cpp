// The rules of the simulation bite: each mutation (mutations/*.txt, what it
// breaks and the rule that has to see it) is found within kSeeds seeds.
// With MUSTER_FIGURES_DIR in the environment what was found is written there.
#include "tests/support/files.hpp"
#include "tests/support/process.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace muster::simulation {
namespace {

constexpr auto kSeeds = "20000";
constexpr std::chrono::minutes kPatience{2};

std::string rule_of(const std::filesystem::path& mutation) {
    std::ifstream in(mutation);
    std::string line;
    while (std::getline(in, line)) {
        if (line.starts_with("rule: ")) {
            return line.substr(6);
        }
    }
    return {};
}

void write_figures(std::size_t mutations, std::size_t caught) {
    if (const auto* folder = std::getenv("MUSTER_FIGURES_DIR")) {
        std::ofstream(std::filesystem::path(folder) / "mutations.json")
            << fmt::format("{{\n  \"mutations\": {},\n  \"mutations_caught\": {}\n}}\n", mutations, caught);
    }
}

}  // namespace

TEST_CASE("every mutation of the gateway is seen by the rule that it breaks") {
    std::vector<std::filesystem::path> mutations;
    for (const auto& entry : std::filesystem::directory_iterator(MUSTER_MUTATIONS)) {
        if (entry.path().extension() == ".txt") {
            mutations.push_back(entry.path());
        }
    }
    std::ranges::sort(mutations);
    CHECK(mutations.size() >= 20);
    std::size_t caught = 0;
    for (const auto& mutation : mutations) {
        const auto name = mutation.stem().string();
        const auto mutant = std::string(MUSTER_MUTANTS) + "/mutant_" + name;
        const auto finished = test::run({mutant, "--seeds", kSeeds, "--brief"}, kPatience);
        const auto seen =
            finished.exit_code == 1 && finished.output.find(rule_of(mutation)) != std::string::npos;
        CHECK_MESSAGE(seen, name << ", which should break \"" << rule_of(mutation) << "\": exit code "
                                 << finished.exit_code << "\n"
                                 << finished.output << finished.errors);
        caught += seen ? 1 : 0;
    }
    write_figures(mutations.size(), caught);
}

}  // namespace muster::simulation
