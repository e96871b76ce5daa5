// The file of bearer tokens: who may come in over HTTP, with which role. It
// holds no token, only what recognises one, so reading it lets nobody in.
//
//     # name role created hash
//     grafana viewer 2026-11-23T04:00:00.000Z 3f0c…
//
// A token is "mt1_" and 32 random bytes, base64url; the hash is BLAKE2b-256 of
// the token's text, in hex. So much randomness needs no slow hash.
//
// Threads: plain values, and functions callable from any.
#pragma once

#include "config/daemon_options.hpp"
#include "protocol/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace muster::config {

struct Token {
    std::string name;  // in the grammar of SPEC 2.1: the user in the audit log
    Role role = Role::none;
    std::string created_at;  // RFC 3339
    std::string hash;

    friend bool operator==(const Token&, const Token&) = default;
};

inline constexpr std::size_t kMostTokens = 1'000;

[[nodiscard]] std::string new_token();
[[nodiscard]] std::string hash_of_token(std::string_view token);

// Errors: invalid, each line that is wrong in the details ("tokens:3"); as
// read_file. A file that does not exist is an error here.
[[nodiscard]] Result<std::vector<Token>> parse_tokens(std::string_view text, const std::string& source);
[[nodiscard]] Result<std::vector<Token>> read_tokens(const std::string& path);

// In place of the old file at once, whole or not at all, with its owner, group and mode; a
// new one is readable by its owner and group. A symbolic link is followed.
// Error: unavailable.
[[nodiscard]] Result<void> write_tokens(const std::string& path, const std::vector<Token>& tokens);

}  // namespace muster::config
