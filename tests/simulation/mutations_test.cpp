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
#include <regex>
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

struct Seen {
    bool by_its_rule = false;
    std::string output;  // of all that was run
};

// What a fault breaks breaks other things in turn, and one of those may come first: so a few
// seeds that fail are looked at.
Seen look_at(const std::filesystem::path& mutation) {
    constexpr int kFailures = 4;
    const auto mutant = std::string(MUSTER_MUTANTS) + "/mutant_" + mutation.stem().string();
    const auto rule = rule_of(mutation);
    const std::regex failed_seed("seed ([0-9]+): ");
    Seen seen;
    std::uint64_t first = 1;
    for (int failure = 0; failure < kFailures && !seen.by_its_rule; ++failure) {
        const auto finished =
            test::run({mutant, "--first", std::to_string(first), "--seeds", kSeeds, "--brief"}, kPatience);
        seen.output += finished.output + finished.errors;
        std::smatch seed;
        if (finished.exit_code != 1 || !std::regex_search(finished.output, seed, failed_seed)) {
            break;
        }
        seen.by_its_rule = finished.output.find(rule) != std::string::npos;
        first = std::stoull(seed[1]) + 1;
    }
    return seen;
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
        const auto seen = look_at(mutation);
        CHECK_MESSAGE(seen.by_its_rule, mutation.stem().string()
                                            << ", which should break \"" << rule_of(mutation) << "\":\n"
                                            << seen.output);
        caught += seen.by_its_rule ? 1 : 0;
    }
    write_figures(mutations.size(), caught);
}

}  // namespace muster::simulation
