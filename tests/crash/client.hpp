// A client of the control API that stays connected for the whole run, and
// comes back by itself when the broker was away. What was on its way then is
// given up, never sent again: so no request is carried out twice by its doing.
//
// Threads: a thread inside speaks to the broker and calls the listener; the
// functions may be called from any other one.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct mosquitto;

namespace muster::crash {

class Client {
public:
    struct Message {
        std::string_view topic;
        std::string_view payload;
        bool retained = false;  // it is what the broker had kept
    };
    using Listener = std::function<void(const Message&)>;

    // Subscribes to `filters` at QoS 1, each time it connects. The listener is
    // called from the thread inside.
    Client(std::uint16_t broker_port, std::vector<std::string> filters, Listener listener);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // Subscribed, at this moment.
    [[nodiscard]] bool connected() const noexcept { return connected_; }
    // QoS 1; not sent at all while it is not connected.
    void publish(std::string topic, std::string payload);

private:
    struct Callbacks;
    struct Outgoing {
        std::string topic;
        std::string payload;
    };

    void run();
    void attend(mosquitto* session);
    void send_outgoing(mosquitto* session);

    const std::uint16_t port_;
    const std::vector<std::string> filters_;
    const Listener listener_;
    std::atomic<bool> connected_{false};
    std::atomic<bool> ending_{false};
    std::mutex mutex_;
    std::condition_variable wanted_;  // the end is
    std::deque<Outgoing> outgoing_;
    std::thread thread_;
};

}  // namespace muster::crash
