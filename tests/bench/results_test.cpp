#include "tests/bench/results.hpp"

#include "tests/bench/budget.hpp"
#include "tests/bench/report.hpp"
#include "tests/support/json.hpp"

#include <boost/json/object.hpp>
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

namespace muster::bench {
namespace {

namespace json = boost::json;

json::object document(double ratio) {
    auto text = test::parse(R"({
        "machine": {"cpu": "A | B", "cores": 2, "memory_mib": 100, "kernel": "6.1", "system": "Debian"},
        "versions": {"mosquitto": "2.0.11"}, "date": "2026-01-02T03:04:05.000Z", "revision": "abc",
        "command": "./dev bench", "quick": false, "sections": [{"section": "throughput", "seconds": 12.4}],
        "figures": [{"id": "throughput.shared.ratio.qos1", "what": "  job / loop", "unit": "times", "n": 5,
                     "median": 1.0, "p99": 1.2, "min": 0.9, "max": 1.2}],
        "notes": [{"id": "throughput.window", "text": "the window is 300"}, {"id": "scale.x", "text": "elsewhere"}]})")
                    .as_object();
    text["figures"].as_array()[0].as_object()["median"] = ratio;
    return text;
}

BudgetRow below(double limit) {
    return {"what", "under", "a.b", "max", "ms", limit, false};
}

TEST_CASE("a row of the budget says by how much it is missed") {
    CHECK(verdict(below(10), 10) == "yes");
    CHECK(verdict(below(10), 11.2) == "**no**, 12 % over");
    CHECK(verdict(below(10), 32) == "**no**, 3.2 times the target");
    CHECK(verdict(below(10), std::nullopt) == "?");
    auto least = below(1);
    least.at_least = true;
    CHECK(verdict(least, 1.0) == "yes");
    CHECK(verdict(least, 0.53) == "**no**, 47 % short");
}

TEST_CASE("of a few samples each is kept, in turn") {
    Report report;
    report.add("a.few", "a few", "ms", {3, 1, 2});
    report.add("a.many", "many", "ms", std::vector<double>(1000, 1));
    const auto figures = report.json().at("figures").as_array();
    CHECK(figures[0].at("samples") == json::array{3.0, 1.0, 2.0});
    CHECK(figures[0].at("median") == 2.0);
    CHECK_FALSE(figures[1].as_object().contains("samples"));
    CHECK(figures[1].at("n") == 1000);
}

TEST_CASE("the page has every row of the budget, measured or not") {
    const auto page = results_page(document(0.53), "");
    CHECK(page.find("| at least 1.0 times | 0.530 times | **no**, 47 % short |") != std::string::npos);
    for (const auto& row : budget()) {
        CHECK(page.find("| " + row.what + " |") != std::string::npos);
    }
    CHECK(page.find("| under 32 MiB | not measured | ? |") != std::string::npos);
    CHECK(results_page(document(1.25), "").find("| 1.25 times | yes |") != std::string::npos);
}

TEST_CASE("the page has the figures and notes of each section, and where they were measured") {
    const auto page = results_page(document(1), "");
    CHECK(page.find("## throughput (12 s)") != std::string::npos);
    CHECK(page.find("| job / loop | 1.00 | 1.20 | 0.900 | 1.20 | 5 | times |") != std::string::npos);
    CHECK(page.find("* the window is 300") != std::string::npos);
    CHECK(page.find("elsewhere") == std::string::npos);
    CHECK(page.find("A \\| B, 2 cores, 100 MiB, Debian, Linux 6.1") != std::string::npos);
    CHECK(page.find("quick run") == std::string::npos);
    auto quick = document(1);
    quick["quick"] = true;
    CHECK(results_page(quick, "").find("quick run") != std::string::npos);
}

TEST_CASE("what people wrote stays as it is") {
    const auto first = results_page(document(1), "");
    CHECK(first.ends_with(std::string(kByHand) + "\n"));
    const auto edited = first + "\n## Why\n\nBecause.\n";
    const auto second = results_page(document(0.5), edited);
    CHECK(second.ends_with(std::string(kByHand) + "\n\n## Why\n\nBecause.\n"));
    CHECK(second.find("0.500 times") != std::string::npos);
}

TEST_CASE("figures are written with the digits that matter") {
    CHECK(readable(0) == "0");
    CHECK(readable(1234567.8) == "1,234,568");
    CHECK(readable(999.6) == "1,000");
    CHECK(readable(-1234) == "-1,234");
    CHECK(readable(-123) == "-123");
    CHECK(readable(12.34) == "12.3");
    CHECK(readable(1.234) == "1.23");
    CHECK(readable(0.01234) == "0.012");
    CHECK(readable(0.000123) == "0.00012");
}

TEST_CASE("the report keeps what it is given") {
    Report report;
    report.add("a.b", "what", "ms", {3, 1, 2});
    report.note("a.note", "text");
    const json::value told = report.json();
    CHECK(test::number(told, "/figures/0/n") == 3);
    CHECK(test::member(told, "/figures/0/median").to_number<double>() == 2);
    CHECK(test::text(told, "/figures/0/unit") == "ms");
    CHECK(test::text(told, "/notes/0/text") == "text");
}

}  // namespace
}  // namespace muster::bench
