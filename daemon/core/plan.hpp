// What a run would do, device by device, and the digest that stands for it.
#pragma once

#include "daemon/core/job.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace muster::core {

class Values;
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
    std::string_view device;  // its id, as long as the plan is there
    PlanEffect effect;
    std::uint64_t hash;  // of all that a run would do to this device
};

// The devices of a plan, in the order of the run. In blocks, so that nothing is moved when there are
// more of them, and a million are gone at once; about 16 bytes each beside its id.
class PlannedDevices {
public:
    void add(const PlannedDevice& device);
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] PlannedDevice operator[](std::size_t at) const;

private:
    static constexpr std::size_t kBlock = 1024;
    struct One {
        std::uint64_t hash;
        std::uint32_t end;  // of its id
        PlanEffect effect;
    };
    struct Block {
        std::string ids;
        std::vector<One> ones;
    };

    std::vector<Block> blocks_;
    std::size_t size_ = 0;
};

// A photograph: what a run would do to each device as it was when it was looked at, within the moments
// that planning took. Whether that still holds is found out by a run that is given the digest.
struct Plan {
    JobSpec spec;  // but for the devices that its selection names
    std::string template_name;
    std::uint64_t template_version = 0;
    std::string digest;   // 32 hex digits
    std::string message;  // why a run would be refused; empty if it would not
    PlannedDevices devices;
    std::array<std::uint64_t, kPlanEffects> counts{};  // of the devices, by effect
    std::uint64_t messages = 0;                        // published if every device were online and Completed
};

// Old value of each operation on this device: reported, else last desired or
// recorded; null where not known. In the order of the operations.
[[nodiscard]] std::vector<boost::json::value> old_values(const JobSpec& spec, const struct Device& device);

// What was last desired or recorded of what such a job changes.
[[nodiscard]] const Values& recorded_values(JobType type, const struct Device& device);

// The device's effect under a job that the template allows.
[[nodiscard]] PlanEffect effect_on(const JobSpec& spec, const Template& device_template,
                                   const struct Device& device);
// Of an online device with these old values, under a job of settings or properties.
[[nodiscard]] PlanEffect effect_of(const JobSpec& spec, const std::vector<boost::json::value>& old);
// A job of properties none of which the devices know.
[[nodiscard]] bool all_kept_by_gateway(const JobSpec& spec, const Template& device_template);

}  // namespace muster::core
