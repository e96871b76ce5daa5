// Puts a store through a workload while its disk fails, and looks whether
// anything is lost, half there, or falsely said to be done. What is wrong goes to
// Figures::violations, in words that repeat it.
//
// Threads: one (FaultyDisk).
#pragma once

#include "tests/storage/figures.hpp"
#include "tests/storage/workload.hpp"
#include "tests/support/faulty_disk.hpp"

#include <cstdint>
#include <random>

namespace muster::test {

// Runs the workload with this fault. Whatever call it hits: what was reported is
// kept, also when the power fails at the end; an error is followed by a commit
// that works, on the healed disk, of this store object or one opened anew.
// False: the fault was beyond the end of the workload and hit nothing.
bool try_fault(const Workload& workload, const DiskFault& fault, std::mt19937_64& random, Figures& figures);

// try_fault for this fault after 0, 1, 2, … calls, until it hits nothing.
void sweep_fault(const Workload& workload, DiskFault fault, std::mt19937_64& random, Figures& figures);

struct CrashOptions {
    // One in so many steps is tried; 1: every one.
    std::uint64_t one_in = 1;
    // Images of the disk with a random part of what was not synced, for each step.
    int random_images = 1;
    // How often the recovery after a crash is itself cut off by a crash.
    int crashes_in_recovery = 0;
};

// Runs the workload once, then pulls the plug after every step of its disk, and
// opens what is left: it must be the state after a commit that is not older than
// the last reported one and not newer than the last begun one.
void sweep_crashes(const Workload& workload, const CrashOptions& options, std::mt19937_64& random,
                   Figures& figures);

}  // namespace muster::test
