// The job that muster is for, by its command line and on the example fleet.
#include "tests/integration/fleet.hpp"
#include "tests/support/files.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

namespace muster::test {
namespace {

namespace json = boost::json;

constexpr std::string_view kReadCsv = R"(
import csv, json, sys
text = open(sys.argv[1], encoding="utf-8", newline="").read()
json.dump(list(csv.reader(text.splitlines(keepends=True), strict=True)), sys.stdout)
)";

// The file as Python's csv module reads it: rows of cells.
json::value read_csv(Gateway& gateway, const std::string& text) {
    const auto file = gateway.files() / "details.csv";
    const auto script = gateway.files() / "read_csv.py";
    write_file(file, text);
    write_file(script, kReadCsv);
    const auto finished = run({"python3", script.string(), file.string()});
    REQUIRE_MESSAGE(finished.exit_code == 0, finished.errors);
    return parse(finished.output);
}

// Rows that name a device and its status.
std::map<std::string, std::string> statuses_in(const json::value& rows) {
    std::map<std::string, std::string> found;
    for (const auto& row : rows.as_array()) {
        std::string device;
        for (const auto& cell : row.as_array()) {
            const std::string text(cell.as_string());
            if (text.starts_with("fridge-")) {
                device = text;
            } else if (!device.empty() && (text == "Completed" || text == "Failed" || text == "Pending")) {
                found.emplace(device, text);
            }
        }
    }
    return found;
}

TEST_CASE("A15, A16, A22, A25, A27, A31, A32, A33, A34, A36, B04: the fan speed of 200 refrigerators") {
    Gateway gateway;
    // Two of its refrigerators are in the depot, and one job is saved.
    const auto applied = gateway.muster({"apply", "-f", MUSTER_SOURCE_DIRECTORY "/config/example-fleet"});
    REQUIRE_MESSAGE(applied.exit_code == 0, applied.errors);
    Simulator simulator(gateway, 200, {"--reject", "3", "--offline", "2", "--drop", "5", "--duplicate", "5"});

    const auto finished = gateway.muster(
        {"job", "run", "--set", "refrigerators", "--settings", "fanSpeed=3", "--timeout", "20s", "--watch"});
    CHECK_MESSAGE(finished.exit_code == 2, (finished.output + finished.errors));

    const auto jobs = gateway.list("job/list");
    REQUIRE(jobs.size() == 2);
    const auto number_of_job = number(jobs[0], "/job");
    const auto job = gateway.job(number_of_job);
    CHECK(text(job, "/status") == "Failed");
    CHECK(number(job, "/tally/selected") == 202);
    CHECK(number(job, "/tally/succeeded") == 190);
    CHECK(number(job, "/tally/failed") == 12);
    check_tally(gateway, number_of_job);
    auto counts = count_executions(gateway, number_of_job);
    CHECK(counts["rejected"] == 6);
    CHECK(counts["timeout"] == 6);

    const auto statistics = simulator.stop();
    CHECK(number(statistics, "/executed_more_than_once") == 0);
    CHECK(number(statistics, "/totals/executed") == 190);
}

TEST_CASE("A23, A24, B08: the CSV of a job is read back by Python") {
    Gateway gateway;
    put_fleet(gateway);
    gateway.request(
        "device/put",
        {{"device", "fridge-x"}, {"template", "refrigerator"}, {"name", "=cmd(\"a\"),\r\nline, å"}});
    Simulator simulator(gateway, 20, {"--reject", "10"});
    const auto job = run_job(gateway, fan_speed_job(3, {{"offline", "fail"}}));
    gateway.await_job(job, "Failed");

    const auto csv = gateway.muster({"job", "csv", std::to_string(job)});
    REQUIRE_MESSAGE(csv.exit_code == 0, csv.errors);
    const auto rows = read_csv(gateway, csv.output);
    const auto width = rows.as_array().at(0).as_array().size();
    bool harmless = false;
    for (const auto& row : rows.as_array()) {
        CHECK(row.as_array().size() == width);
        for (const auto& cell : row.as_array()) {
            const std::string text(cell.as_string());
            CHECK_MESSAGE(!text.starts_with('='), text);
            harmless = harmless || text == "'=cmd(\"a\"),\r\nline, å";
        }
    }
    CHECK(harmless);

    const auto statuses = statuses_in(rows);
    for (const auto& execution : gateway.list("job/devices", {{"job", job}})) {
        const auto device = text(execution, "/device");
        REQUIRE_MESSAGE(statuses.contains(device), device);
        CHECK(statuses.at(device) == text(execution, "/status"));
        if (text(execution, "/status") == "Failed") {
            CHECK(csv.output.find(text(execution, "/message")) != std::string::npos);
        }
    }
    CHECK(statuses.size() == 21);
    CHECK(csv.output.find("Fan speed 3") != std::string::npos);
}

TEST_CASE("A26, A37: a job that was executed everywhere is Completed, and muster exits with 0") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, 30, {"--delay", "1..20"});
    const auto finished = gateway.muster({"job", "run", "--set", "refrigerators", "--settings", "fanSpeed=3",
                                          "light=true", "--name", "Evening", "--watch"});
    CHECK_MESSAGE(finished.exit_code == 0, (finished.output + finished.errors));
    const auto job = gateway.list("job/list", {{"search", "Even"}}).at(0);
    CHECK(text(job, "/status") == "Completed");
    CHECK(number(job, "/tally/succeeded") == 30);
    for (const auto& device : gateway.list("device/list")) {
        CHECK(number(device, "/settings/fanSpeed") == 3);
        CHECK(member(device, "/settings/light").as_bool());
    }
}

}  // namespace
}  // namespace muster::test
