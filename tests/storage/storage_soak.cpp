// Stores on failing disks, with other histories and other faults for each seed,
// for longer than a test may take. Exit code: 0 nothing was lost, half there or
// falsely reported; 1 something was, and stderr says what; 2 usage.
#include "tests/storage/trial.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <initializer_list>
#include <iterator>

namespace muster::test {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct Options {
    std::uint64_t seeds = 40;
    std::uint64_t first_seed = 1;
    std::string report;
};

DiskFailure random_failure(DiskCall call, std::mt19937_64& random) {
    const auto one_of = [&](std::initializer_list<DiskFailure> these) {
        return these.begin()[random() % these.size()];
    };
    switch (call) {
        case DiskCall::write:
        case DiskCall::open:
        case DiskCall::shared_memory:
            return one_of({DiskFailure::io_error, DiskFailure::no_space, DiskFailure::read_only});
        case DiskCall::sync:
        case DiskCall::remove:
            return one_of({DiskFailure::io_error, DiskFailure::lost_sync});
        case DiskCall::read:
        case DiskCall::truncate:
        case DiskCall::lock:
        case DiskCall::rename:
        case DiskCall::sync_names:
            return DiskFailure::io_error;
    }
    return DiskFailure::io_error;
}

DiskFault random_fault(std::mt19937_64& random) {
    DiskFault fault;
    // Most of what a disk is asked for.
    fault.call = random() % 3 == 0   ? DiskCall::write
                 : random() % 2 == 0 ? DiskCall::sync
                                     : kDiskCalls[random() % std::size(kDiskCalls)];
    fault.failure = random_failure(fault.call, random);
    const bool often = fault.call == DiskCall::write || fault.call == DiskCall::lock;
    const bool seldom = fault.call == DiskCall::open || fault.call == DiskCall::shared_memory ||
                        fault.call == DiskCall::remove;
    fault.after = random() % (often ? 120 : seldom ? 2 : 20);
    fault.lasting = random() % 2 == 0;
    fault.quarters = static_cast<unsigned>(random() % 5);
    return fault;
}

void soak(std::uint64_t seed, Figures& figures) {
    std::mt19937_64 random(seed);
    const auto log_pages = static_cast<int>(6 + random() % 40);
    const auto before = figures.violations.size();
    const auto workload = log_goes_round(seed, 8 + random() % 16, log_pages);
    sweep_crashes(workload, {4, 3, 2}, random, figures);
    for (int i = 0; i < 60; ++i) {
        static_cast<void>(try_fault(workload, random_fault(random), random, figures));
    }
    for (auto i = before; i < figures.violations.size(); ++i) {
        std::fprintf(stderr, "seed %llu: %s\n", static_cast<unsigned long long>(seed),
                     figures.violations[i].c_str());
    }
}

int run(const Options& options) {
    const auto start = SteadyClock::now();
    Figures figures;
    for (std::uint64_t i = 0; i < options.seeds; ++i) {
        soak(options.first_seed + i, figures);
    }
    const auto report = figures.json(std::chrono::duration<double>(SteadyClock::now() - start).count());
    if (!options.report.empty()) {
        std::ofstream(options.report) << report;
    }
    std::fputs(report.c_str(), stdout);
    return figures.violations.empty() ? 0 : 1;
}

}  // namespace
}  // namespace muster::test

int main(int count, char** values) {
    muster::test::Options options;
    CLI::App app{"storage_soak: stores on disks that fail, tear and lose power"};
    app.add_option("--seeds", options.seeds, "How many histories")->capture_default_str();
    app.add_option("--first-seed", options.first_seed, "The first one's seed; N and --seeds 1 repeat seed N")
        ->capture_default_str();
    app.add_option("--report", options.report, "Write the figures here too, as JSON")->type_name("FILE");
    try {
        app.parse(count, values);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return muster::test::run(options);
}
