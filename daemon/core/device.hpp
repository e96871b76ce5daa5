// The registry's record of one device, as it is stored and shown.
#pragma once

#include "daemon/core/shared_text.hpp"
#include "daemon/core/values.hpp"
#include "protocol/ids.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <string_view>

namespace muster::core {

// A part of a device's record that a query can be about.
enum class Aspect : std::uint8_t { id, template_name, name, presence, tags, properties, settings, reported };

class Aspects {
public:
    constexpr Aspects() = default;
    constexpr Aspects(Aspect one) : bits_(static_cast<std::uint8_t>(1U << static_cast<unsigned>(one))) {}

    [[nodiscard]] constexpr bool any() const noexcept { return bits_ != 0; }
    [[nodiscard]] constexpr bool has(Aspect one) const noexcept { return (*this & one).any(); }
    friend constexpr Aspects operator|(Aspects a, Aspects b) noexcept { return of(a.bits_ | b.bits_); }
    friend constexpr Aspects operator&(Aspects a, Aspects b) noexcept { return of(a.bits_ & b.bits_); }
    constexpr Aspects& operator|=(Aspects more) noexcept { return *this = *this | more; }
    friend constexpr bool operator==(Aspects, Aspects) = default;

private:
    static constexpr Aspects of(unsigned bits) noexcept {
        Aspects aspects;
        aspects.bits_ = static_cast<std::uint8_t>(bits);
        return aspects;
    }
    std::uint8_t bits_ = 0;
};

struct Device {
    DeviceId id;
    SharedText template_name;  // empty until its birth message or an operator says
    SharedText name;           // empty: the id is shown
    Values tags;
    Values properties;  // of the record (kept: gateway), and last written (kept: device)
    Values settings;    // last desired
    Values reported;
    std::uint16_t remembers = 0;
    bool online = false;
    TimePoint presence_since{};  // epoch: never seen

    [[nodiscard]] std::string_view shown_name() const noexcept {
        return name.empty() ? std::string_view(id.text()) : name.view();
    }
    friend bool operator==(const Device&, const Device&) = default;
};

}  // namespace muster::core
