// A fleet of one for the tests of the model, in virtual time.
#pragma once

#include "device-sim/model/fleet.hpp"
#include "protocol/codec.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace muster::sim::test {

constexpr TimePoint kNow{Milliseconds(1'795'382'552'000)};

inline FleetOptions one_refrigerator(Faults faults = {}) {
    FleetOptions options;
    options.devices = 1;
    options.template_name = "refrigerator";
    options.prefix = "fridge-";
    options.faults = faults;
    return options;
}

struct Device {
    explicit Device(FleetOptions options) : fleet(std::move(options)) {
        static_cast<void>(model().on_connected(kNow));
    }
    explicit Device(Faults faults = {}) : Device(one_refrigerator(faults)) {}

    DeviceModel& model() { return fleet.devices().front(); }
    Reaction hear(std::string_view payload, TimePoint now = kNow) { return model().on_message(now, payload); }
    Reaction set(const std::string& id, int fan_speed, TimePoint now = kNow) {
        return hear(R"({"id":")" + id + R"(","set":{"fanSpeed":)" + std::to_string(fan_speed) + "}}", now);
    }

    Fleet fleet;
};

inline std::string operation_id(int number) {
    return "1." + std::to_string(number) + ".0-abcdefgh";
}

inline std::vector<Publication> of_kind(const Reaction& reaction, PublicationKind kind) {
    std::vector<Publication> found;
    for (const Publication& publication : reaction.publications) {
        if (publication.kind == kind) {
            found.push_back(publication);
        }
    }
    return found;
}

// The only ack of a reaction, decoded.
inline Ack only_ack(const Reaction& reaction) {
    const std::vector<Publication> acks = of_kind(reaction, PublicationKind::ack);
    return acks.size() == 1 ? decode_ack(acks.front().payload).value() : Ack{};
}

}  // namespace muster::sim::test
