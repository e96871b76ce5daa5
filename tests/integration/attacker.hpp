// A client that means no good: publishes anything anywhere, as fast as the
// gateway takes it. Its client is libmosquitto, as the broker's own.
//
// Failures throw std::runtime_error. Threads: one; libmosquitto has one of its own.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>

struct mosquitto;
struct mosquitto_message;

namespace muster::test {

struct Nonsense {
    // Which counter of the gateway it must show up in.
    enum class Kind { malformed, oversized, foreign, unknown_device, request, dropped };

    std::string topic;
    std::string payload;
    Kind kind = Kind::malformed;
    std::string response_topic{};
};

class Attacker {
public:
    static constexpr const char* kUser = "mallory";

    // Connected when it returns.
    explicit Attacker(const std::string& broker_url);
    ~Attacker();
    Attacker(const Attacker&) = delete;
    Attacker& operator=(const Attacker&) = delete;

    // At QoS 0.
    void publish(const Nonsense& nonsense);
    // Until the gateway answered a question that was asked behind all of it.
    void await_gateway();

private:
    static void on_message(mosquitto* client, void* self, const mosquitto_message* message);

    mosquitto* client_ = nullptr;
    std::mutex mutex_;
    std::condition_variable answered_;
    std::size_t asked_ = 0;
    std::size_t answers_ = 0;
};

}  // namespace muster::test
