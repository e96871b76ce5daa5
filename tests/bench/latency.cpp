// From the request to run a job on one device until its end is told, on a fleet at
// rest and on a busy one.
#include "tests/bench/sections.hpp"
#include "tests/bench/world.hpp"
#include "tests/support/json.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace muster::bench {
namespace {

namespace json = boost::json;

constexpr const char* kLone = "lone-1";
constexpr std::chrono::seconds kPatience{120};
constexpr double kMilliseconds = 1e3;
constexpr double kBusyLimitSeconds = 120;

double milliseconds(std::chrono::steady_clock::duration time) {
    return std::chrono::duration<double>(time).count() * kMilliseconds;
}

class Latency {
public:
    explicit Latency(std::size_t crowd)
        : broker_(broker_options()),
          musterd_(broker_),
          crowd_(broker_, {.devices = crowd}),
          lone_(broker_, {.devices = 1, .connections = "1", .prefix = "lone-"}),
          bare_(broker_, {.root = kBareRoot, .devices = 1, .connections = "1", .prefix = "lone-"}),
          echo_(broker_.port(), "", {std::string(kBareRoot) + "/dev/+/ack"}, 1,
                [this](std::string_view /*topic*/, std::string_view /*payload*/) { echoed_ = true; }) {
        musterd_.await_devices(crowd + 1, crowd + 1);
        musterd_.client().request(
            "set/put",
            {{"set", "crowd"}, {"template", "refrigerator"}, {"query", "id.startsWith(\"fridge-\")"}});
        musterd_.client().await_quiet();
    }

    // From the request to run a saved job until the event of its end.
    double run_to_end();
    // There and back over the same broker and simulator, without musterd.
    double round_trip();

    void begin_crowd_job() { crowd_job_ = musterd_.run_job(crowd_.another_speed(), {{"set", "crowd"}}); }
    [[nodiscard]] bool crowd_is_busy() const { return !musterd_.client().has_ended(crowd_job_); }
    void await_crowd() { musterd_.client().await_end(crowd_job_, kPatience); }

private:
    test::Mosquitto broker_;
    mutable Musterd musterd_;
    Fleet crowd_;
    Fleet lone_;
    Fleet bare_;
    MosquittoClient echo_;
    bool echoed_ = false;
    int trips_ = 0;
    std::int64_t crowd_job_ = 0;
};

double Latency::run_to_end() {
    auto& client = musterd_.client();
    const auto saved = client.request(
        "job/save",
        {{"name", "one"},
         {"set", kSet},
         {"type", "settings"},
         {"selection", json::object{{"devices", json::array{kLone}}}},
         {"operations", json::array{json::object{{"name", "fanSpeed"}, {"value", lone_.another_speed()}}}}});
    const auto job = test::number(saved, "/job");
    const auto start = std::chrono::steady_clock::now();
    client.request("job/run", {{"job", job}});
    const auto end = client.await_end(job, kPatience);
    if (end.succeeded != 1) {
        throw std::runtime_error(fmt::format("job {} is {}", job, end.status));
    }
    return milliseconds(end.at - start);
}

double Latency::round_trip() {
    echoed_ = false;
    ++trips_;
    const auto start = std::chrono::steady_clock::now();
    echo_.publish(std::string(kBareRoot) + "/dev/" + kLone + "/cmd",
                  fmt::format(R"({{"id":"{}.0.0-k3J9xQ2v","set":{{"fanSpeed":{}}},"exp":4000000000}})",
                              trips_, bare_.another_speed()),
                  1);
    while (!echoed_ && std::chrono::steady_clock::now() - start < kPatience) {
        echo_.turn(std::chrono::milliseconds(100));
    }
    return milliseconds(std::chrono::steady_clock::now() - start);
}

}  // namespace

void measure_latency(const Run& run) {
    Latency latency(run.quick ? 20'000 : 100'000);
    const int idle_runs = run.quick ? 200 : 1'000;
    const std::size_t busy_runs = run.quick ? 50 : 300;
    std::vector<double> idle;
    std::vector<double> bare;
    for (int i = 0; i < idle_runs; ++i) {
        idle.push_back(latency.run_to_end());
        bare.push_back(latency.round_trip());
    }
    run.report.add("latency.idle", "run until Completed is told, one device, fleet at rest", "ms", idle);
    run.report.add("latency.bare.idle", "  message and ack alone, without musterd", "ms", bare);
    std::vector<double> busy;
    std::vector<double> bare_busy;
    const Stopwatch watch;
    while (busy.size() < busy_runs && watch.seconds() < kBusyLimitSeconds) {
        latency.begin_crowd_job();
        while (latency.crowd_is_busy() && busy.size() < busy_runs) {
            busy.push_back(latency.run_to_end());
            bare_busy.push_back(latency.round_trip());
        }
        latency.await_crowd();
    }
    run.report.add("latency.busy",
                   fmt::format("the same while a job on {} devices runs", run.quick ? "20,000" : "100,000"),
                   "ms", busy);
    run.report.add("latency.bare.busy", "  message and ack alone beside that job, without musterd", "ms",
                   bare_busy);
}

}  // namespace muster::bench
