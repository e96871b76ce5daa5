// The last operations that a device began to execute or refused, oldest
// forgotten first: what makes a repeat harmless (SPEC 5.10).
//
// Threads: owned by one device.
#pragma once

#include "protocol/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace muster::sim {

// How an operation ends, and when. `message` lives for ever: every sentence a
// simulated device can say is a constant.
struct Verdict {
    int code = 200;
    std::string_view message;
    TimePoint due{};  // at work until then
};

class RememberedOperations {
public:
    // 0: remembers nothing.
    explicit RememberedOperations(std::uint16_t capacity) noexcept : capacity_(capacity) {}

    // nullptr when not remembered; valid until the next remember() or forget().
    [[nodiscard]] const Verdict* find(std::string_view id) const noexcept;
    void remember(std::string_view id, Verdict verdict);
    void forget() noexcept;

private:
    struct Entry {
        std::string id;
        Verdict verdict;
    };
    std::vector<Entry> entries_;  // grows to capacity_, then is used round and round
    std::uint16_t capacity_;
    std::uint16_t oldest_ = 0;
};

}  // namespace muster::sim
