// What a fleet is and how it misbehaves: every option of the model, and every
// fault, in one place.
//
// Threads: plain values.
#pragma once

#include "device-sim/model/random.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace muster::sim {

// A dropped message is lost before the device executes it, or its ack is lost
// after; `either` tosses a coin for each message.
enum class LossMoment { before, after, either };

struct Faults {
    // Per cent of the fleet. Which devices these are depends on the seed
    // alone, so that a second run meets the same ones (Fleet says how).
    double offline = 0;    // never online, only registered
    double reject = 0;     // refuse every operation, each with its own reason
    double text_acks = 0;  // answer in plain text instead of JSON

    // Per cent of the messages, tossed for each one.
    double drop = 0;       // no answer
    double duplicate = 0;  // the answer comes twice
    double not_now = 0;    // 503, ask again
    double malformed = 0;  // the answer is garbage

    LossMoment drop_moment = LossMoment::either;
    DurationRange delay;    // from message to answer
    bool progress = false;  // commands answer 202 before they answer 200

    // How long a device stays online between disconnects; nullopt: for ever.
    std::optional<DurationRange> churn;
    DurationRange away{Milliseconds(1000), Milliseconds(5000)};
};

// One tag; each device has one of the values, by seed.
struct TagSpread {
    std::string name;
    std::vector<boost::json::value> values;
};

struct FleetOptions {
    std::size_t devices = 0;
    std::string template_name;
    std::string prefix;  // of the device ids
    std::uint64_t seed = 1;
    std::uint16_t remembers = 8;  // 0: the devices forget, and execute repeats again
    std::vector<TagSpread> tags;
    Faults faults;
};

}  // namespace muster::sim
