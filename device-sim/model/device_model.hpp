// One simulated device: what it publishes when it connects and what it does
// with a message, faults included. Pure: time comes in, effects come out, and a
// delay is a due time on a publication.
//
// Threads: none of its own; owned by one thread. The options outlive it.
#pragma once

#include "device-sim/model/fleet_options.hpp"
#include "device-sim/model/remembered_operations.hpp"
#include "protocol/messages.hpp"
#include "protocol/time.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace muster::sim {

enum class PublicationKind { info, state, status, progress, ack, malformed_ack };

// To be published on the device's topic of that kind at `due`; if the device
// has gone offline by then, it is lost.
struct Publication {
    PublicationKind kind;
    std::string payload;
    TimePoint due;
};

enum class Outcome {
    offline,     // the device was not there to hear it
    unreadable,  // not an operation message: no answer
    lost,        // fault: never seen
    expired,     // too late: not executed, no answer
    not_now,     // fault: 503
    rejected,    // 4xx, by fault or because the value is impossible
    executed,
    repeated,  // remembered: the same answer again, or 202 while at work; nothing executed
};

struct Reaction {
    Outcome outcome = Outcome::unreadable;
    std::string operation;                  // operation id; empty when offline or unreadable
    bool ack_lost = false;                  // fault: it did what `outcome` says, and the answer was lost
    std::vector<Publication> publications;  // in the order of their due times
};

// What a device keeps for life.
struct DeviceTraits {
    bool offline = false;
    bool rejects = false;
    bool text_acks = false;
};

class DeviceModel {
public:
    // `number` counts the devices of a fleet from 1. Behaviour depends on
    // options.seed and `id`, not on other devices.
    DeviceModel(const FleetOptions& options, std::string id, std::size_t number, DeviceTraits traits);

    // It is connected and subscribed. Returns its births (see births()).
    [[nodiscard]] std::vector<Publication> on_connected(TimePoint now);
    // info, state and status, the status last; a device that never comes
    // online has no state to tell.
    [[nodiscard]] std::vector<Publication> births(TimePoint now) const;
    // The connection is gone, or it has said that it leaves.
    void on_disconnected() noexcept { online_ = false; }
    // What it says when it leaves of its own will.
    [[nodiscard]] static Publication farewell(TimePoint now);

    [[nodiscard]] Reaction on_message(TimePoint now, std::string_view payload);

    enum class Memory { kept, lost };
    // Power was off for a moment: offline, and perhaps without its memory of
    // operations. What it was set to is kept either way.
    void on_reboot(Memory memory) noexcept;

    // How long it will now stay online, or away: drawn from options.faults.
    [[nodiscard]] Milliseconds time_online() noexcept;
    [[nodiscard]] Milliseconds time_away() noexcept;

    [[nodiscard]] const std::string& id() const noexcept { return id_; }
    [[nodiscard]] const DeviceTraits& traits() const noexcept { return traits_; }
    [[nodiscard]] bool online() const noexcept { return online_; }
    // Counts up each time it connects.
    [[nodiscard]] std::uint32_t session() const noexcept { return session_; }
    [[nodiscard]] const boost::json::object& state() const noexcept { return state_; }
    [[nodiscard]] DeviceInfo info() const;

private:
    void answer(TimePoint now, const OperationMessage& message, Reaction& reaction);
    void answer_again(TimePoint now, Verdict earlier, Reaction& reaction);
    [[nodiscard]] Verdict carry_out(const OperationMessage& message, bool& changed);
    [[nodiscard]] Verdict apply(const OperationMessage& message, bool& changed);
    [[nodiscard]] Verdict rejection() const noexcept;
    void postpone(TimePoint now, Reaction& reaction);
    void report_progress(TimePoint now, TimePoint due, Reaction& reaction);
    void acknowledge(const Verdict& verdict, Reaction& reaction);
    [[nodiscard]] std::string ack_payload(const Ack& ack) const;
    [[nodiscard]] std::string garbage(std::string_view operation);

    const FleetOptions* options_;
    std::string id_;
    boost::json::object state_;
    RememberedOperations remembered_;
    Random random_;
    TimePoint busy_until_{};
    std::uint32_t number_;
    std::uint32_t session_ = 0;
    DeviceTraits traits_;
    bool online_ = false;
};

}  // namespace muster::sim
