// What a sweep did and found, as numbers for a report.
//
// Threads: a plain value.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace muster::test {

struct Figures {
    std::map<std::string, std::uint64_t> faults_injected;  // by failure and call: "io_error_write"
    std::uint64_t crashes = 0;                             // images of the disk that were opened again
    std::uint64_t torn_writes = 0;                         // of these, with parts of what was not synced
    std::uint64_t lost_tails = 0;                          // of these, with nothing of what was not synced
    std::uint64_t commits_checked = 0;                     // reported, and looked for after a fault or crash
    std::vector<std::string> violations;

    [[nodiscard]] std::uint64_t faults() const;
    // A flat JSON object of numbers.
    [[nodiscard]] std::string json(double seconds) const;
};

}  // namespace muster::test
