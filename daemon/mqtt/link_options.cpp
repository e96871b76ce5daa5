#include "daemon/mqtt/link_options.hpp"

#include <fstream>
#include <string_view>
#include <utility>

namespace muster::mqtt {

namespace {

// Of MQTT: keep-alive is a two-byte number of seconds.
constexpr std::chrono::seconds kKeepAliveMost{65'535};

class Checker {
public:
    void require(bool kept, std::string_view field, std::string_view rule) {
        if (!kept) {
            broken_.push_back({std::string(field), std::string(rule)});
        }
    }

    void readable(const std::string& file, std::string_view field) {
        require(file.empty() || std::ifstream(file).get() != std::ifstream::traits_type::eof(), field,
                "cannot read \"" + file + "\", or it is empty");
    }

    void publication(const std::optional<Publication>& publication, std::string_view field) {
        if (publication) {
            require(!publication->topic.empty(), field, "has no topic");
            require(publication->qos >= 0 && publication->qos <= 2, field, "QoS has to be 0, 1 or 2");
        }
    }

    [[nodiscard]] std::vector<ErrorDetail> broken() && { return std::move(broken_); }

private:
    std::vector<ErrorDetail> broken_;
};

std::vector<BrokerUrl> check_brokers(const LinkOptions& options, Checker& checker) {
    std::vector<BrokerUrl> urls;
    checker.require(!options.brokers.empty(), "brokers", "at least one is needed");
    for (const auto& text : options.brokers) {
        if (auto url = parse_broker_url(text)) {
            urls.push_back(std::move(*url));
        } else {
            checker.require(false, "brokers", url.error().message);
        }
    }
    return urls;
}

void check_timing(const LinkOptions& options, Checker& checker) {
    checker.require(options.keep_alive >= std::chrono::seconds(1) && options.keep_alive <= kKeepAliveMost,
                    "keep_alive", "has to be from 1 to 65535 s");
    checker.require(options.connect_timeout >= std::chrono::seconds(1), "connect_timeout",
                    "has to be at least 1 s");
    checker.require(options.reconnect_least.count() > 0 && options.reconnect_least <= options.reconnect_most,
                    "reconnect_least", "has to be above zero and at most reconnect_most");
}

void check_tls(const TlsOptions& tls, Checker& checker) {
    checker.readable(tls.ca_file, "tls.ca_file");
    checker.readable(tls.certificate_file, "tls.certificate_file");
    checker.readable(tls.key_file, "tls.key_file");
    checker.require(tls.key_file.empty() || !tls.certificate_file.empty(), "tls.key_file",
                    "is of no use without certificate_file");
}

void check_messages(const LinkOptions& options, Checker& checker) {
    checker.require(options.window > 0, "window", "has to be from 1 to 65535");
    checker.require(options.password.empty() || !options.user.empty(), "password",
                    "is of no use without user");
    for (const auto& subscription : options.subscriptions) {
        checker.require(!subscription.filter.empty() && subscription.qos >= 0 && subscription.qos <= 2,
                        "subscriptions", "each needs a filter, and QoS 0, 1 or 2");
    }
    checker.publication(options.will, "will");
    checker.publication(options.birth, "birth");
}

}  // namespace

Result<std::vector<BrokerUrl>> check(const LinkOptions& options) {
    Checker checker;
    auto urls = check_brokers(options, checker);
    check_timing(options, checker);
    check_tls(options.tls, checker);
    check_messages(options, checker);
    auto broken = std::move(checker).broken();
    if (!broken.empty()) {
        std::string message = broken.front().field + ": " + broken.front().message;
        return make_error(ErrorCode::invalid, std::move(message), std::move(broken));
    }
    return urls;
}

}  // namespace muster::mqtt
