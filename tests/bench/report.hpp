// The figures of one run of the benchmarks: said in the terminal as they come,
// kept for build/bench.json.
//
// Threads: one.
#pragma once

#include "tests/bench/statistics.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace muster::bench {

struct Figure {
    std::string id;    // "throughput.shared.ratio": section first; unique
    std::string what;  // for a person
    std::string unit;  // "operations/s", "ms", "KiB"
    Summary summary;
    std::vector<double> samples;  // in the order in which they were taken; none of a figure that has many
};

class Report {
public:
    // A heading in the terminal.
    void section(const std::string& name, const std::string& about);
    void add(const std::string& id, const std::string& what, const std::string& unit,
             std::vector<double> samples);
    // What a reader has to know beside the figures: a setting that was chosen, what was left out and why.
    void note(const std::string& id, const std::string& text);

    [[nodiscard]] const std::vector<Figure>& figures() const { return figures_; }
    // {"figures": [{"id", "what", "unit", "n", "median", "p99", "min", "max", "samples"}],
    //  "notes": [{"id", "text"}]}, `samples` where there are no more than a hundred
    [[nodiscard]] boost::json::object json() const;

private:
    std::vector<Figure> figures_;
    std::vector<std::pair<std::string, std::string>> notes_;
};

// As a person reads it: three digits that matter, thousands set apart.
[[nodiscard]] std::string readable(double value);

}  // namespace muster::bench
