#include "daemon/mqtt/paho_connection.hpp"

#include "daemon/mqtt/paho_convert.hpp"
#include "daemon/mqtt/publish_window.hpp"
#include "protocol/limits.hpp"

#include <mqtt/async_client.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <limits>
#include <utility>

namespace muster::mqtt {

namespace paho = ::mqtt;

namespace {

// Publishes at QoS 0 that Paho has not written to the socket yet.
constexpr std::uint32_t kUnwrittenMost = 1000;
// The largest request, and room for its topic and properties. Brokers with
// MQTT 5 keep larger messages from us; those of others are dropped.
constexpr std::uint32_t kPacketBytesMost = limits::kRequestBytes + 256 * 1024;
constexpr std::uint16_t kReceiveMaximumDefault = std::numeric_limits<std::uint16_t>::max();

// An exception that left a callback would end the process.
template <class Function>
void contained(Function&& function) noexcept {
    try {
        function();
    } catch (...) {
        // Out of memory: whatever it was about is lost, as it is when a connection is.
    }
}

// Paho keeps a trace of all it does, which takes a good part of its time. Not
// touched when somebody asked for that trace.
void quieten_paho() {
    if (std::getenv("MQTT_C_CLIENT_TRACE") == nullptr) {
        MQTTAsync_setTraceLevel(MQTTASYNC_TRACE_ERROR);
    }
}

// Told about the end of an action. Called by Paho's threads with its locks
// held: nothing here may call back into Paho.
class Completion final : public paho::iaction_listener {
public:
    using Function = std::function<void(const paho::token&)>;
    Completion(Function success, Function failure)
        : success_(std::move(success)), failure_(std::move(failure)) {}

    void on_success(const paho::token& token) override {
        contained([&] { success_(token); });
    }
    void on_failure(const paho::token& token) override {
        contained([&] { failure_(token); });
    }

private:
    Function success_;
    Function failure_;
};

// A publish carries its share of the window as its context, which is a number here and no pointer.
void* to_context(std::uint32_t share) {
    return reinterpret_cast<void*>(std::uintptr_t{share});
}
std::uint32_t share_of(const paho::token& published) {
    return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(published.get_user_context()));
}

std::uint16_t receive_maximum(const paho::token& connected) {
    const auto response = connected.get_connect_response();
    const auto& properties = response.get_properties();
    return properties.contains(paho::property::RECEIVE_MAXIMUM)
               ? paho::get<std::uint16_t>(properties, paho::property::RECEIVE_MAXIMUM)
               : kReceiveMaximumDefault;
}

}  // namespace

struct PahoConnection::Implementation {
    // Publishes of a kind: how many are on their way, and what notes their end.
    struct Lane {
        Lane(std::uint32_t limit, ConnectionListener& told) : window(limit), done(freed(told), freed(told)) {}

        Completion::Function freed(ConnectionListener& told) {
            return [this, &told](const paho::token& token) {
                if (window.give_back(share_of(token))) {
                    told.has_room();
                }
            };
        }

        PublishWindow window;
        Completion done;
    };

    Implementation(const LinkOptions& link_options, const BrokerUrl& broker, int version,
                   ConnectionListener& told)
        : options(link_options),
          url(broker),
          mqtt_version(version),
          listener(told),
          acknowledged(link_options.window, told),
          unacknowledged(kUnwrittenMost, told) {}

    // Of subscriptions at that QoS.
    paho::async_client& subscriber(int qos) {
        if (options.one_connection) {
            return *publisher;
        }
        return qos == 0 ? *reports : *assured;
    }
    // Mosquitto puts a grant behind all that it retains. Of thousands of devices that is more than
    // max_queued_messages, and grants were seen never to come. MQTT 5 can ask for that later.
    [[nodiscard]] bool awaits_grant(int qos) const {
        return qos > 0 || mqtt_version == MQTTVERSION_5 || options.one_connection;
    }
    [[nodiscard]] paho::subscribe_options without_retained() const {
        using Options = paho::subscribe_options;
        return mqtt_version == MQTTVERSION_5
                   ? Options(Options::SUBSCRIBE_LOCAL, Options::NO_RETAIN_AS_PUBLISHED,
                             Options::DONT_SEND_RETAINED)
                   : Options();
    }

