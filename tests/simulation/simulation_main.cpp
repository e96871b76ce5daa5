// simulation: runs seeds of the deterministic simulation, and replays one.
//
//   simulation --seeds 20000            seeds 1 to 20000; a failing one is shrunk and printed
//   simulation --seed 17 --transcript   one run, line by line
#include "tests/simulation/campaign.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>

namespace muster::simulation {
namespace {

struct Arguments {
    std::uint64_t seeds = 0;
    std::uint64_t first = 1;
    unsigned threads = std::max(1U, std::thread::hardware_concurrency());
    std::string report;
    bool transcript = false;
    bool as_it_is = false;
    Case one{0, {}, {}, {}, {}};
};

void write_report(const std::string& path, const Arguments& arguments, const CampaignResult& result,
                  double seconds) {
    std::ofstream out(path);
    out << fmt::format("{{\n  \"first_seed\": {},\n  \"seeds\": {},\n", arguments.first, arguments.seeds);
    for (const auto& figure : figure_names()) {
        out << fmt::format("  \"{}\": {},\n", figure.name, result.figures.*figure.value);
    }
    for (std::size_t kind = 0; kind < kActionKinds; ++kind) {
        out << fmt::format("  \"action_{}\": {},\n", to_string(static_cast<ActionKind>(kind)),
                           result.figures.actions[kind]);
    }
    out << fmt::format("  \"violations\": {},\n  \"seconds\": {:.0f}\n}}\n", result.failures.size(), seconds);
}

void show(const Case& which, bool with_transcript) {
    const auto outcome = play(which, with_transcript);
    fmt::print("{}", outcome.transcript);
    for (const auto& violation : outcome.violations) {
        fmt::print("{}: {}\n", violation.rule, violation.text);
    }
    if (outcome.violations.empty()) {
        fmt::print("no rule was broken\n");
    }
    fmt::print("replay: simulation {} --transcript\n", command_line(which));
}

int run_one(const Arguments& arguments) {
    const auto failed = !play(arguments.one, false).violations.empty();
    const auto whole = arguments.as_it_is || arguments.one.actions || !failed;
    show(whole ? arguments.one : shrink(arguments.one), arguments.transcript || failed);
    return failed ? 1 : 0;
}

int run_many(const Arguments& arguments) {
    const auto begin = std::chrono::steady_clock::now();
    const auto result = run_campaign(arguments.first, arguments.seeds, arguments.threads);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    for (const auto& failure : result.failures) {
        fmt::print("seed {}: {}: {}\n", failure.seed, failure.violation.rule, failure.violation.text);
    }
    if (!result.failures.empty()) {
        fmt::print("\nthe first of them, shrunk:\n");
        show(shrink({result.failures.front().seed, {}, {}, {}, {}}), true);
    }
    fmt::print("{} runs in {:.0f} s: {} messages, {} crashes, {} executions, {} broke a rule\n",
               result.figures.runs, took.count(), result.figures.messages, result.figures.crashes,
               result.figures.executions, result.failures.size());
    if (!arguments.report.empty()) {
        write_report(arguments.report, arguments, result, took.count());
    }
    return result.failures.empty() ? 0 : 1;
}

}  // namespace
}  // namespace muster::simulation

int main(int count, char** values) {
    using namespace muster::simulation;
    Arguments arguments;
    CLI::App app{"simulation: the gateway, its devices and its broker in virtual time, from one seed"};
    app.add_option("--seeds", arguments.seeds, "How many seeds to run");
    app.add_option("--first", arguments.first, "The first of them");
    app.add_option("--threads", arguments.threads, "Runs at the same time");
    app.add_option("--report", arguments.report, "Write the figures to this file, as JSON");
    app.add_option("--seed", arguments.one.seed, "One run; if it fails, the smallest that fails alike");
    app.add_flag("--whole", arguments.as_it_is, "Do not shrink it");
    app.add_flag("--transcript", arguments.transcript, "Print what happens in it");
    app.add_option("--without", arguments.one.without, "Switch these faults off")->delimiter(',');
    app.add_option("--fridges", arguments.one.fridges, "Devices that remember");
    app.add_option("--basics", arguments.one.basics, "Devices that do not");
    app.add_option("--actions", arguments.one.actions, "Only these of the script, by index")->delimiter(',');
    CLI11_PARSE(app, count, values);
    silence();
    return arguments.one.seed != 0 ? run_one(arguments) : run_many(arguments);
}
