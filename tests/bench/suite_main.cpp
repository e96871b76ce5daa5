// Measures muster, section by section, and writes what it found as JSON.
//
//   build/bin/bench_suite [--quick] [--json FILE] [--peers DIR] [SECTION…]
//   build/bin/bench_suite --json FILE --results PAGE
#include "tests/bench/machine.hpp"
#include "tests/bench/results.hpp"
#include "tests/bench/sections.hpp"
#include "tests/bench/world.hpp"
#include "tests/support/files.hpp"
#include "tests/support/json.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

namespace muster::bench {
namespace {

namespace json = boost::json;

struct Options {
    bool quick = false;
    std::string json;
    std::string peers;
    std::string results;
    std::vector<std::string> sections;
};

Options read_options(CLI::App& app, int count, char** values) {
    std::vector<std::string> names;
    std::ranges::transform(sections(), std::back_inserter(names),
                           [](const Section& section) { return section.name; });
    Options options;
    app.add_flag("--quick", options.quick, "Less of everything, for a look in minutes");
    app.add_option("--json", options.json, "Where the figures go")->type_name("FILE");
    app.add_option("--peers", options.peers, "The scripts of tests/bench/peers, installed")->type_name("DIR");
    app.add_option("--results", options.results,
                   "Measure nothing: write this page from the figures of --json")
        ->type_name("FILE")
        ->needs("--json");
    app.add_option("SECTION", options.sections, "Which; all when none is named")->check(CLI::IsMember(names));
    app.parse(count, values);
    return options;
}

bool is_wanted(const Options& options, const Section& section) {
    return options.sections.empty() || std::ranges::count(options.sections, section.name) > 0;
}

void write_results(const Options& options) {
    const auto before = std::filesystem::exists(options.results) ? test::read_file(options.results) : "";
    test::write_file(options.results, results_page(test::parse(test::read_file(options.json)), before));
}

// What a section could not do is told, and the others go on.
int measure(const Options& options, const std::string& command) {
    Report report;
    auto document = machine_json();
    document["command"] = command;
    document["quick"] = options.quick;
    int failures = 0;
    json::array durations;
    for (const auto& section : sections()) {
        if (!is_wanted(options, section)) {
            continue;
        }
        report.section(section.name, section.about);
        const Stopwatch watch;
        try {
            section.measure({report, options.quick, options.peers});
        } catch (const std::exception& error) {
            report.note(std::string(section.name) + ".failed", std::string("failed: ") + error.what());
            ++failures;
        }
        durations.push_back(json::object{{"section", section.name}, {"seconds", watch.seconds()}});
        fmt::print("   {:.0f} s\n", watch.seconds());
    }
    document["sections"] = std::move(durations);
    for (auto& [name, value] : report.json()) {
        document[name] = value;
    }
    if (!options.json.empty()) {
        test::write_file(options.json, json::serialize(document) + "\n");
    }
    return failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace muster::bench

int main(int count, char** values) {
    CLI::App app("Measures muster.");
    try {
        const auto options = muster::bench::read_options(app, count, values);
        if (!options.results.empty()) {
            muster::bench::write_results(options);
            return 0;
        }
        std::string command = "./dev bench";
        for (const auto& section : options.sections) {
            command += " " + section;
        }
        return muster::bench::measure(options, options.quick ? command + " --quick" : command);
    } catch (const CLI::Error& error) {
        return app.exit(error);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_suite: {}\n", error.what());
        return 1;
    }
}
