#include "tests/support/temp_dir.hpp"
#include "tests/unit/cli/fake_client.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <fstream>

using namespace muster;
using namespace muster::cli;
using namespace muster::cli::test;

namespace {

// In the wrong order on purpose.
constexpr const char* kFleet = R"(kind: job
name: Fan
set: fridges
type: settings
operations:
  - name: fanSpeed
    value: 9
---
kind: device
device: fridge-1
template: refrigerator
---
kind: device-set
set: fridges
template: refrigerator
---
kind: template
name: refrigerator
settings:
  fanSpeed:
    schema: {type: integer}
)";

Bench fleet_bench() {
    Bench bench;
    bench.input = kFleet;
    bench.gateway.answer("template/put", R"({"template":"refrigerator","version":1,"changed":"created"})");
    bench.gateway.answer("set/put", R"({"set":"fridges","changed":"updated"})");
    bench.gateway.answer("device/put", R"({"device":"fridge-1","changed":"unchanged"})");
    bench.gateway.answer("job/list", R"({"items":[],"next":null})");
    bench.gateway.answer("job/save", R"({"job":7})");
    return bench;
}

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("documents are applied in the order in which they need each other") {
    Bench bench = fleet_bench();
    const Ran ran = bench.run({"apply", "-f", "-"});
    CHECK(ran.exit == ExitCode::success);
    CHECK(ran.out ==
          "created   template   refrigerator  standard input:17:1\n"
          "updated   device-set fridges       standard input:13:1\n"
          "unchanged device     fridge-1      standard input:9:1\n"
          "created   job        Fan           standard input:1:1  job 7\n");
    std::vector<std::string> verbs;
    for (const auto& [verb, body] : bench.gateway.requests) {
        verbs.push_back(verb);
    }
    CHECK(verbs == std::vector<std::string>{"template/put", "set/put", "device/put", "job/list", "job/save"});
    CHECK(bench.gateway.asked("template/put").at(0).at("document").at("name") == "refrigerator");
}

TEST_CASE("a refusal points at the line, and the others are still applied") {
    Bench bench = fleet_bench();
    bench.gateway.answers["job/save"] = {refused(ErrorCode::invalid, "the job cannot be saved",
                                                 {{"operations[0].value", "is 9; at most 5 is allowed"}})};
    bench.gateway.answers["template/put"] = {refused(ErrorCode::invalid, "the template cannot be stored",
                                                     {{"document.settings.fanSpeed.schema", "no"}})};
    const Ran ran = bench.run({"apply", "-f", "-"});
    CHECK(ran.exit == ExitCode::refused);
    CHECK(holds(ran.out, "refused   job        Fan"));
    CHECK(holds(ran.out, "standard input:7:5: operations[0].value: is 9; at most 5 is allowed"));
    CHECK(holds(ran.out, "standard input:21:5: document.settings.fanSpeed.schema: no"));
    CHECK(holds(ran.out, "updated   device-set"));
    const auto document = json_of(bench.run({"apply", "-f", "-", "--json"}).out);
    CHECK(document.at("items").as_array().size() == 4);
    CHECK(document.at("items").at(3).at("error").at("details").at(0).at("place") == "standard input:7:5");
}

TEST_CASE("nothing is sent when any document cannot be read") {
    const muster::test::TempDir folder;
    std::ofstream(folder / "a.yaml") << "kind: device\ndevice: d1\n";
    std::ofstream(folder / "b.yml") << "kind: gadget\nname: x\n";
    std::ofstream(folder / "notes.txt") << "not: [read\n";
    Bench bench = fleet_bench();
    const Ran ran = bench.run({"apply", "-f", folder.path().string()});
    CHECK(ran.exit == ExitCode::usage_or_connection);
    CHECK(holds(ran.remarks, "b.yml:1:1: kind is \"gadget\""));
    CHECK(bench.gateway.requests.empty());
}

TEST_CASE("one thing described twice is a mistake, in two files too") {
    const muster::test::TempDir folder;
    std::ofstream(folder / "a.yaml") << "kind: device\ndevice: d1\n";
    std::ofstream(folder / "b.yaml") << "kind: device\ndevice: d1\n";
    Bench bench = fleet_bench();
    const Ran ran = bench.run({"apply", "-f", folder / "a.yaml", folder / "b.yaml"});
    CHECK(ran.exit == ExitCode::usage_or_connection);
    CHECK(holds(ran.remarks, "a.yaml:1:1 already"));
    CHECK(bench.run({"apply", "-f", folder / "absent.yaml"}).exit == ExitCode::usage_or_connection);
    CHECK(bench.gateway.requests.empty());
}

TEST_CASE("--dry-run reads everything and sends nothing") {
    Bench bench = fleet_bench();
    const Ran ran = bench.run({"apply", "-f", "-", "--dry-run"});
    CHECK(ran.exit == ExitCode::success);
    CHECK(holds(ran.out, "checked   template   refrigerator"));
    CHECK(bench.gateway.requests.empty());
}

TEST_CASE("a lost connection ends it, and says where") {
    Bench bench = fleet_bench();
    bench.gateway.answers["set/put"] = {Answer(connection_failure("no answer"))};
    const Ran ran = bench.run({"apply", "-f", "-"});
    CHECK(ran.exit == ExitCode::usage_or_connection);
    CHECK(holds(ran.remarks, "standard input:13:1"));
    CHECK(bench.gateway.asked("device/put").empty());
}
