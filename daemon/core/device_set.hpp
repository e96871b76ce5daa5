// A device set: a named query over the devices of one template, evaluated
// whenever it is looked at.
#pragma once

#include "protocol/time.hpp"

#include <cstdint>
#include <string>

namespace muster::core {

struct DeviceSet {
    std::string name;  // grammar of SPEC 2.1
    std::string title;
    std::string description;
    std::string template_name;
    std::string query;  // empty: every device of the template
    std::uint64_t revision = 1;
    TimePoint changed_at{};

    friend bool operator==(const DeviceSet&, const DeviceSet&) = default;
};

}  // namespace muster::core
