#include "daemon/api/console_token.hpp"

#include "protocol/ids.hpp"
#include "protocol/limits.hpp"
#include "protocol/result.hpp"

#include <sodium.h>

#include <charconv>

namespace muster::api {
namespace {

constexpr std::string_view kPrefix = "mc1.";
constexpr std::string_view kPurpose = "muster console token";

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string mac_of(const ConsoleKey& key, std::string_view text) {
    std::array<unsigned char, crypto_auth_BYTES> mac{};
    crypto_auth(mac.data(), bytes_of(text), text.size(), key.data());
    constexpr auto kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string encoded(sodium_base64_ENCODED_LEN(crypto_auth_BYTES, kVariant), '\0');
    sodium_bin2base64(encoded.data(), encoded.size(), mac.data(), mac.size(), kVariant);
    encoded.pop_back();  // the NUL
    return encoded;
}

}  // namespace

ConsoleKey console_key(const std::array<std::uint8_t, 16>& gateway_key) {
    static_assert(crypto_auth_KEYBYTES == sizeof(ConsoleKey));
    ConsoleKey key{};
    crypto_generichash(key.data(), key.size(), bytes_of(kPurpose), kPurpose.size(), gateway_key.data(),
                       gateway_key.size());
    return key;
}

std::string make_console_token(const ConsoleKey& key, std::string_view user, TimePoint expires) {
    const auto seconds = std::chrono::floor<Seconds>(expires.time_since_epoch()).count();
    auto text = std::string(kPrefix).append(user).append(".").append(std::to_string(seconds));
    return text + '.' + mac_of(key, text);
}

std::optional<std::string> user_of_console_token(const ConsoleKey& key, std::string_view token,
                                                 TimePoint now) {
    const auto mac_at = token.rfind('.');
    if (!token.starts_with(kPrefix) || mac_at == std::string_view::npos || mac_at < kPrefix.size()) {
        return std::nullopt;
    }
    const auto text = token.substr(0, mac_at);
    const auto mac = token.substr(mac_at + 1);
    const auto expected = mac_of(key, text);
    if (mac.size() != expected.size() || sodium_memcmp(mac.data(), expected.data(), mac.size()) != 0) {
        return std::nullopt;
    }
    // Ours: it is as make_console_token() made it.
    const auto expiry_at = text.rfind('.') + 1;
    std::int64_t seconds = 0;
    std::from_chars(text.data() + expiry_at, text.data() + text.size(), seconds);
    if (now >= TimePoint{Seconds(seconds)}) {
        return std::nullopt;
    }
    return std::string(text.substr(kPrefix.size(), expiry_at - 1 - kPrefix.size()));
}

}  // namespace muster::api
