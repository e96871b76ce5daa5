#include "config/option_checks.hpp"

#include "protocol/ids.hpp"
#include "protocol/limits.hpp"
#include "protocol/topics.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

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

std::optional<std::string> check_root(std::string_view text) {
    const Result<Topics> topics = Topics::with_root(text);
    return topics ? std::nullopt : std::optional("is refused: " + topics.error().message);
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
