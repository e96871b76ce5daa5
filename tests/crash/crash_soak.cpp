// The long crash test: musterd is killed as often as wanted while jobs run,
// with brokers and networks failing beside, and everything that clients were told
// and devices did is checked. Exit codes: 0 everything held, 1 something did
// not (it says what, with which seed, and where the files are), 2 wrong usage.
#include "tests/crash/round.hpp"
#include "tests/support/files.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <random>
#include <string>

namespace {

using muster::crash::Figures;
using muster::crash::Round;
using muster::crash::Torment;

// A job has to survive dozens of kills; of more, the next round has its own.
constexpr std::uint64_t kKillsPerRound = 50;
// So many that the main job still has work at the last kill.
constexpr std::uint64_t kDevicesPerKill = 4;

struct Options {
    std::uint64_t kills = 50;
    std::uint64_t seed = std::random_device{}();
    std::string report;
};

void tell(const std::string& line) {
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
}

// The number of violations.
std::size_t run_round(std::uint64_t seed, std::uint64_t kills, Figures& figures) {
    const auto devices = std::clamp<std::uint64_t>(kills * kDevicesPerKill, 60, 250);
    Round round(seed, devices, figures);
    std::string failure;
    try {
        round.endure([&](Torment& torment) { torment.kill(kills); });
        round.settle();
    } catch (const std::exception& error) {
        failure = error.what();
    }
    auto violations = round.violations();
    if (!failure.empty()) {
        violations.push_back(failure);
    }
    for (const auto& violation : violations) {
        tell("violation: " + violation);
    }
    if (!violations.empty()) {
        tell("seed of this round " + std::to_string(seed) + "; its files are in " +
             round.keep_files().string());
    }
    figures.add("violations", violations.size());
    return violations.size();
}

void write_report(const Options& options, const Figures& figures, std::uint64_t seconds) {
    auto report = figures.report();
    report["seed"] = options.seed;
    report["kills"] = figures.kills();
    report["seconds"] = seconds;
    const auto text = boost::json::serialize(report) + "\n";
    if (!options.report.empty()) {
        std::filesystem::create_directories(std::filesystem::absolute(options.report).parent_path());
        muster::test::write_file(options.report, text);
    }
    std::fputs(text.c_str(), stdout);
}

int run(const Options& options) {
    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start)
                .count());
    };
    Figures figures;
    std::size_t violations = 0;
    tell("seed " + std::to_string(options.seed));
    for (std::uint64_t round = 0; figures.kills() < options.kills; ++round) {
        const auto kills = std::min(kKillsPerRound, options.kills - figures.kills());
        violations += run_round(options.seed + round, kills, figures);
        tell(std::to_string(figures.kills()) + " kills in " + std::to_string(seconds()) + " s, " +
             std::to_string(violations) + " violations");
    }
    write_report(options, figures, seconds());
    return violations == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** values) {
    Options options;
    CLI::App app{"crash_soak: kills musterd while it works, and checks that nothing is lost or done twice"};
    app.add_option("--kills", options.kills, "How often musterd is killed")->check(CLI::Range(1, 100'000));
    app.add_option("--seed", options.seed, "Of everything that is random (default: a new one)");
    app.add_option("--report", options.report, "File for the figures, one JSON object");
    try {
        app.parse(count, values);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    try {
        return run(options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "crash_soak: seed %llu: %s\n", static_cast<unsigned long long>(options.seed),
                     error.what());
        return 1;
    }
}
