// What the engine can be told, with its defaults.
#pragma once

#include "protocol/limits.hpp"
#include "protocol/time.hpp"

#include <cstddef>
#include <cstdint>

namespace muster::core {

// How long what is over is kept, from its end; 0: for ever.
struct KeepFor {
    Seconds jobs{0};  // Completed and Failed ones
    Seconds audit{0};

    friend bool operator==(const KeepFor&, const KeepFor&) = default;
};

struct EngineOptions {
    // Deadlines of a job whose policy gives none (DESIGN section 3, rule 5).
    Seconds timeout{24 * 3600};
    Seconds command_timeout{30};
    // Unanswered messages: first repeat, then doubling up to the most.
    Milliseconds resend_first{2'000};
    Milliseconds resend_most{300'000};
    std::size_t most_devices = limits::kDevices;
    KeepFor keep;
    // What requests could else fill the memory with: the documents of all versions of
    // all templates, in bytes, and the devices that all jobs together list. Both
    // are looked at before one more is added, and one request has a bound.
    std::size_t most_template_bytes = std::size_t{256} * 1024 * 1024;
    std::size_t most_listed_devices = 10'000'000;
    // What one step may cost for making plans, in units of Effort (matches.hpp): 2 ms or
    // less, some 10,000 devices that are mostly alike.
    std::int64_t plan_effort = 2'000'000;
};

// How often the engine looks for what has been kept long enough, and the pause
// when one look found more jobs than may go at once: each is a few rows and a
// message to the broker.
inline constexpr Milliseconds kRetentionPause{60'000};
inline constexpr Milliseconds kRetentionHurry{100};
inline constexpr std::size_t kRetiredAtOnce = 20;

// How long an unanswered message counts against the link's window. Devices
// that answer do so within a few milliseconds on a local network, and a broker
// has its PUBACK out by then; a window of kHeldWindow is left to silent devices
// four times a second. A smaller window (Mosquitto grants 20 unless told
// otherwise) is held for less, so that slow devices are passed at the same
// 1,200 a second, but never for less than a PUBACK may take. While answers queue up
// it is held for longer, by as much as they are late (answer_lag.hpp): no more is to
// come back than goes through, and than a broker keeps for a subscriber (Mosquitto
// 1,000 messages, unless told otherwise; the rest it drops).
inline constexpr Milliseconds kWindowHold{250};
inline constexpr std::uint32_t kHeldWindow = 300;
inline constexpr Milliseconds kLeastWindowHold{10};
inline constexpr Milliseconds kMostWindowHold{2'000};
// Most executions that one step looks at, so that a step over a million
// offline devices is cut into pieces between which acks and requests are served.
inline constexpr std::uint32_t kExaminedPerStep = 4096;
// Executions that one job takes from the window before the next job's turn.
inline constexpr std::uint32_t kTurnQuantum = 16;
// Asks of one message whose answers are still recognised when its job is over;
// each costs a hash for an ack that is nobody's.
inline constexpr std::uint16_t kAsksRecognised = 8;
// Distinct outcome lines that a job keeps; further messages of a reason are
// counted together.
inline constexpr std::size_t kOutcomeLines = 256;
// Plans that are made at the same time: with each grows the memory for its devices, 30 bytes each.
inline constexpr std::size_t kPlansAtWork = 4;
// Plans remembered for naming what changed since, in all and devices together.
inline constexpr std::size_t kPlansKept = 16;
inline constexpr std::size_t kPlannedDevicesKept = 2'000'000;

}  // namespace muster::core
