// Who comes in over HTTP: tokens of the file, and those that `console/open` gave
// to users of the broker.
//
// Threads: the main thread.
#pragma once

#include "config/token_file.hpp"
#include "daemon/api/console_token.hpp"
#include "daemon/http/front.hpp"
#include "daemon/runtime/roles.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

[[nodiscard]] api::Role to_api_role(config::Role role);

class ProgramAccess {
public:
    // `tokens_file` may be empty: there is none.
    ProgramAccess(std::string tokens_file, const api::ConsoleKey& key, runtime::RoleTable roles)
        : tokens_file_(std::move(tokens_file)), key_(key), roles_(std::move(roles)) {}

    void change_roles(runtime::RoleTable roles) { roles_ = std::move(roles); }
    // Reads it, if it is another one.
    void change_tokens_file(const std::string& file);

    // nullopt: nobody's. A tokens file that was changed is read again first; one that
    // cannot be read lets nobody in, and is said once.
    [[nodiscard]] std::optional<http::Identity> identify(std::string_view token);
    // Reads the tokens file if it has changed; also at the start, so that what is wrong with it is said then.
    void refresh();

private:
    // What a changed file is recognised by.
    struct Stamp {
        std::filesystem::file_time_type time;
        std::uintmax_t bytes = 0;
        std::uintmax_t node = 0;

        friend bool operator==(const Stamp&, const Stamp&) = default;
    };
    [[nodiscard]] std::optional<Stamp> stamp() const;

    std::string tokens_file_;
    const api::ConsoleKey key_;
    runtime::RoleTable roles_;
    std::vector<config::Token> tokens_;
    std::optional<Stamp> read_;
    bool complained_ = false;
};

}  // namespace muster
