#include "tests/support/operation_meter.hpp"

#include <algorithm>
#include <optional>

namespace muster::test {
namespace {

constexpr std::uint8_t kPublish = 3;
constexpr std::uint8_t kPubAck = 4;
constexpr unsigned kLengthBytes = 4;

std::uint16_t number_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(static_cast<std::uint8_t>(bytes[at]) << 8U |
                                      static_cast<std::uint8_t>(bytes[at + 1]));
}

struct Packet {
    std::uint8_t head;
    std::string_view body;
    std::size_t size;
};

// The first packet, if all of it is there (MQTT 5, 2.1).
std::optional<Packet> first_packet(std::string_view bytes) {
    std::size_t length = 0;
    for (unsigned i = 0; i < kLengthBytes && i + 1 < bytes.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(bytes[i + 1]);
        length |= static_cast<std::size_t>(byte & 0x7fU) << (7U * i);
        if ((byte & 0x80U) == 0) {
            const std::size_t begin = i + 2;
            return bytes.size() < begin + length
                       ? std::nullopt
                       : std::optional(Packet{static_cast<std::uint8_t>(bytes[0]),
                                              bytes.substr(begin, length), begin + length});
        }
    }
    return std::nullopt;
}

// The gateway writes the id first (SPEC 4.2).
std::string operation_of(std::string_view payload) {
    constexpr std::string_view kBefore = R"({"id":")";
    const auto begin = payload.find(kBefore);
    if (begin == std::string_view::npos) {
        return {};
    }
    const auto id = payload.substr(begin + kBefore.size());
    return std::string(id.substr(0, id.find('"')));
}

}  // namespace

void OperationMeter::read(std::uint64_t connection, bool to_broker, std::string_view bytes) {
    read_at(Clock::now(), connection, to_broker, bytes);
}

void OperationMeter::read_at(Clock::time_point now, std::uint64_t connection, bool to_broker,
                             std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    auto& unread = streams_[{connection, to_broker}].unread;
    unread += bytes;
    std::size_t done = 0;
    while (const auto packet = first_packet(std::string_view(unread).substr(done))) {
        read_packet(now, connection, to_broker, packet->head, packet->body);
        done += packet->size;
    }
    unread.erase(0, done);
}

void OperationMeter::read_packet(Clock::time_point now, std::uint64_t connection, bool to_broker,
                                 std::uint8_t head, std::string_view body) {
    auto& stream = streams_[{connection, true}];
    if (to_broker && head >> 4U == kPublish) {
        read_publish(now, stream, head, body);
    } else if (!to_broker && head >> 4U == kPubAck) {
        stream.unacknowledged.erase(number_at(body, 0));
    }
}

void OperationMeter::read_publish(Clock::time_point now, Stream& stream, std::uint8_t head,
                                  std::string_view body) {
    const std::size_t topic_bytes = number_at(body, 0);
    const auto topic = body.substr(2, topic_bytes);
    const auto rest = body.substr(2 + topic_bytes);
    if ((head >> 1U & 3U) > 0) {
        stream.unacknowledged.insert(number_at(rest, 0));
        figures_.most_unacknowledged = std::max(figures_.most_unacknowledged, stream.unacknowledged.size());
    }
    figures_.announces += topic.ends_with("/all/announce") ? 1U : 0U;
    if (!topic.ends_with("/cmd")) {
        return;
    }
    ++figures_.sent;
    ++sends_[operation_of(rest)];
    last_second_.push_back(now);
    while (last_second_.front() + std::chrono::seconds(1) <= now) {
        last_second_.pop_front();
    }
    figures_.most_in_a_second = std::max(figures_.most_in_a_second, last_second_.size());
}

OperationMeter::Figures OperationMeter::figures() const {
    const std::lock_guard lock(mutex_);
    auto figures = figures_;
    figures.operations = sends_.size();
    for (const auto& [id, times] : sends_) {
        ++figures.operations_by_sends[times];
        figures.most_of_one = std::max(figures.most_of_one, times);
    }
    return figures;
}

}  // namespace muster::test
