// A bare loop: one setting to every device, the next message as an ack arrives;
// nothing stored, nothing retried, no jobs. What a job is measured against.
//
// Failures throw std::runtime_error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace muster::bench {

struct BareOptions {
    std::uint16_t port = 0;
    std::size_t devices = 0;
    std::string prefix = "fridge-";
    int value = 0;
    int qos = 1;
    std::size_t window = 300;
    unsigned run = 1;  // makes the operation ids of this run its own
    double timeout_seconds = 60;
};

struct BareResult {
    std::size_t acked = 0;
    std::size_t repeated = 0;
    double seconds = 0;      // from the first message to the last ack
    double cpu_seconds = 0;  // of this process in that time
};

// The messages, and which of them have been answered. Threads: one at a time.
class BareWork {
public:
    explicit BareWork(const BareOptions& options);

    [[nodiscard]] bool all_sent() const { return sent_ == options_.devices; }
    [[nodiscard]] bool done() const { return acked_ == options_.devices; }
    [[nodiscard]] std::size_t acked() const { return acked_; }
    [[nodiscard]] std::size_t repeated() const { return repeated_; }

    struct Message {
        const std::string& topic;
        std::string payload;
    };
    Message next();
    // true: an operation that had no ack yet.
    bool take(std::string_view ack);

    [[nodiscard]] static std::string ack_filter();

private:
    BareOptions options_;
    std::vector<std::string> topics_;
    std::vector<bool> answered_;
    std::string head_;  // of each payload, before the number
    std::string tail_;
    std::size_t sent_ = 0;
    std::size_t acked_ = 0;
    std::size_t repeated_ = 0;
};

// Processor time of this process so far.
[[nodiscard]] double cpu_seconds();

[[nodiscard]] BareResult run_with_libmosquitto(const BareOptions& options);
// Two clients, as muster has them: one publishes, one listens.
[[nodiscard]] BareResult run_with_paho(const BareOptions& options);

}  // namespace muster::bench
