#include "daemon/mqtt/broker_url.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace muster::mqtt {

namespace {

constexpr std::size_t kHostLength = 253;  // of a DNS name

struct Scheme {
    std::string_view prefix;
    bool tls;
    std::uint16_t port;
};
constexpr std::array kSchemes{Scheme{"mqtt://", false, 1883}, Scheme{"mqtts://", true, 8883}};

Error refused(std::string_view text, std::string_view why) {
    return invalid({}, "broker \"" + std::string(text) + "\": " + std::string(why));
}

bool is_host_character(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '-' || character == '.' || character == '_';
}

bool is_host_name(std::string_view host) {
    const bool empty_label = host.starts_with('.') || host.find("..") != std::string_view::npos;
    return !host.empty() && host.size() <= kHostLength && !empty_label &&
           std::ranges::all_of(host, is_host_character);
}

bool is_ipv6(std::string_view host) {
    in6_addr address{};
    return ::inet_pton(AF_INET6, std::string(host).c_str(), &address) == 1;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && port != 0 && text.front() != '0' ? std::optional(port) : std::nullopt;
}

// Host and what follows it; nullopt when a bracket has no partner.
std::optional<std::pair<std::string_view, std::string_view>> split_host(std::string_view authority) {
    if (!authority.starts_with('[')) {
        const auto colon = std::min(authority.find(':'), authority.size());
        return std::pair(authority.substr(0, colon), authority.substr(colon));
    }
    const auto bracket = authority.find(']');
    if (bracket == std::string_view::npos) {
        return std::nullopt;
    }
    return std::pair(authority.substr(1, bracket - 1), authority.substr(bracket + 1));
}

}  // namespace

Result<BrokerUrl> parse_broker_url(std::string_view text) {
    const auto* scheme =
        std::ranges::find_if(kSchemes, [&](const Scheme& each) { return text.starts_with(each.prefix); });
    if (scheme == kSchemes.end()) {
        return refused(text, "has to begin with mqtt:// or mqtts://");
    }
    const auto authority = text.substr(scheme->prefix.size());
    if (authority.find('@') != std::string_view::npos) {
        return refused(text, "user and password are set apart from the address");
    }
    if (authority.find_first_of("/?#") != std::string_view::npos) {
        return refused(text, "nothing may follow host and port");
    }
    const auto parts = split_host(authority);
    if (!parts) {
        return refused(text, "\"[\" without \"]\"");
    }
    const auto [host, rest] = *parts;
    const bool bracketed = authority.starts_with('[');
    if (bracketed && scheme->tls) {
        return refused(text, "TLS needs a host name, which the broker's certificate is checked for");
    }
    if (bracketed ? !is_ipv6(host) : !is_host_name(host)) {
        return refused(text,
                       bracketed ? "not an IPv6 address in the brackets" : "not a host name or IPv4 address");
    }
    if (rest.empty()) {
        return BrokerUrl{scheme->tls, std::string(host), scheme->port};
    }
    const auto port = rest.starts_with(':') ? parse_port(rest.substr(1)) : std::nullopt;
    if (!port) {
        return refused(text, "the port has to be a number from 1 to 65535; IPv6 addresses need brackets");
    }
    return BrokerUrl{scheme->tls, std::string(host), *port};
}

std::string to_string(const BrokerUrl& url) {
    const bool ipv6 = url.host.find(':') != std::string::npos;
    return (url.tls ? "mqtts://" : "mqtt://") + (ipv6 ? "[" + url.host + "]" : url.host) + ":" +
           std::to_string(url.port);
}

}  // namespace muster::mqtt
