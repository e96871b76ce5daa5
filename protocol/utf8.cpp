#include "protocol/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace muster {
namespace {

// What may follow a leading byte: how many continuation bytes, and the range
// of the first of them, which shuts out overlong forms and surrogates.
struct Sequence {
    std::size_t more;
    unsigned char least;
    unsigned char most;
};

constexpr Sequence kWrong{0, 1, 0};

constexpr Sequence sequence_of(unsigned char lead) {
    if (lead < 0x80) {
        return lead == 0 ? kWrong : Sequence{0, 0, 0};
    }
    if (lead < 0xC2 || lead > 0xF4) {
        return kWrong;
    }
    if (lead < 0xE0) {
        return {1, 0x80, 0xBF};
    }
    if (lead < 0xF0) {
        return {2, static_cast<unsigned char>(lead == 0xE0 ? 0xA0 : 0x80),
                static_cast<unsigned char>(lead == 0xED ? 0x9F : 0xBF)};
    }
    return {3, static_cast<unsigned char>(lead == 0xF0 ? 0x90 : 0x80),
            static_cast<unsigned char>(lead == 0xF4 ? 0x8F : 0xBF)};
}

// Length of the character at the front of `bytes`, which is not empty; 0: none begins there.
std::size_t character_length(std::string_view bytes) {
    const auto byte = [bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const Sequence sequence = sequence_of(byte(0));
    if (sequence.least > sequence.most || sequence.more >= bytes.size()) {
        return 0;
    }
    for (std::size_t k = 1; k <= sequence.more; ++k) {
        const unsigned char least = k == 1 ? sequence.least : 0x80;
        const unsigned char most = k == 1 ? sequence.most : 0xBF;
        if (byte(k) < least || byte(k) > most) {
            return 0;
        }
    }
    return sequence.more + 1;
}

struct Range {
    char32_t first;
    char32_t last;
};
constexpr std::array<Range, 7> kUnprintable{{{0x0000, 0x001F},
                                             {0x007F, 0x009F},
                                             {0x061C, 0x061C},
                                             {0x200B, 0x200F},
                                             {0x2028, 0x202E},
                                             {0x2060, 0x206F},
                                             {0xFEFF, 0xFEFF}}};

}  // namespace

bool is_text(std::string_view bytes) noexcept {
    while (!bytes.empty()) {
        const std::size_t length = character_length(bytes);
        if (length == 0) {
            return false;
        }
        bytes.remove_prefix(length);
    }
    return true;
}

char32_t take_character(std::string_view& rest) noexcept {
    const auto byte = [&rest](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
    const std::size_t length = character_length(rest);
    if (length <= 1) {
        const char32_t character = length == 1 || byte(0) == 0 ? byte(0) : kReplacementCharacter;
        rest.remove_prefix(1);
        return character;
    }
    char32_t character = byte(0) & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) {
        character = (character << 6U) | (byte(k) & 0x3FU);
    }
    rest.remove_prefix(length);
    return character;
}

bool is_unprintable(char32_t character) noexcept {
    return std::ranges::any_of(kUnprintable, [character](Range range) {
        return character >= range.first && character <= range.last;
    });
}

}  // namespace muster
