#include "daemon/mqtt/paho_convert.hpp"

#include <mqtt/connect_options.h>
#include <mqtt/exception.h>
#include <mqtt/message.h>
#include <mqtt/token.h>

#include <array>
#include <limits>
#include <span>

namespace muster::mqtt {

namespace paho = ::mqtt;

namespace {

// What Paho 1.3 says when a broker closed the connection upon our CONNECT; the
// integration tests hold it to that.
constexpr std::string_view kClosedUponConnect = "TCP connect completion failure";
constexpr std::string_view kTimedOut = "TCP connect timeout";

// CONNACK codes of MQTT 3.1.1, section 3.2.2.3.
constexpr int kUnacceptableVersion = 1;
constexpr std::array<std::string_view, 6> kConnackTexts{"",
                                                        "Unsupported protocol version",
                                                        "Client identifier not valid",
                                                        "Server unavailable",
                                                        "Bad user name or password",
                                                        "Not authorized"};

MQTTProperty c_property(MQTTPropertyCodes code, std::string_view text) {
    MQTTProperty property{};
    property.identifier = code;
    property.value.data.data = const_cast<char*>(text.data());  // only ever copied from
    property.value.data.len = static_cast<int>(text.size());
    return property;
}

// Those of the publication, put into `room`; texts are not copied. Without a length: who copies them,
// as Paho does before it sends, counts it.
MQTTProperties list_properties(const Publication& publication, std::span<MQTTProperty> room) {
    MQTTProperties list = MQTTProperties_initializer;
    list.array = room.data();
    list.max_count = static_cast<int>(room.size());
    const auto add = [&](const MQTTProperty& property) {
        room[static_cast<std::size_t>(list.count++)] = property;
    };
    if (!publication.response_topic.empty()) {
        add(c_property(MQTTPROPERTY_CODE_RESPONSE_TOPIC, publication.response_topic));
    }
    if (!publication.correlation.empty()) {
        add(c_property(MQTTPROPERTY_CODE_CORRELATION_DATA, publication.correlation));
    }
    if (publication.expiry_seconds) {
        MQTTProperty expiry{};
        expiry.identifier = MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL;
        expiry.value.integer4 = *publication.expiry_seconds;
        add(expiry);
    }
    return list;
}

// Of an object that is not const.
MQTTProperties& struct_of(const paho::properties& properties) {
    return const_cast<MQTTProperties&>(properties.c_struct());
}

std::shared_ptr<paho::message> without_properties(const Publication& publication) {
    return std::make_shared<paho::message>(publication.topic, publication.payload.data(),
                                           publication.payload.size(), publication.qos, publication.retain);
}

std::string text_property(const paho::properties& properties, paho::property::code code) {
    return properties.contains(code) ? paho::get<std::string>(properties, code) : std::string();
}

paho::ssl_options to_ssl_options(const TlsOptions& tls) {
    paho::ssl_options ssl;
    ssl.set_trust_store(tls.ca_file);
    ssl.set_key_store(tls.certificate_file);
    ssl.set_private_key(tls.key_file);
    ssl.set_enable_server_cert_auth(true);
    ssl.set_verify(true);  // or host names are not looked at
    return ssl;
}

// The failure of a completed token, which is only to be had as an exception.
paho::exception failure_of(const paho::token& token) {
    try {
        static_cast<void>(token.get_connect_response());
    } catch (const paho::exception& failure) {
        return failure;
    }
    return paho::exception(token.get_return_code());
}

std::string describe_reason_code(int code) {
    const std::string text = paho::exception::reason_code_str(code);
    return text.empty() ? "reason " + std::to_string(code) : text;
}

std::string describe_connack(int code) {
    const bool old_style = code > 0 && static_cast<std::size_t>(code) < kConnackTexts.size();
    return old_style ? std::string(kConnackTexts[static_cast<std::size_t>(code)])
                     : describe_reason_code(code);
}

}  // namespace

std::shared_ptr<const paho::message> to_message(const Publication& publication, int mqtt_version) {
    auto message = without_properties(publication);
    if (mqtt_version == MQTTVERSION_5) {
        std::array<MQTTProperty, kMostProperties> room{};
        message->set_properties(paho::properties(list_properties(publication, room)));
    }
    return message;
}

// Paho's message would make a copy, three allocations in Paho's ledger that its receive thread has to
// take out again: a twentieth of all that musterd does for an operation.
MessageOnLoan::MessageOnLoan(const Publication& publication, int mqtt_version)
    : message_(without_properties(publication)) {
    if (mqtt_version == MQTTVERSION_5) {
        paho::properties lent;
        struct_of(lent) = list_properties(publication, properties_);
        message_->set_properties(std::move(lent));
    }
}

MessageOnLoan::~MessageOnLoan() {
    struct_of(message_->get_properties()) = MQTTProperties_initializer;  // not its own to free
    message_->set_properties(paho::properties());
}

Inbound to_inbound(const paho::message& message) {
    const auto& properties = message.get_properties();
    return Inbound{message.get_topic(), message.get_payload_str(), message.is_retained(),
                   text_property(properties, paho::property::RESPONSE_TOPIC),
                   text_property(properties, paho::property::CORRELATION_DATA)};
}

paho::connect_options to_connect_options(const LinkOptions& options, const BrokerUrl& url, int mqtt_version,
                                         bool with_will) {
    paho::connect_options result;
    result.set_mqtt_version(mqtt_version);
    if (mqtt_version == MQTTVERSION_5) {
        result.set_clean_start(true);
    } else {
        result.set_clean_session(true);
    }
    result.set_keep_alive_interval(options.keep_alive);
    result.set_connect_timeout(options.connect_timeout);
    // Out of the way: the window of this link decides (see publish_window.hpp).
    result.set_max_inflight(std::numeric_limits<std::uint16_t>::max());
    if (!options.user.empty()) {
        result.set_user_name(options.user);
        result.set_password(options.password);
    }
    if (url.tls) {
        result.set_ssl(to_ssl_options(options.tls));
    }
    if (with_will && options.will) {
        result.set_will(paho::will_options(*to_message(*options.will, mqtt_version)));
    }
    return result;
}

std::string to_paho_uri(const BrokerUrl& url) {
    const std::string address = to_string(url);
    return (url.tls ? "ssl" : "tcp") + address.substr(address.find("://"));
}

ConnectionFailure describe_connect_failure(const paho::token& token, const BrokerUrl& url, int mqtt_version) {
    const paho::exception failure = failure_of(token);
    const bool newest = mqtt_version == MQTTVERSION_5;
    const int code = failure.get_return_code();
    if (code > 0) {
        const bool unknown =
            newest && (code == kUnacceptableVersion || code == MQTTREASONCODE_UNSUPPORTED_PROTOCOL_VERSION);
        return {to_string(url) + " refused the connection: " + describe_connack(code),
                unknown ? FailureKind::version_refused : FailureKind::explained};
    }
    if (failure.get_message() == kClosedUponConnect) {
        return {to_string(url) + " closed the connection without an answer",
                newest ? FailureKind::version_refused : FailureKind::unexplained};
    }
    if (failure.get_message() == kTimedOut) {
        return {to_string(url) + " gave no answer"};
    }
    return {to_string(url) + " cannot be reached", FailureKind::unexplained};
}

std::string describe_subscribe_failure(const paho::token& token, const BrokerUrl& url) {
    if (token.get_return_code() == MQTTASYNC_OPERATION_INCOMPLETE) {
        return describe_loss(url);
    }
    const auto filters = token.get_topics();
    const std::string filter = filters && !filters->empty() ? (*filters)[0] : std::string();
    const auto code = token.get_reason_code();
    const std::string why = code == paho::ReasonCode::MQTTPP_V3_CODE ? "" : ": " + describe_reason_code(code);
    return to_string(url) + " refused the subscription to \"" + filter + "\"" + why;
}

std::string describe_loss(const BrokerUrl& url) {
    return "the connection to " + to_string(url) + " was lost";
}

ConnectionFailure describe_ending(int code, const BrokerUrl& url) {
    return {to_string(url) + " ended the connection: " + describe_reason_code(code),
            code == MQTTREASONCODE_SESSION_TAKEN_OVER ? FailureKind::taken_over : FailureKind::explained};
}

}  // namespace muster::mqtt
