#include "tests/integration/attacker.hpp"

#include "tests/support/process.hpp"

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include <limits>
#include <stdexcept>

namespace muster::test {
namespace {

void require(int code, const std::string& what) {
    if (code != MOSQ_ERR_SUCCESS) {
        throw std::runtime_error("the attacker cannot " + what + ": " + mosquitto_strerror(code));
    }
}

std::string topic_of(const std::string& rest) {
    return std::string("muster/v1/api/") + Attacker::kUser + rest;
}

}  // namespace

Attacker::Attacker(const std::string& broker_url) {
    mosquitto_lib_init();
    client_ = mosquitto_new(nullptr, true, this);
    mosquitto_int_option(client_, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_message_callback_set(client_, on_message);
    const auto colon = broker_url.rfind(':');
    require(mosquitto_connect(client_, "127.0.0.1", std::stoi(broker_url.substr(colon + 1)), 60), "connect");
    require(mosquitto_loop_start(client_), "start");
    require(mosquitto_subscribe(client_, nullptr, topic_of("/res/#").c_str(), 1), "subscribe");
}

Attacker::~Attacker() {
    mosquitto_disconnect(client_);
    mosquitto_loop_stop(client_, true);
    mosquitto_destroy(client_);
    mosquitto_lib_cleanup();
}

void Attacker::publish(const Nonsense& nonsense) {
    mosquitto_property* properties = nullptr;
    if (!nonsense.response_topic.empty()) {
        require(mosquitto_property_add_string(&properties, MQTT_PROP_RESPONSE_TOPIC,
                                              nonsense.response_topic.c_str()),
                "name a response topic");
    }
    const auto code = mosquitto_publish_v5(client_, nullptr, nonsense.topic.c_str(),
                                           static_cast<int>(nonsense.payload.size()), nonsense.payload.data(),
                                           0, false, properties);
    mosquitto_property_free_all(&properties);
    require(code, "publish on " + nonsense.topic.substr(0, 100));
}

void Attacker::await_gateway() {
    const auto question = R"({"id":"q)" + std::to_string(++asked_) + "\"}";
    require(mosquitto_publish(client_, nullptr, topic_of("/req/status").c_str(),
                              static_cast<int>(question.size()), question.data(), 1, false),
            "ask");
    std::unique_lock lock(mutex_);
    if (!answered_.wait_for(lock, kPatience, [this] { return answers_ >= asked_; })) {
        throw std::runtime_error("the gateway does not answer the attacker");
    }
}

void Attacker::on_message(mosquitto* /*client*/, void* self, const mosquitto_message* message) {
    auto& attacker = *static_cast<Attacker*>(self);
    if (std::string(message->topic).starts_with(topic_of("/res/q"))) {
        const std::lock_guard lock(attacker.mutex_);
        ++attacker.answers_;
        attacker.answered_.notify_one();
    }
}

}  // namespace muster::test
