// Every bound of the wire, in one place, each with its reason. A payload or
// topic over its bound is refused whole, never cut.
#pragma once

#include <cstddef>
#include <cstdint>

namespace muster::limits {

// Grammar of SPEC.md 2.1; 64 keeps topics short and ids readable in a column.
inline constexpr std::size_t kDeviceIdLength = 64;
// Topic root, such as "muster/v1": leaves room below MQTT's 65,535 bytes.
inline constexpr std::size_t kTopicRootLength = 128;
// User names in control topics; the same grammar as device ids, so that no
// name can step out of its subtree.
inline constexpr std::size_t kUserNameLength = 64;

// The longest operation id that to_string writes: 20 + 10 + 5 digits, tag, three separators.
inline constexpr std::size_t kOperationIdLength = 46;
// Verbs are two short words; a longer topic is not a request.
inline constexpr std::size_t kVerbLength = 64;
// A reply topic that a client chooses for itself.
inline constexpr std::size_t kResponseTopicLength = 512;

// Device payloads: what a small device can hold, and what makes 10,000 queued
// ones harmless (10,000 x 16 KiB = 160 MiB at the very worst).
inline constexpr std::size_t kAckBytes = 4 * 1024;
inline constexpr std::size_t kStatusBytes = 64;
inline constexpr std::size_t kInfoBytes = 16 * 1024;
inline constexpr std::size_t kStateBytes = 16 * 1024;
// An operation message has to fit the smallest device buffers that matter.
inline constexpr std::size_t kOperationBytes = 8 * 1024;
// A device's own message is kept whole, once per execution.
inline constexpr std::size_t kAckMessageBytes = 512;

// Control requests: a job of 100,000 listed device ids of 10 bytes fits.
inline constexpr std::size_t kRequestBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kReplyBytes = 4 * 1024 * 1024;
inline constexpr std::size_t kRequestIdBytes = 64;
// A refusal goes to a log, a reply, a terminal: whatever was refused, each of
// its texts is cut to this, and no more mistakes than these are named.
inline constexpr std::size_t kErrorTextBytes = 1000;
inline constexpr std::size_t kErrorDetails = 100;

// Boost.JSON allows 32; nothing here nests deeper than 8 (a JSON Schema inside
// a template does: it may use 16).
inline constexpr std::size_t kJsonDepth = 8;
inline constexpr std::size_t kRequestJsonDepth = 16;

// Names of settings, properties, commands, tags, sets and templates.
inline constexpr std::size_t kNameLength = 64;
// A device's name in its birth message, in bytes: one line of a list.
inline constexpr std::size_t kDeviceNameLength = 200;
inline constexpr std::size_t kJobNameLength = 200;
inline constexpr std::size_t kDescriptionLength = 4000;
// Per device: tags, properties, settings or reported values.
inline constexpr std::size_t kValuesPerDevice = 256;
inline constexpr std::size_t kValuesBytes = 16 * 1024;
// One message or command sequence; more is a script, not a job.
inline constexpr std::size_t kOperationsPerJob = 16;

inline constexpr std::size_t kQueryLength = 2000;
inline constexpr std::size_t kQueryDepth = 32;

inline constexpr std::size_t kDevices = 2'000'000;
inline constexpr std::size_t kJobs = 100'000;
inline constexpr std::size_t kSets = 10'000;
inline constexpr std::size_t kTemplates = 1'000;

// Longest a "not now" (503 with after) or a policy timeout can ask for.
inline constexpr std::int64_t kTimeoutSeconds = 30 * 24 * 3600;

inline constexpr std::size_t kPageDefault = 100;
inline constexpr std::size_t kPageMost = 1000;

}  // namespace muster::limits
