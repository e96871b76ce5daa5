#include "tests/support/operation_meter.hpp"

#include <doctest/doctest.h>

namespace muster::test {
namespace {

// A PUBLISH at QoS 1 (MQTT 3.1.1, 3.3), short enough for one byte of length.
std::string publish(const std::string& topic, char number, const std::string& payload) {
    const std::string body =
        std::string{'\0', static_cast<char>(topic.size())} + topic + std::string{'\0', number} + payload;
    return std::string{'\x32', static_cast<char>(body.size())} + body;
}

std::string puback(char number) {
    return {'\x40', '\x02', '\0', number};
}

const OperationMeter::Clock::time_point kStart{};

}  // namespace

TEST_CASE("publishes are unacknowledged until their PUBACK, on each connection by itself") {
    OperationMeter meter;
    meter.read_at(kStart, 1, true, publish("r/dev/a/cmd", 1, R"({"id":"1.0.0-x"})"));
    meter.read_at(kStart, 1, true, publish("r/job/1", 2, "{}"));
    meter.read_at(kStart, 2, true, publish("r/job/1", 1, "{}"));
    CHECK(meter.figures().most_unacknowledged == 2);
    meter.read_at(kStart, 1, false, puback(1) + puback(2));
    meter.read_at(kStart, 1, true, publish("r/all/announce", 3, "{}"));
    CHECK(meter.figures().most_unacknowledged == 2);
    CHECK(meter.figures().announces == 1);
}

TEST_CASE("operation messages are counted one by one, however the bytes are cut") {
    OperationMeter meter;
    const auto bytes = publish("r/dev/a/cmd", 1, R"({"id":"1.0.0-x"})") +
                       publish("r/dev/b/cmd", 2, R"({"id":"1.1.0-y"})") +
                       publish("r/dev/a/cmd", 3, R"({"id":"1.0.0-x"})");
    for (const char byte : bytes) {
        meter.read_at(kStart, 1, true, {&byte, 1});
    }
    const auto figures = meter.figures();
    CHECK(figures.sent == 3);
    CHECK(figures.operations == 2);
    CHECK(figures.repeats() == 1);
    CHECK(figures.most_of_one == 2);
    CHECK(figures.operations_by_sends == std::map<std::size_t, std::size_t>{{1, 1}, {2, 1}});
}

TEST_CASE("the rate is that of the second in which most went out") {
    OperationMeter meter;
    for (const int milliseconds : {0, 900, 1'500, 1'600, 2'400, 2'501}) {
        meter.read_at(kStart + std::chrono::milliseconds(milliseconds), 1, true,
                      publish("r/dev/a/cmd", 1, R"({"id":"1.0.0-x"})"));
    }
    CHECK(meter.figures().most_in_a_second == 3);
}

}  // namespace muster::test
