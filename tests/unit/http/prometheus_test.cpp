#include "daemon/http/prometheus.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

namespace {

std::string text_of(const char* metrics) {
    return muster::http::prometheus_text(boost::json::parse(metrics).as_array());
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
    for (const char* name :
         {"process_cpu_seconds_total ", "process_resident_memory_bytes ", "process_open_fds "}) {
        CAPTURE(name);
        const auto at = text.find("\n" + std::string(name));
        REQUIRE(at != std::string::npos);
        CHECK(std::stod(text.substr(at + 1 + std::string_view(name).size())) > 0);
    }
}
