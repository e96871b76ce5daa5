// What a run would do, device by device, and the digest that stands for it.
#pragma once

#include "daemon/core/job.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace muster::core {

class Registry;
struct Template;

enum class PlanEffect : std::uint8_t {
    change,        // a value will change
    equal,         // the device reports the value already; it is sent all the same
    unknown,       // the device has not reported the value yet
    offline,       // held until it comes online, or Failed at once, as the policy says
    unsupported,   // the template has no such capability: the run would be refused
    out_of_range,  // the template does not allow the value: the run would be refused
    apply,         // kept by the gateway: applied without a message
    call,          // a command
};
inline constexpr std::size_t kPlanEffects = static_cast<std::size_t>(PlanEffect::call) + 1;
[[nodiscard]] std::string_view to_string(PlanEffect effect) noexcept;

struct PlannedDevice {
    DeviceId device;
    PlanEffect effect = PlanEffect::change;
    std::uint64_t hash = 0;  // of all that a run would do to this device
};

struct Plan {
    JobSpec spec;
    std::string template_name;
    std::uint64_t template_version = 0;
    std::string digest;                                // 32 hex digits
    std::string message;                               // why a run would be refused; empty if it would not
    std::vector<PlannedDevice> devices;                // in the order of the run
    std::array<std::uint64_t, kPlanEffects> counts{};  // of the devices, by effect
    std::uint64_t messages = 0;                        // published if every device were online and Completed
};

// Old value of each operation on this device: reported, else last desired or
// recorded; null where not known. In the order of the operations.
[[nodiscard]] std::vector<boost::json::value> old_values(const JobSpec& spec, const struct Device& device);

// The device's effect under a job that the template allows.
[[nodiscard]] PlanEffect effect_on(const JobSpec& spec, const Template& device_template,
                                   const struct Device& device);

}  // namespace muster::core
