// What a failed call on one of the store's files means for the caller.
//
// Threads: a pure function but for errno.
#pragma once

#include "protocol/result.hpp"

#include <string>
#include <string_view>

namespace muster::store::sqlite {

// Of errno: "PATH: cannot be WHAT: CAUSE", and what to do where that is known.
// unavailable when there is no space, else internal.
[[nodiscard]] Error file_error(const std::string& path, std::string_view what);

// Whether errno says that a disk, or somebody's share of it, is full.
[[nodiscard]] bool is_no_space(int error) noexcept;

// What to do, ": …", for a cause that a person can mend; else "".
[[nodiscard]] std::string_view advice(int error) noexcept;

// What to do with a store of this file that is damaged.
[[nodiscard]] std::string restore_advice(const std::string& path);

}  // namespace muster::store::sqlite
