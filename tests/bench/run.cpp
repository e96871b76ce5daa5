// From the request to run a job on a hundred thousand devices until Running is answered.
#include "tests/bench/sections.hpp"
#include "tests/bench/world.hpp"
#include "tests/support/json.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <stdexcept>
#include <vector>

namespace muster::bench {
namespace {

namespace json = boost::json;

constexpr std::size_t kDevices = 100'000;

}  // namespace

void measure_run(const Run& run) {
    const test::Mosquitto broker(broker_options());
    Musterd musterd(broker);
    const Fleet fleet(broker, {.devices = kDevices});
    musterd.await_devices(kDevices, kDevices);
    std::vector<double> answered;
    std::vector<double> begun;
    for (int i = 0; i < (run.quick ? 5 : 15); ++i) {
        auto& client = musterd.client();
        const auto saved = client.request(
            "job/save",
            {{"name", "many"},
             {"set", kSet},
             {"type", "settings"},
             {"operations", json::array{json::object{{"name", "fanSpeed"}, {"value", 1 + i % 5}}}}});
        const auto job = test::number(saved, "/job");
        const Stopwatch watch;
        const auto told = client.request("job/run", {{"job", job}});
        answered.push_back(watch.seconds());
        if (test::text(told, "/status") != "Running") {
            throw std::runtime_error("the job is " + test::text(told, "/status"));
        }
        while (test::number(client.request("job/get", {{"job", job}}), "/tally/succeeded") == 0) {
            // The next question waits its turn behind what the engine does.
        }
        begun.push_back(watch.seconds());
        client.request("job/stop", {{"job", job}});
    }
    run.report.add("run.answered",
                   fmt::format("run of a job on {} devices until Running is answered", readable(kDevices)),
                   "s", answered);
    run.report.add("run.first", "  until its first device has succeeded", "s", begun);
}

}  // namespace muster::bench
