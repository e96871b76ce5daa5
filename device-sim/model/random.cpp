#include "device-sim/model/random.hpp"

namespace muster::sim {
namespace {

constexpr std::uint64_t kGoldenGamma = 0x9E3779B97F4A7C15U;

constexpr std::uint64_t mix(std::uint64_t value) noexcept {
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31U);
}

// FNV-1a.
constexpr std::uint64_t absorb(std::uint64_t hash, std::string_view text) noexcept {
    for (const char character : text) {
        hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001B3U;
    }
    return hash;
}

}  // namespace

std::uint64_t stable_number(std::uint64_t seed, std::string_view device, std::string_view purpose) noexcept {
    const std::uint64_t named = absorb(absorb(0xCBF29CE484222325U, device) * 31U, purpose);
    return mix(named ^ mix(seed + kGoldenGamma));
}

std::uint64_t Random::next() noexcept {
    state_ += kGoldenGamma;
    return mix(state_);
}

// The bias of a remainder is below 2^-40 for every bound used here.
std::uint64_t Random::below(std::uint64_t bound) noexcept {
    return next() % bound;
}

bool Random::chance(double percent) noexcept {
    if (percent <= 0) {
        return false;
    }
    constexpr double kRange = 1U << 30U;
    return static_cast<double>(next() >> 34U) * 100.0 < percent * kRange;
}

Milliseconds Random::within(const DurationRange& range) noexcept {
    if (range.most <= range.least) {
        return range.least;
    }
    const auto width = static_cast<std::uint64_t>((range.most - range.least).count()) + 1;
    return range.least + Milliseconds(static_cast<std::int64_t>(below(width)));
}

}  // namespace muster::sim
