// A gateway that is given some messages and stopped, all on one thread: what
// it published, and what its store then holds. The store begins with three
// devices of "fridge" (d00001 to d00003), two of them online, and with job 1,
// running on them.
//
// Threads: one.
#pragma once

#include "daemon/mqtt/link.hpp"
#include "daemon/runtime/gateway.hpp"
#include "daemon/store/memory_store.hpp"

#include <vector>

namespace muster::fuzz {

struct Aftermath {
    Result<void> ended;
    std::vector<mqtt::Publication> published;
    store::MemoryStore store;
};

// anna is an admin, olga an operator, vera a viewer; the others are nobody.
[[nodiscard]] runtime::RoleTable roles();
[[nodiscard]] Aftermath run_gateway(const std::vector<mqtt::Inbound>& messages);

}  // namespace muster::fuzz
