#include "daemon/http/prometheus.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <fstream>

namespace {

std::string text_of(const char* metrics, const std::string& store_path = {}) {
    return muster::http::prometheus_text(boost::json::parse(metrics).as_array(), store_path);
}

bool holds(const std::string& text, std::string_view line) {
    return text.find(line) != std::string::npos;
}

}  // namespace

TEST_CASE("counters, gauges and labels are written as Prometheus reads them") {
    const auto text = text_of(
        R"([{"name":"a_total","type":"counter","help":"What a is.","samples":[{"labels":{},"value":3}]},
            {"name":"b","type":"gauge","help":"B","samples":[{"labels":{"state":"x\"y"},"value":1.5}]}])");
    CHECK(holds(text, "# HELP a_total What a is.\n# TYPE a_total counter\na_total 3\n"));
    CHECK(holds(text, "# TYPE b gauge\nb{state=\"x\\\"y\"} 1.5\n"));
}

TEST_CASE("a histogram has its sum, its count and cumulative buckets, the last without bound") {
    const auto text = text_of(
        R"([{"name":"h","type":"histogram","help":"H","samples":
            [{"labels":{},"count":5,"sum":2.5,"buckets":[{"below":0.1,"count":2},{"below":1,"count":4}]}]}])");
    CHECK(holds(text, "h_count 5\nh_sum 2.5\n"));
    CHECK(holds(text, "h_bucket{le=\"0.1\"} 2\nh_bucket{le=\"1\"} 4\nh_bucket{le=\"+Inf\"} 5\n"));
}

TEST_CASE("the process tells of itself") {
    const auto text = text_of("[]");
    for (const char* name : {"process_cpu_seconds_total ", "process_resident_memory_bytes ",
                             "process_open_fds ", "process_max_fds ", "process_start_time_seconds "}) {
        CAPTURE(name);
        const auto at = text.find("\n" + std::string(name));
        REQUIRE(at != std::string::npos);
        CHECK(std::stod(text.substr(at + 1 + std::string_view(name).size())) > 0);
    }
}

TEST_CASE("the disk of the store is among the metrics, if there is a store on it") {
    const auto text = text_of("[]", "/proc/self/exe");
    const auto at = text.find("\nmuster_store_bytes ");
    REQUIRE(at != std::string::npos);
    CHECK(std::stod(text.substr(at + 20)) > 0);
    CHECK(holds(text, "\nmuster_store_disk_free_bytes "));
    CHECK(holds(text, "\nmuster_store_disk_bytes "));
    CHECK_FALSE(holds(text_of("[]"), "muster_store_disk"));
    CHECK_FALSE(holds(text_of("[]", "/nowhere/muster.db"), "muster_store_disk"));
}

TEST_CASE("the process began before now, and not long ago") {
    const auto text = text_of("[]");
    const auto at = text.find("\nprocess_start_time_seconds ");
    REQUIRE(at != std::string::npos);
    const auto began = std::stod(text.substr(at + 28));
    std::ifstream uptime("/proc/uptime");
    double since_boot = 0;
    uptime >> since_boot;
    const auto now =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    CHECK(began <= now + 1);
    CHECK(began > now - since_boot);
}
