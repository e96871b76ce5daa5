#include "daemon/cli/applied_job.hpp"

#include "tests/unit/cli/fake_client.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace muster;
using namespace muster::cli;
using namespace muster::cli::test;

namespace {

constexpr const char* kDocument =
    "kind: job\nname: Fan\nset: s\ntype: commands\n"
    "operations: [{name: reboot}]\nrun: true\n";

std::string stored(std::string_view status, std::string_view set) {
    return fmt::format(R"({{"job":7,"revision":4,"name":"Fan","description":"","set":"{}","type":"commands",
        "selection":{{"all":true,"except":[]}},"operations":[{{"name":"reboot","args":{{}}}}],"policy":{{}},
        "status":"{}"}})",
                       set, status);
}

Bench bench_with(std::string_view status, std::string_view set) {
    Bench bench;
    bench.input = kDocument;
    bench.gateway.answer("job/list", R"({"items":[{"job":7,"name":"Fan"},{"job":3,"name":"Fan"},
                                                  {"job":9,"name":"Fan speed"}],"next":null})");
    bench.gateway.answer("job/get", stored(status, set));
    bench.gateway.answer("job/save", R"({"job":8})");
    return bench;
}

}  // namespace

TEST_CASE("applying a job twice runs nothing twice") {
    for (const char* status : {"Pending", "Running", "Completed"}) {
        Bench bench = bench_with(status, "s");
        CHECK(bench.run({"apply", "-f", "-"}).out.starts_with("unchanged job"));
        CHECK(bench.gateway.asked("job/get").at(0).at("job") == 7);
        CHECK(bench.gateway.asked("job/save").empty());
    }
}

TEST_CASE("a saved job that differs is updated, from the revision that was seen") {
    Bench bench = bench_with("Pending", "other");
    CHECK(bench.run({"apply", "-f", "-"}).out.starts_with("updated   job"));
    CHECK(bench.gateway.asked("job/save").at(0).at("job") == 7);
    CHECK(bench.gateway.asked("job/save").at(0).at("revision") == 4);
    CHECK(bench.gateway.asked("job/save").at(0).at("run") == true);
}

TEST_CASE("a job that has been run is left alone when the document differs") {
    Bench bench = bench_with("Completed", "other");
    CHECK(bench.run({"apply", "-f", "-"}).out.starts_with("created   job"));
    CHECK_FALSE(bench.gateway.asked("job/save").at(0).contains("job"));
}

TEST_CASE("specifications are compared with their defaults") {
    const auto job = json_of(stored("Pending", "s")).as_object();
    CHECK(same_specification(json_of(R"({"name":"Fan","set":"s","type":"commands",
                                         "operations":[{"name":"reboot"}]})")
                                 .as_object(),
                             job));
    for (const char* other :
         {R"({"name":"Fan","set":"s","type":"commands","operations":[{"name":"reboot","args":{"a":1}}]})",
          R"({"name":"Fan","set":"s","type":"commands","operations":[{"name":"reboot"}],"description":"x"})",
          R"({"name":"Fan","set":"s","type":"commands","operations":[{"name":"reboot"}],
              "selection":{"all":true,"except":["d1"]}})",
          R"({"name":"Fan","set":"s","type":"commands","operations":[{"name":"reboot"}],
              "policy":{"offline":"wait"}})"}) {
        CAPTURE(other);
        CHECK_FALSE(same_specification(json_of(other).as_object(), job));
    }
}
