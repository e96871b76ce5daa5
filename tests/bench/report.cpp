#include "tests/bench/report.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value_from.hpp>
#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <utility>

namespace muster::bench {
namespace {

namespace json = boost::json;

// Of fewer a single one matters, and which turn it was; of more their percentiles say all.
constexpr std::size_t kSamplesKept = 100;

json::object json_of(const Figure& figure) {
    const auto& summary = figure.summary;
    json::object object{{"id", figure.id},    {"what", figure.what},      {"unit", figure.unit},
                        {"n", summary.n},     {"median", summary.median}, {"p99", summary.p99},
                        {"min", summary.min}, {"max", summary.max}};
    if (!figure.samples.empty()) {
        object["samples"] = json::value_from(figure.samples);
    }
    return object;
}

std::string with_thousands(double value) {
    auto digits = fmt::format("{:.0f}", value);
    const auto first = value < 0 ? 1 : 0;
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > first; at -= 3) {
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    }
    return digits;
}

}  // namespace

std::string readable(double value) {
    const double size = std::abs(value);
    if (size >= 100 || size == 0) {
        return with_thousands(value);
    }
    if (size < 0.001) {
        return fmt::format("{:.2g}", value);
    }
    const int decimals = size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return fmt::format("{:.{}f}", value, decimals);
}

void Report::section(const std::string& name, const std::string& about) {
    fmt::print("\n== {}: {} ==\n{:<66} {:>13} {:>10} {:>10} {:>10} {:>5}  {}\n", name, about, "", "median",
               "p99", "min", "max", "n", "unit");
    std::fflush(stdout);
}

void Report::add(const std::string& id, const std::string& what, const std::string& unit,
                 std::vector<double> samples) {
    const auto summary = summarize(samples);
    fmt::print("{:<66} {:>13} {:>10} {:>10} {:>10} {:>5}  {}\n", what, readable(summary.median),
               readable(summary.p99), readable(summary.min), readable(summary.max), summary.n, unit);
    std::fflush(stdout);
    if (samples.size() > kSamplesKept) {
        samples.clear();
    }
    figures_.push_back({id, what, unit, summary, std::move(samples)});
}

void Report::note(const std::string& id, const std::string& text) {
    fmt::print("   {}\n", text);
    std::fflush(stdout);
    notes_.emplace_back(id, text);
}

json::object Report::json() const {
    json::array figures;
    for (const auto& figure : figures_) {
        figures.push_back(json_of(figure));
    }
    json::array notes;
    for (const auto& [id, text] : notes_) {
        notes.push_back(json::object{{"id", id}, {"text", text}});
    }
    return {{"figures", std::move(figures)}, {"notes", std::move(notes)}};
}

}  // namespace muster::bench
