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

struct Stage {
    std::string_view name;
    std::string_view of;  // what its cost is told for one of: "operation"
    std::size_t count;    // of those
    // Makes ready what does not count, and returns what does.
    std::function<void()> (*prepare)();
};

// In the order in which they are run.
[[nodiscard]] std::span<const Stage> stages();

[[nodiscard]] std::function<void()> prepare_topics();
[[nodiscard]] std::function<void()> prepare_codec();
[[nodiscard]] std::function<void()> prepare_step();
[[nodiscard]] std::function<void()> prepare_store();
[[nodiscard]] std::function<void()> prepare_gateway();
[[nodiscard]] std::function<void()> prepare_query();
[[nodiscard]] std::function<void()> prepare_page();

inline constexpr std::size_t kOperations = 5'000;
inline constexpr std::size_t kMessages = 2'000;  // of the stages that only read and write them
inline constexpr std::size_t kDevices = 2'000;   // of those that look at the fleet
inline constexpr std::size_t kRows = 2'000;      // of a page

}  // namespace muster::instructions
