#include "tests/crash/client.hpp"

#include <mosquitto.h>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace muster::crash {
namespace {

constexpr int kLoopMilliseconds = 10;
constexpr int kKeepAliveSeconds = 60;
constexpr std::chrono::milliseconds kBetweenAttempts{50};

}  // namespace

struct Client::Callbacks {
    static void connect(mosquitto* session, void* self, int code) {
        if (code != 0) {
            return;
        }
        std::vector<char*> filters;  // libmosquitto only reads them
        for (const auto& filter : static_cast<Client*>(self)->filters_) {
            filters.push_back(const_cast<char*>(filter.c_str()));
        }
        mosquitto_subscribe_multiple(session, nullptr, static_cast<int>(filters.size()), filters.data(), 1, 0,
                                     nullptr);
    }
    static void subscribe(mosquitto*, void* self, int, int, const int*) {
        static_cast<Client*>(self)->connected_ = true;
    }
    static void message(mosquitto*, void* self, const mosquitto_message* message) {
        const std::string_view payload(static_cast<const char*>(message->payload),
                                       static_cast<std::size_t>(message->payloadlen));
        static_cast<Client*>(self)->listener_({message->topic, payload, message->retain});
    }
};

Client::Client(std::uint16_t broker_port, std::vector<std::string> filters, Listener listener)
    : port_(broker_port), filters_(std::move(filters)), listener_(std::move(listener)) {
    if (mosquitto_lib_init() != MOSQ_ERR_SUCCESS) {
        throw std::runtime_error("libmosquitto does not start");
    }
    thread_ = std::thread([this] { run(); });
}

Client::~Client() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wanted_.notify_one();
    thread_.join();
    mosquitto_lib_cleanup();
}

void Client::publish(std::string topic, std::string payload) {
    const std::lock_guard lock(mutex_);
    if (connected_) {
        outgoing_.push_back({std::move(topic), std::move(payload)});
    }
}

void Client::run() {
    while (!ending_) {
        auto* session = mosquitto_new(nullptr, true, this);
        mosquitto_int_option(session, MOSQ_OPT_TCP_NODELAY, 1);
        mosquitto_connect_callback_set(session, Callbacks::connect);
        mosquitto_subscribe_callback_set(session, Callbacks::subscribe);
        mosquitto_message_callback_set(session, Callbacks::message);
        if (mosquitto_connect(session, "127.0.0.1", port_, kKeepAliveSeconds) == MOSQ_ERR_SUCCESS) {
            attend(session);
        }
        mosquitto_destroy(session);
        {
            const std::lock_guard lock(mutex_);
            connected_ = false;
            outgoing_.clear();
        }
        std::unique_lock lock(mutex_);
        wanted_.wait_for(lock, kBetweenAttempts, [this] { return ending_.load(); });
    }
}

void Client::attend(mosquitto* session) {
    while (!ending_ && mosquitto_loop(session, kLoopMilliseconds, 1) == MOSQ_ERR_SUCCESS) {
        if (connected_) {
            send_outgoing(session);
        }
    }
    mosquitto_disconnect(session);
}

void Client::send_outgoing(mosquitto* session) {
    std::deque<Outgoing> now;
    {
        const std::lock_guard lock(mutex_);
        now.swap(outgoing_);
    }
    for (const auto& [topic, payload] : now) {
        mosquitto_publish(session, nullptr, topic.c_str(), static_cast<int>(payload.size()), payload.data(),
                          1, false);
    }
}

}  // namespace muster::crash
