// A device's place in the memory of the registry, and sets of such places.
//
// Threads: plain values.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace muster::core {

enum class DeviceIndex : std::uint32_t {};

// A set of devices, one bit each. Those beyond its end are not in it.
class DeviceBits {
public:
    using Word = std::uint64_t;
    static constexpr std::size_t kWordBits = 64;

    [[nodiscard]] bool has(DeviceIndex index) const noexcept {
        const auto at = static_cast<std::size_t>(index);
        return at / kWordBits < words_.size() && ((words_[at / kWordBits] >> (at % kWordBits)) & 1U) != 0;
    }
    void put(DeviceIndex index, bool in) {
        const auto at = static_cast<std::size_t>(index);
        if (at / kWordBits >= words_.size()) {
            if (!in) {
                return;
            }
            words_.resize(at / kWordBits + 1);
        }
        const auto bit = Word{1} << (at % kWordBits);
        auto& word = words_[at / kWordBits];
        word = in ? word | bit : word & ~bit;
    }
    // Its devices numbered 64 * `number` and on.
    [[nodiscard]] Word word(std::size_t number) const noexcept {
        return number < words_.size() ? words_[number] : 0;
    }
    // How many are in both.
    [[nodiscard]] std::size_t common(const DeviceBits& other) const noexcept {
        std::size_t sum = 0;
        for (std::size_t i = 0; i < words_.size(); ++i) {
            sum += static_cast<std::size_t>(std::popcount(words_[i] & other.word(i)));
        }
        return sum;
    }

private:
    std::vector<Word> words_;
};

}  // namespace muster::core
