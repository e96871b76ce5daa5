// What a gateway publishes, read from the bytes of its connections to the broker
// as a proxy passes them on: how many publishes had no PUBACK, how fast operation
// messages went out, and how often each.
//
// Threads: any; bytes of one connection and direction come in order.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace muster::test {

class OperationMeter {
public:
    using Clock = std::chrono::steady_clock;

    struct Figures {
        std::size_t sent = 0;        // operation messages
        std::size_t operations = 0;  // different ones
        std::size_t most_unacknowledged = 0;
        std::size_t most_in_a_second = 0;
        std::size_t most_of_one = 0;  // how often one operation was sent
        std::size_t announces = 0;
        std::map<std::size_t, std::size_t> operations_by_sends;

        [[nodiscard]] std::size_t repeats() const { return sent - operations; }
    };

    void read(std::uint64_t connection, bool to_broker, std::string_view bytes);
    void read_at(Clock::time_point now, std::uint64_t connection, bool to_broker, std::string_view bytes);
    [[nodiscard]] Figures figures() const;

private:
    struct Stream {
        std::string unread;
        std::set<std::uint16_t> unacknowledged;  // of the connection, kept with the direction to the broker
    };

    void read_packet(Clock::time_point now, std::uint64_t connection, bool to_broker, std::uint8_t head,
                     std::string_view body);
    void read_publish(Clock::time_point now, Stream& stream, std::uint8_t head, std::string_view body);

    mutable std::mutex mutex_;
    std::map<std::pair<std::uint64_t, bool>, Stream> streams_;
    std::unordered_map<std::string, std::size_t> sends_;  // by operation id
    std::deque<Clock::time_point> last_second_;
    Figures figures_;
};

}  // namespace muster::test
