#include "tests/bench/bare_loop.hpp"

#include <MQTTAsync.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>

namespace muster::bench {
namespace {

constexpr std::chrono::seconds kPatience{60};
constexpr int kPlenty = 65'000;  // more than any window, so that Paho's own never fills (it would sleep)

void check(int code, const char* what) {
    if (code != MQTTASYNC_SUCCESS) {
        throw std::runtime_error(std::string("Paho, ") + what + ": " + std::to_string(code));
    }
}

// Waits for an answer that Paho gives on its thread.
class Answer {
public:
    void come() {
        const std::lock_guard lock(mutex_);
        here_ = true;
        changed_.notify_one();
    }
    // false: it did not come in time.
    bool await(std::chrono::duration<double> patience) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, patience, [this] { return here_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool here_ = false;
};

class PahoClient {
public:
    PahoClient(std::uint16_t port, const char* id, MQTTAsync_messageArrived* arrived, void* context) {
        MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer;
        options.maxBufferedMessages = kPlenty;
        const auto url = "tcp://127.0.0.1:" + std::to_string(port);
        check(MQTTAsync_createWithOptions(&client_, url.c_str(), id, MQTTCLIENT_PERSISTENCE_NONE, nullptr,
                                          &options),
              "create");
        check(MQTTAsync_setCallbacks(client_, context, nullptr, arrived, nullptr), "callbacks");
        Answer connected;
        MQTTAsync_connectOptions connecting = MQTTAsync_connectOptions_initializer;
        connecting.cleansession = 1;
        connecting.maxInflight = kPlenty;
        connecting.context = &connected;
        connecting.onSuccess = [](void* answer, MQTTAsync_successData*) {
            static_cast<Answer*>(answer)->come();
        };
        check(MQTTAsync_connect(client_, &connecting), "connect");
        if (!connected.await(kPatience)) {
            throw std::runtime_error("Paho: the broker does not answer");
        }
    }
    ~PahoClient() {
        MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer;
        MQTTAsync_disconnect(client_, &options);
        MQTTAsync_destroy(&client_);
    }
    PahoClient(const PahoClient&) = delete;
    PahoClient& operator=(const PahoClient&) = delete;

    void subscribe(const std::string& filter, int qos) {
        Answer subscribed;
        MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
        options.context = &subscribed;
        options.onSuccess = [](void* answer, MQTTAsync_successData*) {
            static_cast<Answer*>(answer)->come();
        };
        check(MQTTAsync_subscribe(client_, filter.c_str(), qos, &options), "subscribe");
        if (!subscribed.await(kPatience)) {
            throw std::runtime_error("Paho: the broker does not let subscribe");
        }
    }
    [[nodiscard]] bool publish(const std::string& topic, const std::string& payload, int qos) {
        return MQTTAsync_send(client_, topic.c_str(), static_cast<int>(payload.size()), payload.data(), qos,
                              0, nullptr) == MQTTASYNC_SUCCESS;
    }

private:
    MQTTAsync client_ = nullptr;
};

// Shared by the caller, which begins, and Paho's receiving thread, which goes on.
struct Loop {
    explicit Loop(const BareOptions& wanted) : options(wanted), work(wanted) {}

    void send(const BareWork::Message& message) {
        failed = failed || !publisher->publish(message.topic, message.payload, options.qos);
    }
    // The first ones. Paho calls back with its own lock held, so ours is never held here when it is called.
    void begin() {
        std::vector<BareWork::Message> first;
        {
            const std::lock_guard lock(mutex);
            while (first.size() < options.window && !work.all_sent()) {
                first.push_back(work.next());
            }
        }
        for (const auto& message : first) {
            send(message);
        }
    }
    void take(std::string_view ack) {
        const std::lock_guard lock(mutex);
        if (work.take(ack) && !work.all_sent()) {
            send(work.next());
        }
        if (work.done() || failed) {
            done.come();
        }
    }
    static int arrived(void* self, char* topic, int /*length*/, MQTTAsync_message* message) {
        static_cast<Loop*>(self)->take(
            {static_cast<const char*>(message->payload), static_cast<std::size_t>(message->payloadlen)});
        MQTTAsync_freeMessage(&message);
        MQTTAsync_free(topic);
        return 1;
    }

    const BareOptions& options;
    std::mutex mutex;
    BareWork work;
    std::atomic<bool> failed = false;
    PahoClient* publisher = nullptr;
    Answer done;
};

}  // namespace

BareResult run_with_paho(const BareOptions& options) {
    Loop loop(options);
    PahoClient publisher(options.port, "bare-pub", &Loop::arrived, &loop);
    loop.publisher = &publisher;
    PahoClient subscriber(options.port, "bare-sub", &Loop::arrived, &loop);
    subscriber.subscribe(BareWork::ack_filter(), options.qos);
    const double cpu_before = cpu_seconds();
    const auto start = std::chrono::steady_clock::now();
    loop.begin();
    static_cast<void>(loop.done.await(std::chrono::duration<double>(options.timeout_seconds)));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const std::lock_guard lock(loop.mutex);
    return {loop.work.acked(), loop.work.repeated(), seconds, cpu_seconds() - cpu_before};
}

}  // namespace muster::bench
