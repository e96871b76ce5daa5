// Devices as rows of a list.
//
// Threads: pure function.
#pragma once

#include "daemon/cli/paging.hpp"

namespace muster::cli {

[[nodiscard]] ListView device_list_view(TimePoint now);

}  // namespace muster::cli
