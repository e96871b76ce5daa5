#include "daemon/http/downloads.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace muster::http {

std::string Downloads::add(Download download) {
    if (open_.size() >= kMost) {
        open_.erase(
            std::ranges::min_element(open_, {}, [](const auto& entry) { return entry.second.expires; }));
    }
    std::array<unsigned char, 24> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    constexpr auto kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string secret(sodium_base64_ENCODED_LEN(bytes.size(), kVariant), '\0');
    sodium_bin2base64(secret.data(), secret.size(), bytes.data(), bytes.size(), kVariant);
    secret.pop_back();  // the NUL
    open_.emplace(secret, std::move(download));
    return secret;
}

std::optional<Download> Downloads::take(const std::string& secret, TimePoint now) {
    const auto found = open_.find(secret);
    if (found == open_.end()) {
        return std::nullopt;
    }
    auto download = std::move(found->second);
    open_.erase(found);
    return now < download.expires ? std::optional(std::move(download)) : std::nullopt;
}

}  // namespace muster::http
