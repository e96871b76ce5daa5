// The performance budget: which figure has to be on which side of which limit.
//
// Threads: pure functions.
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <vector>

namespace muster::bench {

struct BudgetRow {
    std::string what;
    std::string target;  // in words
    std::string figure;  // its id
    std::string value;   // of the figure: "median", "p99", "max"
    std::string unit;
    double limit = 0;
    bool at_least = false;  // or below the limit
};

[[nodiscard]] const std::vector<BudgetRow>& budget();

// From bench.json; nullopt: it was not measured.
[[nodiscard]] std::optional<double> measured_of(const BudgetRow& row, const boost::json::value& document);

// "yes", "no, 12 % short", "no, 3.2 times the target", "?".
[[nodiscard]] std::string verdict(const BudgetRow& row, std::optional<double> measured);

}  // namespace muster::bench
