#include "tests/integration/nonsense.hpp"

#include "protocol/limits.hpp"

#include <array>
#include <utility>

namespace muster::test {
namespace {

using Kind = Nonsense::Kind;

constexpr std::string_view kRoot = "muster/v1/";
constexpr std::size_t kFleet = 200;
constexpr std::size_t kDeep = 40'000;  // levels

std::string below_root(std::string_view rest) {
    return std::string(kRoot).append(rest);
}

// Refused on each of a device's topics.
std::string refused_json(std::size_t which) {
    static const std::array<std::string, 16> kTexts{
        R"({"a":NaN})",
        R"({"a":Infinity})",
        R"({"a":1e999})",
        R"({"a":"\u0000"})",
        R"({"a":1,"a":2})",
        R"({"proto":1,"template":"refrigerator","proto":1})",
        R"({"proto":1,"template":"../../etc"})",
        R"({"proto":18446744073709551616,"template":"refrigerator"})",
        R"({"proto":1,"template":"refrigerator","tags":{"\u001b[2J":1}})",
        R"({"id":"1.0.0-AAAAAAAA","code":99999999999999999999})",
        R"({"id":"1.0.0-AAAAAAAA","code":200,"msg":["x"])",
        "{\"a\":\"\xff\xfe\xc0\xaf\xed\xa0\x80\"}",
        "\xef\xbb\xbf{}",
        R"(["not","an","object"])",
        std::string(limits::kAckBytes - 8, '['),
        std::string("{\"a\":\x1b]0;owned\x07}"),
    };
    return kTexts[which % kTexts.size()];
}

}  // namespace

NonsenseMaker::NonsenseMaker(std::uint64_t seed, std::vector<std::string> acks)
    : engine_(seed), acks_(std::move(acks)) {}

std::size_t NonsenseMaker::below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_);
}

std::string NonsenseMaker::bytes(std::size_t most) {
    std::string text(1 + below(most), '\0');
    for (char& byte : text) {
        byte = static_cast<char>(below(256));
    }
    return text;
}

std::string NonsenseMaker::device_topic(const std::string& kind) {
    auto number = std::to_string(1 + below(kFleet));
    number.insert(0, 3 - number.size(), '0');
    return below_root("dev/fridge-" + number + "/" + kind);
}

Nonsense NonsenseMaker::malformed() {
    constexpr std::array kKinds{"ack", "status", "info", "state"};
    const auto kind = std::string(kKinds[below(kKinds.size())]);
    switch (below(4)) {
        case 0:
            return {device_topic(kind), "\xff" + bytes(200), Kind::malformed};
        case 1:
            return {device_topic("ack"), "1.0.0-AAAAAAAA 20x " + std::string(kTerminalEscapes),
                    Kind::malformed};
        case 2:
            return {device_topic("status"), "online" + std::string(kTerminalEscapes), Kind::malformed};
        default:
            // Not on state, where the harmless ones of them are values.
            return {device_topic(below(2) == 0 ? "info" : "ack"), refused_json(below(100)), Kind::malformed};
    }
}

Nonsense NonsenseMaker::absurd_topic() {
    static const std::array<std::string, 8> kIds{
        "a b", "-x", "..", "\u202E", "\U0001F600", "a.b", "fridge-001 ", std::string(60'000, 'x')};
    return {below_root("dev/" + kIds[below(kIds.size())] + "/state"), R"({"a":1})", Kind::malformed};
}

Nonsense NonsenseMaker::oversized() {
    switch (below(3)) {
        case 0:
            return {device_topic("state"), std::string(limits::kStateBytes + 1, ' '), Kind::oversized};
        case 1:
            return {device_topic("ack"), std::string(20'000 + below(50'000), '['), Kind::oversized};
        default:
            return {device_topic("info"),
                    R"({"proto":1,"template":"refrigerator","name":")" + std::string(17'000, 'x') + "\"}",
                    Kind::oversized};
    }
}

Nonsense NonsenseMaker::foreign() {
    if (acks_.empty() || below(2) == 0) {
        return {device_topic("ack"),
                std::to_string(1 + below(1'000'000)) + ".0.0-AAAAAAAA 200 " + kTerminalEscapes,
                Kind::foreign};
    }
    // What one device answered, from another.
    return {below_root("dev/thief-1/ack"), acks_[below(acks_.size())], Kind::foreign};
}

Nonsense NonsenseMaker::unknown_device(std::size_t number) {
    const auto id = "dev/ghost-" + std::to_string(number);
    switch (below(3)) {
        case 0:
            return {below_root(id + "/status"), "online", Kind::unknown_device};
        case 1:
            return {below_root(id + "/state"), R"({"a":)" + std::string(300, '9') + R"(,"b":"\u001b[2J"})",
                    Kind::unknown_device};
        default:
            return {below_root(id + "/info"),
                    R"({"proto":1,"template":"ghost","name":"\u001b]0;owned\u0007","tags":{"a":"\u009b8m"}})",
                    Kind::unknown_device};
    }
}

Nonsense NonsenseMaker::request() {
    // "tester" may do everything, so that only nonsense may be asked for; the attacker itself may nothing.
    const auto user = std::string(below(2) == 0 ? "tester" : Attacker::kUser);
    const auto topic = below_root("api/" + user + "/req/");
    switch (below(7)) {
        case 0:
            return {topic + "job/save", bytes(300) + "\xff", Kind::request};
        case 1:
            return {topic + "status", std::string(kDeep, '['), Kind::request};
        case 2:
            return {topic + "job/run", R"({"id":"x","job":1e999})", Kind::request};
        case 3:
            return {topic + "job/explode", R"({"id":"x"})", Kind::request};
        case 4:
            return {topic + "device/put", R"({"id":"x","device":"../\u001b[2J"})", Kind::request};
        case 5:  // the answer would be a command to a device
            return {topic + "status", R"({"id":"x"})", Kind::request, below_root("dev/fridge-001/cmd")};
        default:
            return {topic + "template/put", R"({"id":"x","document":{"name":"\u001b]0;owned\u0007","x":1}})",
                    Kind::request};
    }
}

Nonsense NonsenseMaker::make(std::size_t number) {
    constexpr std::size_t kEvery = 20'000;
    if (number % kEvery == kEvery / 2) {  // as large as a request may be, and of many values
        std::string list = "{\"id\":\"x\",\"list\":[0";
        while (list.size() + 3 < limits::kRequestBytes) {
            list += ",0";
        }
        return {below_root("api/tester/req/status"), list + "]}", Kind::request};
    }
    if (number % kEvery == kEvery / 4) {  // more than the gateway lets the broker hand on
        return {device_topic("state"), std::string(32 * 1024 * 1024, 'x'), Kind::dropped};
    }
    switch (number % 10) {
        case 0:
            return absurd_topic();
        case 1:
            return number % 50 == 1 ? oversized() : malformed();
        case 2:
        case 3:
            return foreign();
        case 4:
            return unknown_device(number);
        case 5:
            return number % 20 == 5 ? request() : malformed();
        default:
            return malformed();
    }
}

}  // namespace muster::test
