// Every list, every page and every single thing that the HTTP API shows, with all
// orders, filters and searches: what queries.cpp asks for. And a plan, which is none of
// these: it looks at each device that a job would be run on.
//
// Threads: pure functions.
#pragma once

#include "tests/bench/store_filler.hpp"

#include <string>
#include <vector>

namespace muster::bench {

struct Query {
    std::string name;    // unique: "job/devices sort=device order=desc"
    std::string target;  // without limit and cursor
    bool paged = true;   // takes limit and cursor, answers "next"
    std::string body{};  // then it is a POST
};

// Stands in a target for the number of the job that runs.
inline constexpr const char* kRunningJob = "{running}";

[[nodiscard]] std::vector<Query> all_queries(const StoreContents& contents);
[[nodiscard]] Query plan_query();

// "a b" as a value in a target.
[[nodiscard]] std::string url_encoded(const std::string& text);

}  // namespace muster::bench
