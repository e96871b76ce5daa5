// A connection to a broker by way of libmosquitto, turned by hand: no thread, so
// that what a measurement sees is not the time of a wake-up between threads.
//
// Failures throw std::runtime_error. Threads: one.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct mosquitto;

namespace muster::bench {

class MosquittoClient {
public:
    using OnMessage = std::function<void(std::string_view topic, std::string_view payload)>;

    // Connected, and subscribed to `filters`, when it returns.
    MosquittoClient(std::uint16_t port, const std::string& user, const std::vector<std::string>& filters,
                    int qos, OnMessage on_message);
    ~MosquittoClient();
    MosquittoClient(const MosquittoClient&) = delete;
    MosquittoClient& operator=(const MosquittoClient&) = delete;

    // Also from within on_message.
    void publish(const std::string& topic, std::string_view payload, int qos);
    // Reads and writes what there is, waiting at most so long for it.
    void turn(std::chrono::milliseconds longest);

private:
    friend struct MosquittoCallbacks;

    std::unique_ptr<mosquitto, void (*)(mosquitto*)> client_;
    OnMessage on_message_;
    bool connected_ = false;
    bool subscribed_ = false;
};

}  // namespace muster::bench
