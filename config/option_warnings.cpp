#include "config/option_warnings.hpp"

#include "config/files.hpp"
#include "config/option_checks.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

#include <unistd.h>
#include <utility>

namespace muster::config {
namespace {

using Warnings = std::vector<OptionWarning>;

bool is_of_this_machine(const boost::urls::url_view& url) {
    return url.host() == "localhost" || url.host() == "::1" || url.host() == "[::1]" ||
           (url.host_type() == boost::urls::host_type::ipv4 && url.host_ipv4_address().is_loopback()) ||
           (url.host_type() == boost::urls::host_type::ipv6 && url.host_ipv6_address().is_loopback());
}

void check_secrets(const DaemonOptions& options, Warnings& found) {
    const std::pair<const char*, const std::string&> files[] = {
        {"broker.password_file", options.broker.password_file},
        {"broker.key_file", options.broker.key_file},
        {"http.key_file", options.http.key_file}};
    for (const auto& [key, path] : files) {
        if (const auto exposed = exposed_to_others(path)) {
            found.push_back({key, *exposed, fmt::format("Take it from others:\nchmod o= {}", path)});
        }
    }
}

void check_roles(const DaemonOptions& options, Warnings& found) {
    if (options.default_role != Role::none) {
        found.push_back({"default_role",
                         fmt::format("every user of the broker, devices too, has the role {}",
                                     to_string(options.default_role)),
                         "set default_role: none in musterd.yaml and name who may do what under roles"});
    } else if (options.roles.empty()) {
        found.push_back({"roles", "no user of the broker may do anything",
                         "name them in musterd.yaml, such as roles: {anna: admin}"});
    }
}

void check_broker(const BrokerOptions& broker, Warnings& found) {
    for (const auto& text : broker.urls) {
        const auto url = boost::urls::parse_uri(text);
        if (url && url->scheme() == "mqtt" && !is_of_this_machine(*url)) {
            found.push_back({"broker.urls",
                             fmt::format("without TLS{} and every operation can be read and forged on "
                                         "the way to {}",
                                         broker.user.empty() ? "" : " the password", text),
                             "use mqtts:// and broker.ca_file"});
        }
    }
    if (broker.user.empty() && broker.certificate_file.empty()) {
        found.push_back({"broker.client_id",
                         fmt::format("musterd logs in as nobody, with the client id {}: whoever may connect "
                                     "with that id throws it off",
                                     broker.client_id),
                         "give musterd a user of its own: broker.user and broker.password_file"});
    }
}

void check_http(const HttpOptions& http, Warnings& found) {
    const bool open = !http.listen.empty() && !is_loopback(http.listen);
    if (open && http.certificate_file.empty()) {
        found.push_back(
            {"http.listen",
             fmt::format("{} is served without TLS: tokens can be read on the network", http.listen),
             "set http.certificate_file and http.key_file, or listen on 127.0.0.1:8620"});
    }
    if (open && http.metrics == MetricsAccess::everyone) {
        found.push_back({"http.metrics", "everybody on the network may read the metrics",
                         "set http.metrics: token and give Prometheus one:\nmuster token new prometheus "
                         "--role viewer -f FILE"});
    }
    if (!http.tokens_file.empty() && ::access(http.tokens_file.c_str(), R_OK) != 0) {
        found.push_back(
            {"http.tokens_file",
             fmt::format("{} is not there or cannot be read: no token lets anybody in", http.tokens_file),
             fmt::format("Make one:\nmuster token new NAME --role viewer -f {}", http.tokens_file)});
    }
}

}  // namespace

std::vector<OptionWarning> warnings(const DaemonOptions& options) {
    Warnings found;
    check_secrets(options, found);
    check_roles(options, found);
    check_broker(options.broker, found);
    check_http(options.http, found);
    return found;
}

}  // namespace muster::config
