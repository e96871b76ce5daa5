// What a store is put through while its disk fails: the commits, what was there
// before them, and what has to be there after each.
//
// Threads: plain values.
#pragma once

#include "tests/contract/changes.hpp"
#include "tests/support/disk_model.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace muster::test {

struct Workload {
    std::string name;
    DiskImage start;  // empty: there is no store yet
    std::vector<Changes> commits;
    int log_pages = 4096;               // OpenOptions
    std::vector<std::string> states{};  // text of the store: [i] after i commits
};

// The store's file in every image.
inline constexpr const char* kStoreName = "muster.db";

// Commits of a real engine: devices come, a settings job and a commands job are
// run on them, answers come (refusals, "not now", late ones), a job is stopped
// and run again, one is deleted, a device too.
[[nodiscard]] std::vector<Changes> engine_commits(std::size_t devices);

// A store is made and gets its first commits.
[[nodiscard]] Workload first_start();
// engine_commits() on a store that is there.
[[nodiscard]] Workload jobs_run();
// Commits with the log moved into the file again and again.
[[nodiscard]] Workload log_goes_round(std::uint64_t seed, std::size_t commits, int log_pages);
// A job with very many executions is deleted.
[[nodiscard]] Workload large_job_deleted(std::size_t executions);

}  // namespace muster::test
