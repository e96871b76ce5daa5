#include "daemon/core/digest.hpp"

#include <sodium.h>

#include <array>
#include <cstring>

namespace muster::core {
namespace {

constexpr std::size_t kDigestBytes = 16;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

struct Digest::State {
    crypto_generichash_state hash;
};

Digest::Digest() : state_(std::make_unique<State>()) {
    crypto_generichash_init(&state_->hash, nullptr, 0, kDigestBytes);
}

Digest::~Digest() = default;

void Digest::add(std::string_view part) {
    const auto length = std::to_string(part.size()) + ":";
    crypto_generichash_update(&state_->hash, bytes_of(length), length.size());
    crypto_generichash_update(&state_->hash, bytes_of(part), part.size());
}

std::string Digest::hex() {
    std::array<unsigned char, kDigestBytes> bytes{};
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
