// What devices of a fleet say, and what is said to them, as benchmarks and counts
// of instructions use it: ordinary messages of ordinary length, always the same.
//
// Threads: pure functions.
#pragma once

#include "protocol/messages.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace muster::test {

// "fanSpeed = 3", as one message of a job.
[[nodiscard]] OperationMessage sample_operation();
inline constexpr std::string_view kSampleOperationId = "42.1017.0-k3J9xQ2v";

// The answer to that operation, as JSON and as text.
[[nodiscard]] std::string ack_payload(const std::string& operation);
[[nodiscard]] std::string ack_text(const std::string& operation);
[[nodiscard]] std::string state_payload(int fan_speed);
// The birth message of the device of that number. The sites are oslo, bergen, narvik and hamar.
[[nodiscard]] DeviceInfo fleet_info(std::size_t number);

// Device sets by name, each with its query: one that passes half of the fleet, one a quarter, and one a
// twentieth, which looks at all that a device has.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kFleetSets{{
    {"online", R"(online && tags.floor < 4)"},
    {"oslo", R"(tags.site == "oslo")"},
    {"whole", R"((tags.site == "oslo" || tags.site == "hamar") && !("retired" in tags) && id.endsWith("7"))"
              R"( && reported.firmware < "2.0" && settings.fanSpeed != 5)"},
}};

}  // namespace muster::test
