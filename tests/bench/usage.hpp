// What a running process has taken of the machine.
//
// Threads: any.
#pragma once

namespace muster::test {

struct Usage {
    long peak_kib = 0;  // resident, the most so far
    long resident_kib = 0;
    double cpu_seconds = 0;
};

// From /proc (see proc(5)).
[[nodiscard]] Usage usage_of(int id);

}  // namespace muster::test
