// The registry's record of one device, as it is stored and shown.
#pragma once

#include "daemon/core/values.hpp"
#include "protocol/ids.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <string>

namespace muster::core {

struct Device {
    DeviceId id;
    std::string template_name;  // empty until its birth message or an operator says
    std::string name;           // empty: the id is shown
    Values tags;
    Values properties;  // of the record (kept: gateway), and last written (kept: device)
    Values settings;    // last desired
    Values reported;
    std::uint16_t remembers = 0;
    bool online = false;
    TimePoint presence_since{};  // epoch: never seen

    [[nodiscard]] const std::string& shown_name() const noexcept { return name.empty() ? id.text() : name; }
    friend bool operator==(const Device&, const Device&) = default;
};

}  // namespace muster::core
