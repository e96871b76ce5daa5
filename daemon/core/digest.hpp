// Hashes that are the same on every machine and after every restart.
//
// Threads: plain values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace muster::core {

// BLAKE2b, 128 bits, over parts; each part is separated from the next.
class Digest {
public:
    Digest();
    ~Digest();
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;

    void add(std::string_view part);
    // 32 hex digits; nothing may be added after it.
    [[nodiscard]] std::string hex();

private:
    struct State;
    std::unique_ptr<State> state_;
};

// 64 bits of SipHash-2-4 with a fixed key: to compare, not to protect.
[[nodiscard]] std::uint64_t hash64(std::string_view text) noexcept;

}  // namespace muster::core