    std::unique_ptr<paho::async_client> make_client(const std::string& suffix);
    void connect(paho::async_client& client, bool with_will);
    void opened_one(const paho::token& token);
    template <class Function>
    void attempt(Function&& function);

    const LinkOptions& options;
    const BrokerUrl url;
    const int mqtt_version;
    ConnectionListener& listener;

    Lane acknowledged;
    Lane unacknowledged;
    std::atomic<std::size_t> to_open{0};
    std::atomic<std::size_t> to_grant{0};
    Completion opening{[this](const paho::token& token) { opened_one(token); },
                       [this](const paho::token& token) {
                           listener.failed(describe_connect_failure(token, url, mqtt_version));
                       }};
    const Completion::Function refused{
        [this](const paho::token& token) { listener.failed({describe_subscribe_failure(token, url)}); }};
    Completion granting{[this](const paho::token&) {
                            if (--to_grant == 0) {
                                listener.subscribed();
                            }
                        },
                        refused};
    Completion granting_late{[](const paho::token&) {}, refused};
    const Completion::Function answered{[this](const paho::token&) { listener.retained_came(); }};
    Completion asking{answered, answered};
    Completion unheeded{[](const paho::token&) {}, [](const paho::token&) {}};

    // Never connects. Paho takes its heap down with its last client, while that
    // client's tokens still hold some of it; this one has no tokens.
    std::unique_ptr<paho::async_client> last_out;
    // Declared last, since their end completes what is on its way. Without the other two
    // the publisher does everything.
    std::unique_ptr<paho::async_client> publisher;
    std::unique_ptr<paho::async_client> assured;  // subscribes above QoS 0: acks, requests
    std::unique_ptr<paho::async_client> reports;  // subscribes at QoS 0: what devices report
};

// What Paho throws is a failure of the attempt.
template <class Function>
void PahoConnection::Implementation::attempt(Function&& function) {
    try {
        function();
    } catch (const std::exception& error) {
        listener.failed({to_string(url) + " cannot be used: " + error.what(), FailureKind::unexplained});
    }
}

std::unique_ptr<paho::async_client> PahoConnection::Implementation::make_client(const std::string& suffix) {
    paho::create_options create(mqtt_version);
    // Beyond what is ever on its way, since a full buffer is an exception.
    create.set_max_buffered_messages(static_cast<int>(acknowledged.window.limit() + kUnwrittenMost + 1));
    create.set_send_while_disconnected(false);
    const std::string id = options.client_id.empty() ? std::string() : options.client_id + suffix;
    auto client = std::make_unique<paho::async_client>(to_paho_uri(url), id, create);
    client->set_connection_lost_handler(
        [this](const std::string&) { contained([&] { listener.failed({describe_loss(url)}); }); });
    client->set_disconnected_handler([this](const paho::properties&, paho::ReasonCode code) {
        contained([&] { listener.failed(describe_ending(code, url)); });
    });
    client->set_message_callback([this](const paho::const_message_ptr& message) {
        if (message->get_payload_ref().size() <= std::size_t{kPacketBytesMost}) {
            contained([&] { listener.arrived(to_inbound(*message)); });
        }
    });
    return client;
}

void PahoConnection::Implementation::connect(paho::async_client& client, bool with_will) {
    auto connect_options = to_connect_options(options, url, mqtt_version, with_will);
    if (mqtt_version == MQTTVERSION_5) {
        connect_options.set_properties(paho::properties{
            paho::property(paho::property::MAXIMUM_PACKET_SIZE, std::int32_t{kPacketBytesMost})});
    }
    client.connect(connect_options, nullptr, opening);
}

void PahoConnection::Implementation::opened_one(const paho::token& token) {
    const auto maximum = receive_maximum(token);
    // One less, so that Paho never comes to hold one back.
    const auto stated =
        maximum == kReceiveMaximumDefault ? std::uint32_t{maximum} : std::max(maximum - 1U, 1U);
    acknowledged.window.set_limit(std::min(acknowledged.window.limit(), stated));
    if (--to_open == 0) {
        listener.opened();
    }
}

