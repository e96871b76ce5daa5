// Tokens with which a user of the broker comes in over HTTP, for the web
// console: the broker has authenticated the user, the token says so. It names
// user and expiry and is signed with a key that only this gateway has, so it
// needs no storage and outlives a restart; what its user may do is looked up
// each time it is used.
//
//     mc1.<user>.<expiry, Unix seconds>.<MAC, base64url>
//
// The MAC is HMAC-SHA-512-256 (libsodium's crypto_auth).
//
// Threads: pure functions.
#pragma once

#include "protocol/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace muster::api {

using ConsoleKey = std::array<std::uint8_t, 32>;

// How long a token is good for: a working day.
inline constexpr Seconds kConsoleTokenLife{12 * 3600};

// Of the gateway's own key (Snapshot::operation_key).
[[nodiscard]] ConsoleKey console_key(const std::array<std::uint8_t, 16>& gateway_key);

// `user` is in the grammar of SPEC 2.1.
[[nodiscard]] std::string make_console_token(const ConsoleKey& key, std::string_view user, TimePoint expires);

// Whose it is; nullopt: it is none of ours, or too old. Takes the same time for
// every wrong MAC.
[[nodiscard]] std::optional<std::string> user_of_console_token(const ConsoleKey& key, std::string_view token,
                                                               TimePoint now);

// What `console/open` needs.
struct ConsoleDoor {
    std::string url;  // of the console, as this machine reaches it; empty: no HTTP
    ConsoleKey key{};
};

}  // namespace muster::api
