// One turn of a bare loop, as a program of its own so that its processor time is;
// prints a line of JSON, as the scripts in peers/ do.
//
//   build/bin/bench_bare --library libmosquitto|paho --port P --devices N --value V [--prefix P] [--qos Q]
//   [--window W]
#include "tests/bench/bare_loop.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <exception>
#include <unistd.h>

int main(int count, char** values) {
    using namespace muster::bench;
    BareOptions options;
    options.run = static_cast<unsigned>(::getpid());
    std::string library;
    CLI::App app("A bare publish-and-wait loop.");
    app.add_option("--library", library)->required()->check(CLI::IsMember({"libmosquitto", "paho"}));
    app.add_option("--port", options.port)->required();
    app.add_option("--devices", options.devices)->required();
    app.add_option("--value", options.value)->required();
    app.add_option("--prefix", options.prefix);
    app.add_option("--qos", options.qos)->check(CLI::Range(0, 1));
    app.add_option("--window", options.window)->check(CLI::Range(1, 60'000));
    app.add_option("--timeout", options.timeout_seconds);
    CLI11_PARSE(app, count, values);
    try {
        const auto result = library == "paho" ? run_with_paho(options) : run_with_libmosquitto(options);
        const boost::json::object line{{"name", library + " bare loop"},
                                       {"operations", options.devices},
                                       {"seconds", result.seconds},
                                       {"acked", result.acked},
                                       {"lost", options.devices - result.acked},
                                       {"repeated", result.repeated},
                                       {"window", options.window},
                                       {"cpu_seconds", result.cpu_seconds}};
        fmt::print("{}\n", boost::json::serialize(line));
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_bare: {}\n", error.what());
        return 1;
    }
    return 0;
}