PahoConnection::PahoConnection(const LinkOptions& options, const BrokerUrl& url, int mqtt_version,
                               ConnectionListener& listener)
    : implementation_(std::make_unique<Implementation>(options, url, mqtt_version, listener)) {}

PahoConnection::~PahoConnection() = default;

// All at once: Paho notices a new socket only when it looks for traffic the next time.
void PahoConnection::open() {
    auto& self = *implementation_;
    self.attempt([&] {
        quieten_paho();
        self.last_out =
            std::make_unique<paho::async_client>(to_paho_uri(self.url), "", paho::create_options());
        if (self.options.one_connection) {
            self.publisher = self.make_client("");
            self.to_open = 1;
            self.connect(*self.publisher, true);
            return;
        }
        self.publisher = self.make_client("-pub");
        self.assured = self.make_client("-sub");
        self.reports = self.make_client("-state");
        self.to_open = 3;
        self.connect(*self.publisher, true);
        self.connect(*self.assured, false);
        self.connect(*self.reports, false);
    });
}

void PahoConnection::subscribe() {
    auto& self = *implementation_;
    const auto awaited = std::ranges::count_if(
        self.options.subscriptions, [&](const Subscription& one) { return self.awaits_grant(one.qos); });
    self.to_grant = static_cast<std::size_t>(awaited);
    if (awaited == 0) {
        self.listener.subscribed();
    }
    self.attempt([&] {
        for (const auto& [filter, qos] : self.options.subscriptions) {
            self.subscriber(qos).subscribe(filter, qos, nullptr,
                                           self.awaits_grant(qos) ? self.granting : self.granting_late,
                                           self.without_retained());
        }
    });
}

// Nobody waits for the grants of these.
void PahoConnection::ask_for_all_retained() {
    auto& self = *implementation_;
    if (self.mqtt_version == MQTTVERSION_5) {
        self.attempt([&] {
            for (const auto& [filter, qos] : self.options.subscriptions) {
                self.subscriber(qos).subscribe(filter, qos);
            }
        });
    }
}

// The subscription is undone at once. The broker answers in order: when it says that it is undone, all that
// it brought was sent.
bool PahoConnection::ask_for_retained(const std::vector<std::string>& topics) {
    auto& self = *implementation_;
    try {
        auto& client = self.subscriber(0);
        const auto filters = paho::string_collection::create(topics);
        const paho::iasync_client::qos_collection each(topics.size(), 0);
        client.subscribe(filters, each, nullptr, self.unheeded);
        client.unsubscribe(filters, nullptr, self.asking);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

bool PahoConnection::publish(const Publication& publication) {
    auto& self = *implementation_;
    auto& lane = publication.qos == 0 ? self.unacknowledged : self.acknowledged;
    const auto share = lane.window.share(publication.payload.size());
    if (!lane.window.take(share)) {
        return false;
    }
    try {
        const MessageOnLoan message(publication, self.mqtt_version);
        self.publisher->publish(message.get(), to_context(share), lane.done);
        return true;
    } catch (const std::exception&) {
        if (lane.window.give_back(share)) {
            self.listener.has_room();
        }
        return false;
    }
}

std::uint32_t PahoConnection::room() const noexcept {
    return implementation_->acknowledged.window.room();
}

void PahoConnection::finish(const std::vector<Publication>& last,
                            std::chrono::steady_clock::time_point deadline) {
    auto& self = *implementation_;
    const std::array windows{&self.acknowledged.window, &self.unacknowledged.window};
    const auto all_done = [&] {
        return std::ranges::all_of(windows, [&](auto* window) { return window->wait_until_empty(deadline); });
    };
    for (const auto& publication : last) {
        if (!publish(publication) && !(all_done() && publish(publication))) {
            return;
        }
    }
    static_cast<void>(all_done());
}

std::uint16_t PahoConnection::window() const noexcept {
    return static_cast<std::uint16_t>(implementation_->acknowledged.window.limit());
}

}  // namespace muster::mqtt
