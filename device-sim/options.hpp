// muster-sim's command line: read strictly, all mistakes told at once.
//
// Threads: any.
#pragma once

#include "device-sim/model/fleet_options.hpp"
#include "device-sim/mosquitto_session.hpp"
#include "protocol/result.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace CLI {
class App;
}

namespace muster::sim {

struct SimOptions {
    FleetOptions fleet;
    Broker broker;
    std::string root;
    std::optional<std::size_t> connections;  // shared by the devices; nullopt: one for each device
    std::string user;                        // of shared connections
    std::string password;
    std::string stats_file;  // empty: none
    std::string ready_file;  // empty: none
    std::optional<std::chrono::seconds> duration;
};

// The command line asked for something else than a run (help, version), or is wrong.
struct EarlyExit {
    int code;
    std::string text;
};

[[nodiscard]] std::variant<SimOptions, EarlyExit> parse_options(int argc, const char* const* argv);

// What the command line takes, for whoever describes it; valid during the call.
void show_options(const std::function<void(const CLI::App& app)>& visit);

// The parts, each with an Error (invalid) whose message says what was wanted.

// "5", "2.5" or "5%": 0 to 100.
[[nodiscard]] Result<double> parse_percent(std::string_view text);
// "10..200" or "50", in units of `unit`; least <= most <= 1 day.
[[nodiscard]] Result<DurationRange> parse_range(std::string_view text, Milliseconds unit);
// mqtt://host[:1883] or mqtts://host[:8883]; `version` of the result is the default.
[[nodiscard]] Result<Broker> parse_broker(std::string_view text);
// "site=oslo|bergen"; what reads as a number, true or false is one.
[[nodiscard]] Result<TagSpread> parse_tag(std::string_view text);

}  // namespace muster::sim
