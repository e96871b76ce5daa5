#include "tests/bench/budget.hpp"

#include "tests/support/json.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace muster::bench {

const std::vector<BudgetRow>& budget() {
    // clang-format off
    static const std::vector<BudgetRow> rows{
        {"operations a second, QoS 1, durable, against the best bare loop in the same run", "at least 1.0 times",
         "throughput.shared.ratio.qos1", "median", "times", 1.0, true},
        {"the same with a connection for each device", "at least 1.0 times",
         "throughput.each.ratio.qos1", "median", "times", 1.0, true},
        {"a job on 1,000,000 devices, time per device against a 10,000-device job", "at most 1.1 times",
         "scale.1000000.ratio", "median", "times", 1.1, false},
        {"its memory of the daemon, all in", "at most 400 bytes per device",
         "scale.1000000.memory", "median", "bytes/device", 400, false},
        {"request to run a job on 100,000 devices until Running is answered, the slowest", "under 1 s",
         "run.answered", "max", "s", 1.0, false},
        {"one idle device: run until Completed is told, 99th percentile", "under 5 ms",
         "latency.idle", "p99", "ms", 5.0, false},
        {"cold start with 100,000 devices and 1,000,000 past executions, the slowest", "under 1 s",
         "start.cold", "max", "s", 1.0, false},
        {"any page of any list while a job runs, the slowest 99th percentile", "under 10 ms",
         "queries.p99", "max", "ms", 10.0, false},
        {"idle daemon, 10,000 devices connected, CPU", "under 1 % of a core",
         "idle.cpu", "median", "% of a core", 1.0, false},
        {"its memory", "under 32 MiB",
         "idle.resident", "max", "MiB", 32.0, false},
    };
    // clang-format on
    return rows;
}

std::optional<double> measured_of(const BudgetRow& row, const boost::json::value& document) {
    for (const auto& figure : test::member(document, "/figures").as_array()) {
        if (test::text(figure, "/id") == row.figure) {
            return test::member(figure, "/" + row.value).to_number<double>();
        }
    }
    return std::nullopt;
}

std::string verdict(const BudgetRow& row, std::optional<double> measured) {
    if (!measured) {
        return "?";
    }
    if (row.at_least ? *measured >= row.limit : *measured <= row.limit) {
        return "yes";
    }
    constexpr double kMuch = 2;
    if (!row.at_least && *measured >= kMuch * row.limit) {
        return fmt::format("**no**, {:.1f} times the target", *measured / row.limit);
    }
    const double percent = (row.at_least ? 1 - *measured / row.limit : *measured / row.limit - 1) * 100;
    return fmt::format("**no**, {:.0f} % {}", percent, row.at_least ? "short" : "over");
}

}  // namespace muster::bench
