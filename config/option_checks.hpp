// What the texts among the options have to look like: the checks of the rows of
// option_table.cpp. Each says what is wrong ("is empty"), or nullopt.
//
// Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace muster::config {

// mqtt://host[:port] or mqtts://host[:port], and nothing more.
[[nodiscard]] std::optional<std::string> check_url(std::string_view text);
// A topic root as Topics::with_root takes it.
[[nodiscard]] std::optional<std::string> check_root(std::string_view text);
// A user name in the grammar of SPEC 2.1.
[[nodiscard]] std::optional<std::string> check_user(std::string_view text);
// "address:port", the address numeric (IPv6 in brackets); or empty.
[[nodiscard]] std::optional<std::string> check_listen(std::string_view text);
// A host name or numeric address, without a port.
[[nodiscard]] std::optional<std::string> check_host(std::string_view text);
// Whether only this machine reaches an address that passed check_listen.
[[nodiscard]] bool is_loopback(std::string_view listen);
// A path, or "credential:NAME" (credentials.hpp); may be empty.
[[nodiscard]] std::optional<std::string> check_file(std::string_view text);
[[nodiscard]] std::optional<std::string> check_not_empty(std::string_view text);

}  // namespace muster::config
