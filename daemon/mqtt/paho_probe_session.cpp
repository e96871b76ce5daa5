#include "daemon/mqtt/paho_probe_session.hpp"

#include "daemon/mqtt/paho_convert.hpp"

#include <mqtt/async_client.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace muster::mqtt {

namespace paho = ::mqtt;

namespace {

using Clock = std::chrono::steady_clock;

// More than any question is answered with; what is beyond it is dropped.
constexpr std::size_t kMessagesMost = 1'000;
// Reason codes and SUBACK codes from here on are refusals.
constexpr int kRefusal = 0x80;

class PahoProbeSession final : public ProbeSession {
public:
    PahoProbeSession(const ProbeOptions& options, int mqtt_version)
        : limit_(options.limit), client_(to_paho_uri(options.url), "", paho::create_options(mqtt_version)) {
        greeting_.mqtt_version = mqtt_version;
        client_.set_message_callback([this](const paho::const_message_ptr& message) { arrived(message); });
    }
    ~PahoProbeSession() override { disconnect(); }
    PahoProbeSession(const PahoProbeSession&) = delete;
    PahoProbeSession& operator=(const PahoProbeSession&) = delete;

    // nullopt: connected.
    std::optional<ConnectionFailure> connect(const ProbeOptions& options);

    Greeting greeting() const override { return greeting_; }
    ProbeAnswer publish(const Publication& publication) override {
        return ask([&] { return client_.publish(to_message(publication, greeting_.mqtt_version)); });
    }
    ProbeAnswer subscribe(const std::string& filter) override {
        return ask([&] { return client_.subscribe(filter, 0); });
    }
    std::optional<Inbound> receive(Clock::time_point deadline) override {
        std::unique_lock lock(mutex_);
        if (!filled_.wait_until(lock, deadline, [this] { return !messages_.empty(); })) {
            return std::nullopt;
        }
        auto message = std::move(messages_.front());
        messages_.pop_front();
        return message;
    }

private:
    // Called by Paho's threads.
    void arrived(const paho::const_message_ptr& message) noexcept;
    void disconnect() noexcept;

    template <class Action>
    ProbeAnswer ask(Action action) {
        try {
            const paho::token_ptr token = action();
            if (!token->wait_for(limit_)) {
                return ProbeAnswer::unknown;
            }
            return int{token->get_reason_code()} >= kRefusal || token->get_return_code() >= kRefusal
                       ? ProbeAnswer::denied
                       : ProbeAnswer::yes;
        } catch (const paho::exception& failure) {
            const bool refused =
                failure.get_reason_code() >= kRefusal || failure.get_return_code() >= kRefusal;
            return refused ? ProbeAnswer::denied : ProbeAnswer::unknown;
        }
    }

    const std::chrono::milliseconds limit_;
    Greeting greeting_;
    std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<Inbound> messages_;
    paho::async_client client_;
};

std::optional<ConnectionFailure> PahoProbeSession::connect(const ProbeOptions& options) {
    LinkOptions link;
    link.user = options.user;
    link.password = options.password;
    link.tls = options.tls;
    link.connect_timeout = std::max(std::chrono::ceil<std::chrono::seconds>(limit_), std::chrono::seconds(1));
    paho::token_ptr token;
    try {
        token = client_.connect(to_connect_options(link, options.url, greeting_.mqtt_version, false));
        if (!token->wait_for(limit_)) {
            return ConnectionFailure{to_string(options.url) + " gave no answer"};
        }
        const auto response = token->get_connect_response();
        const auto& properties = response.get_properties();
        if (properties.contains(paho::property::RECEIVE_MAXIMUM)) {
            greeting_.receive_maximum = paho::get<std::uint16_t>(properties, paho::property::RECEIVE_MAXIMUM);
        }
        return std::nullopt;
    } catch (const paho::exception& failure) {
        return token ? describe_connect_failure(*token, options.url, greeting_.mqtt_version)
                     : ConnectionFailure{to_string(options.url) + " cannot be reached: " + failure.what()};
    }
}

void PahoProbeSession::arrived(const paho::const_message_ptr& message) noexcept {
    try {
        const std::lock_guard lock(mutex_);
        if (messages_.size() < kMessagesMost) {
            messages_.push_back(to_inbound(*message));
            filled_.notify_one();
        }
    } catch (...) {
        // Out of memory: the message is lost, and an exception that left this would end the process.
    }
}

void PahoProbeSession::disconnect() noexcept {
    try {
        if (client_.is_connected()) {
            client_.disconnect()->wait_for(limit_);
        }
        client_.disable_callbacks();
    } catch (...) {
        // It was lost meanwhile.
    }
}

}  // namespace

void throw_exception_from_error(const ProbeFailure& failure, const boost::source_location&) {
    throw std::runtime_error(failure.reason);
}

OpenedProbe open_paho_probe(const ProbeOptions& options) {
    if (const auto fault = probe_broker(options.url, options.tls, options.limit)) {
        return ProbeFailure{fault->stage, fault->text};
    }
    if (std::getenv("MQTT_C_CLIENT_TRACE") == nullptr) {
        MQTTAsync_setTraceLevel(MQTTASYNC_TRACE_ERROR);
    }
    std::optional<ConnectionFailure> failure;
    for (const int version : {MQTTVERSION_5, MQTTVERSION_3_1_1}) {
        auto session = std::make_unique<PahoProbeSession>(options, version);
        failure = session->connect(options);
        if (!failure) {
            return std::unique_ptr<ProbeSession>(std::move(session));
        }
        if (failure->kind != FailureKind::version_refused) {
            break;
        }
    }
    return ProbeFailure{PathStage::login, failure->reason};
}

}  // namespace muster::mqtt
