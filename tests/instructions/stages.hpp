// The fixed work whose instructions are counted, in stages: each a part of what
// one operation costs a gateway, and one the whole of it.
//
// Nothing here may depend on time, chance, threads or the machine; then the counts
// do not either.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

namespace muster::instructions {

using Work = std::function<void()>;

struct Stage {
    std::string_view name;
    std::string_view of;  // what its cost is told for one of: "operation"
    std::size_t count;    // of those
    // Makes ready what does not count, and returns what does.
    Work (*prepare)();
};

// In the order in which they are run.
[[nodiscard]] std::span<const Stage> stages();

// gateway_stage.cpp
inline constexpr std::size_t kGatewayOperations = 3'000;
[[nodiscard]] Work prepare_gateway();

}  // namespace muster::instructions
