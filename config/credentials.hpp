// Files that systemd hands to musterd as credentials: in every key that ends in
// _file, "credential:NAME" stands for the credential of that name, a file in the
// folder that systemd tells in CREDENTIALS_DIRECTORY.
//
// Threads: pure functions but for looking whether the files are there.
#pragma once

#include "config/daemon_options.hpp"
#include "protocol/result.hpp"

#include <optional>
#include <string_view>

namespace muster::config {

// "password" of "credential:password"; nullopt: a path.
[[nodiscard]] std::optional<std::string_view> credential_name(std::string_view file) noexcept;
// As LoadCredential= takes it, and fit for a file's name.
[[nodiscard]] bool is_credential_name(std::string_view name) noexcept;

// The options with paths in the place of credentials. `directory` is CREDENTIALS_DIRECTORY; null or
// empty: there is none. Error: not_found, every key whose credential is not there in the details.
[[nodiscard]] Result<DaemonOptions> with_credentials(DaemonOptions options, const char* directory);

}  // namespace muster::config
