// What /metrics of a running musterd exports, and what expressions of PromQL ask for.
//
// Threads: pure functions.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace muster::test {

struct Exported {
    std::string type;                                     // "counter"
    std::map<std::string, std::set<std::string>> labels;  // with the values that were there; without le
};
// By name; a histogram has one entry, without _bucket, _sum and _count.
using Exposition = std::map<std::string, Exported>;

[[nodiscard]] Exposition read_exposition(std::string_view text);

// muster_jobs{state="Running"}: the metric and what is said of its labels.
struct Selector {
    std::string metric;
    std::vector<std::pair<std::string, std::string>> equal;  // label, value; those compared by =
    std::set<std::string> labels;                            // compared in any way
};
// Of muster_* and process_* in an expression.
[[nodiscard]] std::vector<Selector> selectors_of(const std::string& expression);
// Labels in "by (…)", "on (…)", "without (…)".
[[nodiscard]] std::set<std::string> grouped_by(const std::string& expression);

// What an expression names and musterd does not export; empty: nothing.
[[nodiscard]] std::string unknown_in(const std::string& expression, const Exposition& exported);

}  // namespace muster::test
