// Operations per second through the link: one message out, one answer in, both
// at QoS 1, a private Mosquitto between, and another process that answers by
// way of libmosquitto. `link_bench [operations]`
#include "daemon/mqtt/paho_link.hpp"
#include "tests/support/mosquitto.hpp"

#include <mosquitto.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace muster;

constexpr const char* kCommandFilter = "bench/dev/+/cmd";
constexpr const char* kAckTopic = "bench/dev/d/ack";
constexpr const char* kReadyTopic = "bench/ready";
constexpr int kDevices = 1000;

// The other process: every device at once.
[[noreturn]] void echo(std::uint16_t port, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {
        std::_Exit(1);
    }
    mosquitto_lib_init();
    mosquitto* const client = mosquitto_new("echo", true, nullptr);
    mosquitto_max_inflight_messages_set(client, 2000);
    mosquitto_message_callback_set(client, [](mosquitto* self, void*, const mosquitto_message* message) {
        mosquitto_publish(self, nullptr, kAckTopic, message->payloadlen, message->payload, 1, false);
    });
    mosquitto_subscribe_callback_set(client, [](mosquitto* self, void*, int, int, const int*) {
        mosquitto_publish(self, nullptr, kReadyTopic, 1, "1", 1, true);
    });
    mosquitto_connect_callback_set(
        client, [](mosquitto* self, void*, int) { mosquitto_subscribe(self, nullptr, kCommandFilter, 1); });
    mosquitto_connect(client, "127.0.0.1", port, 60);
    std::_Exit(mosquitto_loop_forever(client, -1, 1));
}

// Sends the next messages for the answers that have come, in batches, as the
// engine does: a thread that woke for each single answer would do little else.
class ClosedLoop final : public mqtt::Handler {
public:
    ClosedLoop(mqtt::Link& link, std::size_t operations) : link_(link), operations_(operations) {}

    void on_connected(const mqtt::Connected& connected) noexcept override {
        const std::lock_guard lock(mutex_);
        window_ = connected.window;
    }
    void on_disconnected(const std::string& reason) noexcept override {
        std::fprintf(stderr, "link_bench: %s\n", reason.c_str());
    }
    bool on_message(mqtt::Inbound message) noexcept override {
        const std::lock_guard lock(mutex_);
        (message.topic == kReadyTopic ? ready_ : answered_)++;
        if (answered_ >= awaited_) {
            changed_.notify_one();
        }
        return true;
    }
    void on_room() noexcept override {
        const std::lock_guard lock(mutex_);
        ++rooms_;
        changed_.notify_one();
    }

    // Seconds from the first message to the last answer; negative: no end in sight.
    double run() {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, kLimit, [&] { return ready_ > 0 && window_ > 0; })) {
            return -1;
        }
        const auto begin = std::chrono::steady_clock::now();
        std::size_t sent = 0;
        while (answered_ < operations_) {
            const auto answered = answered_;
            const auto rooms = rooms_;
            lock.unlock();
            while (sent < operations_ && sent - answered < window_ && link_.publish(next(sent))) {
                ++sent;
            }
            lock.lock();
            awaited_ = std::min(answered + window_ / kBatches + 1, operations_);
            if (!changed_.wait_for(lock, kLimit, [&] { return answered_ >= awaited_ || rooms_ != rooms; })) {
                return -1;
            }
        }
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }

    [[nodiscard]] std::size_t window() const { return window_; }

private:
    static constexpr std::chrono::seconds kLimit{30};
    static constexpr std::size_t kBatches = 8;  // in a window

    static mqtt::Publication next(std::size_t number) {
        mqtt::Publication message;
        message.topic = "bench/dev/d" + std::to_string(number % kDevices) + "/cmd";
        message.payload =
            R"({"id":"42.)" + std::to_string(number) + R"(.0-k3J9xQ2v","set":{"fanSpeed":3,"mode":"eco"}})";
        return message;
    }

    mqtt::Link& link_;
    const std::size_t operations_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t window_ = 0;
    std::size_t ready_ = 0;
    std::size_t answered_ = 0;
    std::size_t awaited_ = 0;  // answers, before it is worth while to wake up
    std::size_t rooms_ = 0;
};

// Of this process, all threads.
double processor_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void measure(const test::Mosquitto& broker, const char* name, std::uint16_t window, std::size_t operations) {
    mqtt::LinkOptions options;
    options.brokers = {broker.url()};
    options.window = window;
    options.subscriptions = {{"bench/dev/+/ack", 1}, {kReadyTopic, 0}};
    const auto link = mqtt::make_paho_link(options);
    ClosedLoop loop(*link, operations);
    if (!link->start(loop)) {
        return;
    }
    const double before = processor_seconds();
    const double seconds = loop.run();
    const double busy = processor_seconds() - before;
    const auto done = static_cast<double>(operations);
    std::printf("%-28s window %4zu  %8.0f operations/s  %5.1f us of processor each, here\n", name,
                loop.window(), seconds > 0 ? done / seconds : 0.0, busy / done * 1e6);
    std::fflush(stdout);
    link->stop({});
}

void measure_broker(const char* name, const std::string& configuration, std::size_t operations,
                    std::initializer_list<std::uint16_t> windows) {
    const test::Mosquitto broker({.persistence = false, .anonymous = true, .configuration = configuration});
    const pid_t parent = ::getpid();
    const pid_t echoing = ::fork();
    if (echoing == 0) {
        echo(broker.port(), parent);
    }
    for (const auto window : windows) {
        measure(broker, name, window, operations);
    }
    ::kill(echoing, SIGKILL);
    ::waitpid(echoing, nullptr, 0);
}

}  // namespace

int main(int count, char** arguments) {
    const std::size_t operations = count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 100'000;
    measure_broker("max_inflight_messages 2000", "max_inflight_messages 2000\nmax_queued_messages 20000\n",
                   operations, {100, 300, 1000});
    measure_broker("Mosquitto's defaults", "", operations, {300});
}
