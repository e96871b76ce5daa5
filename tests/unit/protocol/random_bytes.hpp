// Random input for the property tests of the wire. The seed is MUSTER_TEST_SEED
// if that is set, and is printed with every failure by INFO(random.seed()).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

namespace muster::test {

class RandomBytes {
public:
    RandomBytes() : seed_(chosen_seed()), engine_(seed_) {}

    [[nodiscard]] std::string seed() const { return "MUSTER_TEST_SEED=" + std::to_string(seed_); }

    std::size_t below(std::size_t bound) {
        return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_);
    }

    std::string bytes(std::size_t most) {
        std::string text(below(most + 1), '\0');
        for (char& c : text) {
            c = static_cast<char>(below(256));
        }
        return text;
    }

    std::string from(std::string_view alphabet, std::size_t most) {
        std::string text(below(most + 1), '\0');
        for (char& c : text) {
            c = alphabet[below(alphabet.size())];
        }
        return text;
    }

    // `text` with one to eight bytes changed, dropped, doubled or put in.
    std::string mutated(std::string text) {
        for (std::size_t left = below(8) + 1; left > 0 && !text.empty(); --left) {
            const std::size_t at = below(text.size());
            switch (below(4)) {
                case 0:
                    text[at] = static_cast<char>(below(256));
                    break;
                case 1:
                    text.erase(at, below(8) + 1);
                    break;
                case 2:
                    text.insert(at, text.substr(at, below(32) + 1));
                    break;
                default:
                    text.insert(at, 1, "{}[]\",:0189.-eE\\u"[below(17)]);
                    break;
            }
        }
        return text;
    }

private:
    static std::uint64_t chosen_seed() {
        const char* given = std::getenv("MUSTER_TEST_SEED");
        return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    }

    std::uint64_t seed_;
    std::mt19937_64 engine_;
};

}  // namespace muster::test
