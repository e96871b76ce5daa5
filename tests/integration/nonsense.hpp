// Everything that the attacker of flood_test sends, by number: the same from
// the same seed.
//
// Threads: one.
#pragma once

#include "tests/integration/attacker.hpp"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace muster::test {

// What a terminal would obey, or hide: a title, a cleared screen, blinking, C1, text turned around.
inline constexpr const char* kTerminalEscapes =
    "\x1b]0;owned\x07\x1b[2J\x1b[5m\xc2\x9b"
    "8m\u202Ednuor";

class NonsenseMaker {
public:
    // `acks` are genuine ones, to be said again by other devices.
    NonsenseMaker(std::uint64_t seed, std::vector<std::string> acks);

    [[nodiscard]] Nonsense make(std::size_t number);

private:
    [[nodiscard]] std::size_t below(std::size_t bound);
    [[nodiscard]] std::string bytes(std::size_t most);
    // A topic of a device of the fleet.
    [[nodiscard]] std::string device_topic(const std::string& kind);
    [[nodiscard]] Nonsense malformed();
    [[nodiscard]] Nonsense absurd_topic();
    [[nodiscard]] Nonsense oversized();
    [[nodiscard]] Nonsense foreign();
    [[nodiscard]] Nonsense unknown_device(std::size_t number);
    [[nodiscard]] Nonsense request();

    std::mt19937_64 engine_;
    std::vector<std::string> acks_;
};

}  // namespace muster::test
