#include "protocol/utf8.hpp"

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

}  // namespace

bool is_text(std::string_view bytes) noexcept {
    const auto byte = [bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const Sequence sequence = sequence_of(byte(i));
        if (sequence.least > sequence.most || sequence.more >= bytes.size() - i) {
            return false;
        }
        for (std::size_t k = 1; k <= sequence.more; ++k) {
            const unsigned char least = k == 1 ? sequence.least : 0x80;
            const unsigned char most = k == 1 ? sequence.most : 0xBF;
            if (byte(i + k) < least || byte(i + k) > most) {
                return false;
            }
        }
        i += sequence.more;
    }
    return true;
}

}  // namespace muster
