#include "config/option_checks.hpp"

#include "config/credentials.hpp"
#include "protocol/ids.hpp"
#include "protocol/limits.hpp"
#include "protocol/topics.hpp"

#include <boost/url/authority_view.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

#include <charconv>
#include <cstdint>

namespace muster::config {

std::optional<std::string> check_url(std::string_view text) {
    const auto url = boost::urls::parse_uri({text.data(), text.size()});
    if (!url || (url->scheme() != "mqtt" && url->scheme() != "mqtts") || url->host().empty()) {
        return "is not a broker's address: mqtt://host[:1883] or mqtts://host[:8883]";
    }
    if (url->has_userinfo()) {
        return "holds a user name: that belongs in broker.user, the password in a file";
    }
    if (url->has_port() && url->port_number() == 0) {
        return "has a port that does not exist; 1 to 65535 is allowed";
    }
    if (!url->encoded_path().empty() || url->has_query() || url->has_fragment()) {
        return "has more than a host and a port";
    }
    return std::nullopt;
}

namespace {

// 0 is for any that is free.
bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && stop == text.data() + text.size();
}

// "127.0.0.1:80" is the authority of a URL.
auto parse_listen(std::string_view text) {
    return boost::urls::parse_authority({text.data(), text.size()});
}

}  // namespace

std::optional<std::string> check_listen(std::string_view text) {
    if (text.empty()) {
        return std::nullopt;
    }
    const auto authority = parse_listen(text);
    if (!authority || !authority->has_port() || authority->port().empty() || authority->has_userinfo() ||
        !is_port({authority->port().data(), authority->port().size()}) ||
        (authority->host_type() != boost::urls::host_type::ipv4 &&
         authority->host_type() != boost::urls::host_type::ipv6)) {
        return "is not a numeric address with a port, such as 127.0.0.1:8620 or [::1]:8620";
    }
    return std::nullopt;
}

bool is_loopback(std::string_view listen) {
    const auto authority = parse_listen(listen);
    return authority && ((authority->host_type() == boost::urls::host_type::ipv4 &&
                          authority->host_ipv4_address().is_loopback()) ||
                         (authority->host_type() == boost::urls::host_type::ipv6 &&
                          authority->host_ipv6_address().is_loopback()));
}

std::optional<std::string> check_host(std::string_view text) {
    const auto authority = boost::urls::parse_authority({text.data(), text.size()});
    if (!authority || authority->host().empty() || authority->has_port() || authority->has_userinfo()) {
        return "is not a host name or address";
    }
    return std::nullopt;
}

std::optional<std::string> check_root(std::string_view text) {
    const Result<Topics> topics = Topics::with_root(text);
    return topics ? std::nullopt : std::optional("is refused: " + topics.error().message);
}

std::optional<std::string> check_file(std::string_view text) {
    const auto name = credential_name(text);
    return !name || is_credential_name(*name)
               ? std::nullopt
               : std::optional<std::string>(
                     "does not name a credential: credential: and up to 255 letters, "
                     "digits, and characters of .-_@ are expected");
}

std::optional<std::string> check_not_empty(std::string_view text) {
    return text.empty() ? std::optional<std::string>("is empty") : std::nullopt;
}

std::optional<std::string> check_user(std::string_view text) {
    if (is_plain_name(text, limits::kUserNameLength)) {
        return std::nullopt;
    }
    return fmt::format("is not a user name: up to {} letters, digits, _ and -, the first a letter or digit",
                       limits::kUserNameLength);
}

}  // namespace muster::config
