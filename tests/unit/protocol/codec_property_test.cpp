// Whatever the bytes, decode_* returns a message within every limit, or an
// Error with a message; it never throws.
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/utf8.hpp"
#include "tests/unit/protocol/random_bytes.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace muster;
namespace json = boost::json;

namespace {

constexpr int kRounds = 20'000;

constexpr std::array<std::string_view, 9> kSeeds{
    R"({"id":"42.1017.0-k3J9xQ2v","set":{"fanSpeed":3,"label":"x"},"exp":1795382552})",
    R"({"id":"42.1017.0-k3J9xQ2v","call":"defrost","args":{"minutes":10}})",
    R"({"id":"42.1017.0-k3J9xQ2v","code":202,"msg":"half way","progress":50,"value":[1,{"a":null}]})",
    R"({"id":"42.1017.0-k3J9xQ2v","code":503,"after":30})",
    "42.1017.0-k3J9xQ2v 400 out of range",
    R"({"proto":1,"template":"refrigerator","name":"Lobby","tags":{"site":"oslo","floor":2},"remembers":8})",
    R"({"fanSpeed":3,"firmware":"1.4.0","door":null})",
    "online",
    "offline\n",
};

bool within_limits(const OperationMessage& message) {
    return !message.id.empty() && message.id.size() <= limits::kOperationIdLength &&
           message.command.size() <= limits::kNameLength && message.expires.value_or(0) >= 0 &&
           (message.kind == OperationKind::call ? is_field_name(message.command) : !message.values.empty());
}

bool within_limits(const Ack& ack) {
    const bool code = (ack.code >= 200 && ack.code < 300) || (ack.code >= 400 && ack.code < 600);
    const int progress = ack.progress.value_or(0);
    const std::int64_t after = ack.after.value_or(1);
    return code && !ack.id.empty() && ack.id.size() <= limits::kOperationIdLength &&
           ack.message.size() <= limits::kAckMessageBytes && is_text(ack.message) && progress >= 0 &&
           progress <= 100 && after >= 1 && after <= limits::kTimeoutSeconds;
}

bool within_limits(const json::object& values) {
    bool names = true;
    for (const auto& member : values) {
        names = names && is_field_name(member.key());
    }
    return names && values.size() <= limits::kValuesPerDevice;
}

bool within_limits(const DeviceInfo& info) {
    return info.proto == 1 && is_plain_name(info.template_name, limits::kNameLength) &&
           info.name.size() <= limits::kDeviceNameLength && is_text(info.name) && within_limits(info.tags);
}

bool within_limits(bool) {
    return true;
}

template <class T>
bool kept(const Result<T>& result) {
    return result ? within_limits(*result) : !result.error().message.empty();
}

void check_every_decoder(const std::string& bytes) {
    INFO(bytes);
    REQUIRE(kept(decode_operation(bytes)));
    REQUIRE(kept(decode_ack(bytes)));
    REQUIRE(kept(decode_info(bytes)));
    REQUIRE(kept(decode_status(bytes)));
    REQUIRE(kept(decode_state(bytes)));
}

}  // namespace

TEST_CASE("decoders keep every limit on random bytes") {
    test::RandomBytes random;
    INFO(random.seed());
    for (int i = 0; i < kRounds; ++i) {
        check_every_decoder(random.bytes(200));
    }
}

TEST_CASE("decoders keep every limit on random JSON characters") {
    test::RandomBytes random;
    INFO(random.seed());
    for (int i = 0; i < kRounds; ++i) {
        check_every_decoder("{" + random.from("{}[]\":,0129.eE-+ \\uidcoset", 60));
    }
}

TEST_CASE("decoders keep every limit on mutated messages") {
    test::RandomBytes random;
    INFO(random.seed());
    for (int i = 0; i < kRounds; ++i) {
        check_every_decoder(random.mutated(std::string(kSeeds.at(random.below(kSeeds.size())))));
    }
}

TEST_CASE("every ack and operation that is read is written and read again to the same bytes") {
    test::RandomBytes random;
    INFO(random.seed());
    int accepted = 0;
    for (int i = 0; i < kRounds; ++i) {
        const std::string bytes = random.mutated(std::string(kSeeds.at(random.below(5))));
        INFO(bytes);
        if (const Result<Ack> ack = decode_ack(bytes)) {
            ++accepted;
            REQUIRE(encode(decode_ack(encode(*ack)).value()) == encode(*ack));
        }
        if (const Result<OperationMessage> operation = decode_operation(bytes)) {
            ++accepted;
            REQUIRE(encode(decode_operation(encode(*operation)).value()) == encode(*operation));
        }
    }
    CHECK(accepted > 100);
}
