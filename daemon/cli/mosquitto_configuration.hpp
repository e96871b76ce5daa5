// The few things of mosquitto.conf that matter for the size of a fleet.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace muster::cli {

struct MosquittoConfiguration {
    std::uint64_t queued_messages = 1'000;  // 0: without limit
    std::string include_dir{};              // read after the file itself; empty: none

    friend bool operator==(const MosquittoConfiguration&, const MosquittoConfiguration&) = default;
};

// Takes over what `text` sets; the last of a setting holds.
void read_mosquitto_configuration(std::string_view text, MosquittoConfiguration& configuration);

// "Max open files" of /proc/PID/limits, the soft one; nullopt: not there, or unlimited.
[[nodiscard]] std::optional<std::uint64_t> descriptor_limit(std::string_view limits);

// The file that "mosquitto -c FILE" was started with, from /proc/PID/cmdline; empty: none, or not from the
// root.
[[nodiscard]] std::string configuration_argument(std::string_view command_line);

}  // namespace muster::cli
