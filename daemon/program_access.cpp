#include "daemon/program_access.hpp"

#include "daemon/runtime/log.hpp"

#include <algorithm>
#include <sys/stat.h>

namespace muster {

api::Role to_api_role(config::Role role) {
    switch (role) {
        case config::Role::none:
            return api::Role::none;
        case config::Role::viewer:
            return api::Role::viewer;
        case config::Role::operator_role:
            return api::Role::operator_;
        case config::Role::admin:
            return api::Role::admin;
    }
    return api::Role::none;
}

std::optional<http::Identity> ProgramAccess::identify(std::string_view token) {
    if (token.empty()) {
        return std::nullopt;
    }
    const auto now = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    if (auto user = api::user_of_console_token(key_, token, now)) {
        const auto role = roles_.of(*user);
        return http::Identity{std::move(*user), role};
    }
    refresh();
    const auto found = std::ranges::find(tokens_, config::hash_of_token(token), &config::Token::hash);
    if (found == tokens_.end()) {
        return std::nullopt;
    }
    return http::Identity{found->name, to_api_role(found->role)};
}

void ProgramAccess::change_tokens_file(const std::string& file) {
    if (file != tokens_file_) {
        tokens_file_ = file;
        tokens_.clear();
        read_.reset();
        complained_ = false;
        refresh();
    }
}

std::optional<ProgramAccess::Stamp> ProgramAccess::stamp() const {
    struct stat status {};
    std::error_code error;
    const auto time = std::filesystem::last_write_time(tokens_file_, error);
    if (error || ::stat(tokens_file_.c_str(), &status) != 0) {
        return std::nullopt;
    }
    return Stamp{time, static_cast<std::uintmax_t>(status.st_size), status.st_ino};
}

void ProgramAccess::refresh() {
    if (tokens_file_.empty()) {
        return;
    }
    const auto now = stamp();
    if (now && now == read_) {
        return;
    }
    auto read = config::read_tokens(tokens_file_);
    if (read) {
        tokens_ = std::move(read).value();
        read_ = now;
        complained_ = false;
        runtime::log(runtime::LogLevel::info, "tokens_read",
                     {{"name", tokens_file_}, {"tokens", std::to_string(tokens_.size())}});
        return;
    }
    tokens_.clear();
    read_.reset();
    if (!complained_) {
        complained_ = true;
        const auto error = read.error();
        runtime::log(runtime::LogLevel::error, "tokens_not_read",
                     {{"name", tokens_file_}, {"text", error.message}});
        for (const auto& detail : error.details) {
            runtime::log(runtime::LogLevel::error, "tokens_mistake",
                         {{"name", detail.field}, {"text", detail.message}});
        }
    }
}

}  // namespace muster
