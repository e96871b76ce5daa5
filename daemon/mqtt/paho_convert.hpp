// Between the values of link.hpp and those of Paho, and Paho's failures in sentences.
//
// Threads: pure functions. Nothing here may be called before the first Paho
// client exists: Paho's properties live on a heap that it sets up then.
#pragma once

#include "daemon/mqtt/connection_failure.hpp"
#include "daemon/mqtt/link.hpp"
#include "daemon/mqtt/link_options.hpp"

#include <mqtt/message.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace mqtt {
class connect_options;
class token;
}  // namespace mqtt

namespace muster::mqtt {

// Properties are left out for version 4.
[[nodiscard]] std::shared_ptr<const ::mqtt::message> to_message(const Publication& publication,
                                                                int mqtt_version);

// That a publication can have.
inline constexpr std::size_t kMostProperties = 3;

// The same for one publish(), which makes a copy of the properties by itself: while this lives, the
// message has those that stand in `publication`, and none afterwards.
class MessageOnLoan {
public:
    MessageOnLoan(const Publication& publication, int mqtt_version);
    ~MessageOnLoan();
    MessageOnLoan(const MessageOnLoan&) = delete;
    MessageOnLoan& operator=(const MessageOnLoan&) = delete;

    [[nodiscard]] std::shared_ptr<const ::mqtt::message> get() const { return message_; }

private:
    std::array<MQTTProperty, kMostProperties> properties_;
    std::shared_ptr<::mqtt::message> message_;
};
[[nodiscard]] Inbound to_inbound(const ::mqtt::message& message);

// Without CONNECT properties, which would not survive the return (a copy
// points to those of the original). The will goes in if `with_will`.
[[nodiscard]] ::mqtt::connect_options to_connect_options(const LinkOptions& options, const BrokerUrl& url,
                                                         int mqtt_version, bool with_will);
// As Paho writes it: "ssl://broker.example:8883".
[[nodiscard]] std::string to_paho_uri(const BrokerUrl& url);

// `token` is of a connect() that has failed.
[[nodiscard]] ConnectionFailure describe_connect_failure(const ::mqtt::token& token, const BrokerUrl& url,
                                                         int mqtt_version);
// Names the filter. `token` is of a subscribe() that has failed.
[[nodiscard]] std::string describe_subscribe_failure(const ::mqtt::token& token, const BrokerUrl& url);
[[nodiscard]] std::string describe_loss(const BrokerUrl& url);
// The broker's DISCONNECT, with an MQTT 5 reason code.
[[nodiscard]] ConnectionFailure describe_ending(int code, const BrokerUrl& url);

}  // namespace muster::mqtt
