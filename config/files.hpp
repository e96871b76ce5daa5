// Small files that people write, read whole.
//
// Threads: callable from any.
#pragma once

#include "protocol/result.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace muster::config {

// The bytes of a file, a pipe or a device, at most `most_bytes`. Errors:
// not_found or unavailable (with the system's reason), too_large.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t most_bytes);

// A password: what the file holds without the one newline that ends it.
// Errors: as read_file; invalid when it is empty or holds a NUL.
[[nodiscard]] Result<std::string> read_password(const std::string& path);

// A user name, likewise; UTF-8 without control characters.
[[nodiscard]] Result<std::string> read_user(const std::string& path);

// A sentence if everybody on the machine may read or change the file, which is
// to be kept secret; nullopt otherwise, and when there is no such file.
[[nodiscard]] std::optional<std::string> exposed_to_others(const std::string& path);

}  // namespace muster::config
