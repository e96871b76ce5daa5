// muster-sim: simulated devices at a real broker.
#include "device-sim/options.hpp"
#include "device-sim/runner.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

namespace {

int run(int argc, const char* const* argv) {
    auto parsed = muster::sim::parse_options(argc, argv);
    if (const auto* early = std::get_if<muster::sim::EarlyExit>(&parsed)) {
        fmt::print(early->code == 0 ? stdout : stderr, "{}", early->text);
        return early->code;
    }
    muster::sim::Runner runner(std::get<muster::sim::SimOptions>(std::move(parsed)));
    if (const muster::Result<void> result = runner.run(); !result) {
        fmt::print(stderr, "muster-sim: {}\n", result.error().message);
        return 1;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "muster-sim: %s\n", error.what());
        return 1;
    }
}
