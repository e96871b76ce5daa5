// Promises 1 and 7 on a disk that does its worst, at every step that it takes.
#include "tests/storage/trial.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

namespace muster::test {
namespace {

// MUSTER_SEED repeats a run.
std::uint64_t seed() {
    const char* given = std::getenv("MUSTER_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

std::vector<Workload> workloads() {
    return {first_start(), jobs_run(), log_goes_round(1, 12, 12), large_job_deleted(400)};
}

void check(const Figures& figures, std::uint64_t start) {
    CAPTURE(start);
    for (const auto& violation : figures.violations) {
        FAIL_CHECK(violation);
    }
}

void sweep(const std::vector<DiskFault>& faults) {
    const auto start = seed();
    std::mt19937_64 random(start);
    for (const auto& workload : workloads()) {
        CAPTURE(workload.name);
        Figures figures;
        for (const auto& fault : faults) {
            sweep_fault(workload, fault, random, figures);
        }
        CHECK(figures.faults() > 0);
        check(figures, start);
    }
}

}  // namespace

TEST_CASE("Promise 1: power fails after any step of the disk: every reported commit is there, none by half") {
    const auto start = seed();
    std::mt19937_64 random(start);
    for (const auto& workload : workloads()) {
        Figures figures;
        sweep_crashes(workload, {}, random, figures);
        CHECK(figures.crashes > 50);
        CHECK(figures.torn_writes > 10);
        CHECK(figures.lost_tails > 10);
        check(figures, start);
    }
}

TEST_CASE("Promise 7: any write fails: no false success, and it goes on when the disk is well again") {
    sweep({{DiskCall::write, DiskFailure::no_space, 0, true, 2},
           {DiskCall::write, DiskFailure::no_space, 0, false, 0},
           {DiskCall::write, DiskFailure::io_error, 0, false, 2}});
}

TEST_CASE("Promise 7: any sync fails: no false success, and nothing reported after it is lost") {
    sweep({{DiskCall::sync, DiskFailure::io_error, 0, false},
           {DiskCall::sync, DiskFailure::lost_sync, 0, false},
           {DiskCall::sync, DiskFailure::lost_sync, 0, true}});
}

TEST_CASE("Promise 7: any other call fails: no false success, and it goes on when the disk is well again") {
    sweep({{DiskCall::open, DiskFailure::io_error},
           {DiskCall::open, DiskFailure::no_space, 0, true},
           {DiskCall::read, DiskFailure::io_error},
           {DiskCall::truncate, DiskFailure::io_error},
           {DiskCall::remove, DiskFailure::io_error},
           {DiskCall::remove, DiskFailure::lost_sync},
           {DiskCall::rename, DiskFailure::io_error},
           {DiskCall::sync_names, DiskFailure::io_error},
           {DiskCall::lock, DiskFailure::io_error},
           {DiskCall::shared_memory, DiskFailure::no_space, 0, true},
           {DiskCall::shared_memory, DiskFailure::io_error}});
}

}  // namespace muster::test
