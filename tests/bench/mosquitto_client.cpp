#include "tests/bench/mosquitto_client.hpp"

#include <mosquitto.h>

#include <algorithm>
#include <iterator>
#include <poll.h>
#include <stdexcept>

namespace muster::bench {
namespace {

constexpr int kKeepAliveSeconds = 3600;  // nobody turns it while a million devices come
constexpr std::chrono::seconds kPatience{60};
constexpr std::chrono::milliseconds kOnce{100};

void check(int code, const char* what) {
    if (code != MOSQ_ERR_SUCCESS) {
        throw std::runtime_error(std::string(what) + ": " + mosquitto_strerror(code));
    }
}

}  // namespace

struct MosquittoCallbacks {
    static void connected(mosquitto* /*client*/, void* self, int code) {
        static_cast<MosquittoClient*>(self)->connected_ = code == 0;
    }
    static void subscribed(mosquitto* /*client*/, void* self, int /*id*/, int /*count*/,
                           const int* /*granted*/) {
        static_cast<MosquittoClient*>(self)->subscribed_ = true;
    }
    static void message(mosquitto* /*client*/, void* self, const mosquitto_message* message) {
        static_cast<MosquittoClient*>(self)->on_message_(
            message->topic,
            {static_cast<const char*>(message->payload), static_cast<std::size_t>(message->payloadlen)});
    }
};

MosquittoClient::MosquittoClient(std::uint16_t port, const std::string& user,
                                 const std::vector<std::string>& filters, int qos, OnMessage on_message)
    : client_(mosquitto_new(nullptr, true, this), &mosquitto_destroy), on_message_(std::move(on_message)) {
    auto* client = client_.get();
    mosquitto_connect_callback_set(client, &MosquittoCallbacks::connected);
    mosquitto_subscribe_callback_set(client, &MosquittoCallbacks::subscribed);
    mosquitto_message_callback_set(client, &MosquittoCallbacks::message);
    mosquitto_max_inflight_messages_set(client, 0);
    mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    if (!user.empty()) {
        check(mosquitto_username_pw_set(client, user.c_str(), nullptr), "user");
    }
    check(mosquitto_connect(client, "127.0.0.1", port, kKeepAliveSeconds), "connect");
    const auto until = [this, end = std::chrono::steady_clock::now() + kPatience](const bool& reached) {
        while (!reached) {
            turn(kOnce);
            if (std::chrono::steady_clock::now() > end) {
                throw std::runtime_error("the broker does not answer");
            }
        }
    };
    until(connected_);
    if (filters.empty()) {
        return;
    }
    std::vector<char*> texts;
    std::ranges::transform(filters, std::back_inserter(texts),
                           [](const std::string& filter) { return const_cast<char*>(filter.c_str()); });
    check(mosquitto_subscribe_multiple(client, nullptr, static_cast<int>(texts.size()), texts.data(), qos, 0,
                                       nullptr),
          "subscribe");
    until(subscribed_);
}

MosquittoClient::~MosquittoClient() {
    mosquitto_disconnect(client_.get());
}

void MosquittoClient::publish(const std::string& topic, std::string_view payload, int qos) {
    check(mosquitto_publish(client_.get(), nullptr, topic.c_str(), static_cast<int>(payload.size()),
                            payload.data(), qos, false),
          "publish");
}

void MosquittoClient::turn(std::chrono::milliseconds longest) {
    auto* client = client_.get();
    const bool waits_to_write = mosquitto_want_write(client);
    pollfd socket{.fd = mosquitto_socket(client),
                  .events = static_cast<short>(POLLIN | (waits_to_write ? POLLOUT : 0)),
                  .revents = 0};
    if (::poll(&socket, 1, static_cast<int>(longest.count())) < 0) {
        throw std::runtime_error("poll failed");
    }
    if ((socket.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
        check(mosquitto_loop_read(client, 1), "read");
    }
    if (mosquitto_want_write(client)) {
        check(mosquitto_loop_write(client, 1), "write");
    }
    check(mosquitto_loop_misc(client), "keep alive");
}

}  // namespace muster::bench
