#include "daemon/core/digest.hpp"

#include <sodium.h>

#include <array>
#include <charconv>
#include <cstring>
#include <limits>

namespace muster::core {
namespace {

constexpr std::size_t kDigestBytes = 16;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

// Gathers what it is given: a million parts of twenty bytes are hashed in a tenth of the calls.
struct Digest::State {
    crypto_generichash_state hash;
    std::array<char, 1024> gathered;
    std::size_t size = 0;

    void add(std::string_view text) {
        if (text.size() > gathered.size() - size) {
            flush();
        }
        if (text.size() > gathered.size()) {
            crypto_generichash_update(&hash, bytes_of(text), text.size());
            return;
        }
        std::memcpy(gathered.data() + size, text.data(), text.size());
        size += text.size();
    }
    void flush() {
        crypto_generichash_update(&hash, bytes_of({gathered.data(), size}), size);
        size = 0;
    }
};

Digest::Digest() : state_(std::make_unique<State>()) {
    crypto_generichash_init(&state_->hash, nullptr, 0, kDigestBytes);
}

Digest::~Digest() = default;

void Digest::add(std::string_view part) {
    constexpr std::size_t kDigits = std::numeric_limits<std::size_t>::digits10 + 1;
    std::array<char, kDigits + 1> length;
    auto* const end = std::to_chars(length.data(), length.data() + kDigits, part.size()).ptr;
    *end = ':';
    state_->add({length.data(), static_cast<std::size_t>(end + 1 - length.data())});
    state_->add(part);
}

std::string Digest::hex() {
    std::array<unsigned char, kDigestBytes> bytes{};
    state_->flush();
    crypto_generichash_final(&state_->hash, bytes.data(), bytes.size());
    std::string text(2 * kDigestBytes + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
    text.pop_back();
    return text;
}

std::uint64_t hash64(std::string_view text) noexcept {
    static constexpr std::array<unsigned char, crypto_shorthash_KEYBYTES> kKey{};
    std::array<unsigned char, crypto_shorthash_BYTES> bytes{};
    crypto_shorthash(bytes.data(), bytes_of(text), text.size(), kKey.data());
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

}  // namespace muster::core
