// What one simulated run is: its seed, its size, and every fault, in one place.
// The same options give the same run on every machine.
//
// Threads: plain values.
#pragma once

#include "device-sim/model/fleet_options.hpp"
#include "protocol/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace muster::simulation {

// What is done to the system from outside, at a moment of the script.
enum class ActionKind : std::uint8_t {
    ask,                  // a user asks for something: any verb
    cut_link,             // the gateway loses its connection
    restart_broker,       // with loss of sessions, queues and retained messages
    crash_gateway,        // kill -9 between two turns
    crash_before_commit,  // kill -9 with a batch stepped through and nothing of it stored
    crash_after_commit,   // kill -9 with the batch stored and nothing of it published
    crash_at_publish,     // kill -9 with some of the batch published
    stop_gateway,         // asked to end, and started again
    fill_storage,         // no space for a while
    fail_storage,         // a write fails: perhaps it is stored, perhaps not
    jump_clock,           // the system's clock is set
    cut_device,           // a device loses its connection
    leave_device,         // a device says goodbye and comes back later
    reboot_device,        // power off for a moment; it still remembers what it executed
    forget_device,        // power off, and its memory of operations is gone
    change_device,        // its birth message says something else for once
    garbage,              // malformed, oversized, deep, absurd messages
    foreign_ack,          // an ack of another device, or with a changed id
    replayed_ack,         // an ack that was given before
};
inline constexpr std::size_t kActionKinds = static_cast<std::size_t>(ActionKind::replayed_ack) + 1;
[[nodiscard]] std::string_view to_string(ActionKind kind) noexcept;  // "crash_gateway"

struct Faults {
    // Per cent of the messages between the broker and one of its clients, tossed
    // for each message, each way.
    double drop = 0;
    double duplicate = 0;
    double stall = 0;        // it, and all that follow on the connection, come later
    double reorder = 0;      // it alone comes later: others overtake it
    Milliseconds latest{0};  // how much later, at most

    // Per cent, tossed for each when the broker restarts.
    double lose_session = 0;
    double lose_queue = 0;
    double lose_retained = 0;

    // Per cent of the gateway's turns that come late, so that more is in a batch.
    double slow_turn = 0;

    // How often each kind of action is drawn, against the others; 0: never.
    std::array<unsigned, kActionKinds> weights{};
};

struct Options {
    std::uint64_t seed = 1;
    std::size_t fridges = 8;     // devices that remember what they executed
    std::size_t basics = 3;      // devices that do not
    std::uint16_t window = 20;   // of the gateway's link
    bool tells_room = true;      // it knows how much of that is free, and is not asked for more
    std::size_t actions = 40;    // in the rough part
    Milliseconds rough{60'000};  // how long faults last
    sim::Faults devices;         // how the devices themselves misbehave
    Faults faults;
};

struct Action {
    Milliseconds at;  // since the rough part began
    ActionKind kind;
    std::uint64_t salt;  // what it draws from: it does the same whichever others are left out
};

// Every seed stresses something else: each fault is off in a third of the runs.
[[nodiscard]] Options options_of(std::uint64_t seed);
// In the order of time.
[[nodiscard]] std::vector<Action> script_of(const Options& options);

// The message and device faults by name, to be switched off one by one when a
// failing run is shrunk.
struct FaultName {
    std::string_view name;
    double& (*rate)(Options& options);
};
[[nodiscard]] std::span<const FaultName> fault_names();

}  // namespace muster::simulation
