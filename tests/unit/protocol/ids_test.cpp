#include "protocol/ids.hpp"

#include "protocol/limits.hpp"
#include "tests/unit/protocol/random_bytes.hpp"

#include <doctest/doctest.h>

using namespace muster;

namespace {

// 00 01 02 …, the key of the SipHash paper's test vectors.
OperationKey counting_key() {
    OperationKey::Bytes bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes.at(i) = static_cast<std::uint8_t>(i);
    }
    return OperationKey(bytes);
}

std::string refusal(std::string_view text) {
    const Result<DeviceId> id = DeviceId::parse(text);
    return id ? "" : id.error().message;
}

}  // namespace

TEST_CASE("SPEC 2.1: device ids") {
    for (const char* text : {"a", "7", "fridge-1", "A_b-9", "0-_"}) {
        CHECK(DeviceId::parse(text).value().text() == text);
    }
    const std::string longest(limits::kDeviceIdLength, 'x');
    CHECK(DeviceId::parse(longest).has_value());
    CHECK(refusal(longest + "x").find("64") != std::string::npos);
    CHECK(refusal("").find("empty") != std::string::npos);
}

TEST_CASE("SPEC 2.1: the first character that breaks the grammar of a device id is named") {
    CHECK(refusal("-a").find("'-' at position 1") != std::string::npos);
    CHECK(refusal("_a").find("'_' at position 1") != std::string::npos);
    CHECK(refusal("a/b+").find("'/' at position 2") != std::string::npos);
    CHECK(refusal("ab c").find("byte 0x20 at position 3") != std::string::npos);
    CHECK(refusal("k\xC3\xBChl").find("byte 0xC3 at position 2") != std::string::npos);
    CHECK(refusal(std::string("a\0b", 3)).find("byte 0x00 at position 2") != std::string::npos);
    for (const char* text : {"+", "#", "a+", "a#", "a.b", "$SYS", "a\n"}) {
        CAPTURE(text);
        CHECK(!DeviceId::parse(text));
    }
}

TEST_CASE("SPEC 2.1, 2.5: plain names and field names") {
    CHECK(is_plain_name("anna", 64));
    CHECK(is_plain_name("9-lives_", 64));
    CHECK(!is_plain_name("anna", 3));
    CHECK(!is_plain_name("", 64));
    CHECK(!is_plain_name("anna.b", 64));

    CHECK(is_field_name("fanSpeed"));
    CHECK(is_field_name("_x9"));
    CHECK(is_field_name(std::string(64, 'f')));
    CHECK(!is_field_name(std::string(65, 'f')));
    for (const char* text : {"", "9lives", "fan-speed", "fan.speed", "fan speed", "f\xC3\xBC"}) {
        CAPTURE(text);
        CHECK(!is_field_name(text));
    }
}

TEST_CASE("SPEC 2.2: job numbers") {
    CHECK(parse_job_id("1").value() == JobId{1});
    CHECK(parse_job_id("18446744073709551615").value() == JobId{UINT64_MAX});
    CHECK(to_string(JobId{42}) == "42");
    for (const char* text :
         {"", "0", "01", "-1", "+1", " 1", "1 ", "1.0", "0x1", "18446744073709551616", "x"}) {
        CAPTURE(text);
        CHECK(parse_job_id(text).error().code == ErrorCode::invalid);
    }
}

TEST_CASE("SPEC 2.3: operation ids are read exactly as they are written") {
    const OperationId id = parse_operation_id("42.1017.3-k3J9xQ2v").value();
    CHECK(id.job == JobId{42});
    CHECK(id.execution == 1017);
    CHECK(id.operation == 3);
    CHECK(std::string_view(id.tag.data(), id.tag.size()) == "k3J9xQ2v");
    CHECK(to_string(id) == "42.1017.3-k3J9xQ2v");

    const OperationId longest{
        JobId{UINT64_MAX}, UINT32_MAX, UINT16_MAX, {'-', '-', '-', '-', '_', '_', '_', '_'}};
    CHECK(to_string(longest).size() == limits::kOperationIdLength);
    CHECK(parse_operation_id(to_string(longest)).value() == longest);
}

TEST_CASE("SPEC 2.3: everything else is refused") {
    for (const char* text : {"",
                             "42",
                             "42.1017.0",
                             "42.1017.0-",
                             "42.1017.0-k3J9xQ2",
                             "42.1017.0-k3J9xQ2vv",
                             "42.1017-k3J9xQ2v",
                             "42.1017.0.0-k3J9xQ2v",
                             "0.1017.0-k3J9xQ2v",
                             "042.1017.0-k3J9xQ2v",
                             "42.01.0-k3J9xQ2v",
                             "42.1.00-k3J9xQ2v",
                             "+42.1.0-k3J9xQ2v",
                             "42.-1.0-k3J9xQ2v",
                             "42.1.0_k3J9xQ2v",
                             "42.1.0-k3J9xQ2+",
                             "42.1.0-k3J9xQ2=",
                             " 42.1.0-k3J9xQ2v",
                             "42.1.0-k3J9xQ2v ",
                             "42.4294967296.0-k3J9xQ2v",
                             "42.0.65536-k3J9xQ2v",
                             "18446744073709551616.0.0-k3J9xQ2v",
                             "..-k3J9xQ2v",
                             "42.1.0 -k3J9xQ2v"}) {
        CAPTURE(text);
        CHECK(parse_operation_id(text).error().code == ErrorCode::invalid);
    }
}

TEST_CASE("SPEC 2.4: a tag is SipHash-2-4, against the vector of its paper") {
    // Key 00..0f, input 00..0e, hash a129ca6149be45e5; its first six bytes in
    // memory order are e5 45 be 49 61 ca.
    const OperationId id = counting_key().make("\x0e", JobId{0x0001020304050607}, 0x08090a0b, 0x0c0d);
    CHECK(std::string_view(id.tag.data(), id.tag.size()) == "5UW-SWHK");
}

TEST_CASE("SPEC 2.4: an id is good for one device, job, execution, operation and gateway") {
    const OperationKey key = counting_key();
    const OperationId id = key.make("fridge-1", JobId{42}, 1017, 1);
    CHECK(key.verify("fridge-1", id));
    CHECK(key.verify("fridge-1", parse_operation_id(to_string(id)).value()));

    CHECK(!key.verify("fridge-2", id));
    CHECK(!key.verify("fridge-", id));
    CHECK(!key.verify("", id));
    CHECK(!key.verify(std::string(1000, 'x'), id));
    CHECK(!key.verify("fridge-1", {JobId{43}, id.execution, id.operation, id.tag}));
    CHECK(!key.verify("fridge-1", {id.job, 1018, id.operation, id.tag}));
    CHECK(!key.verify("fridge-1", {id.job, id.execution, 0, id.tag}));
    CHECK(!OperationKey({}).verify("fridge-1", id));
    const OperationId again = key.make("fridge-1", JobId{42}, 1017, 1, 1);
    CHECK(key.verify("fridge-1", again, 1));
    CHECK(!key.verify("fridge-1", again));
    CHECK(!key.verify("fridge-1", again, 2));
    CHECK(!key.verify("fridge-1", id, 1));
    for (std::size_t i = 0; i < id.tag.size(); ++i) {
        OperationId guess = id;
        guess.tag.at(i) = guess.tag.at(i) == 'A' ? 'B' : 'A';
        CHECK(!key.verify("fridge-1", guess));
    }
}

TEST_CASE("SPEC 2.3: no text but a written id is ever read as one") {
    test::RandomBytes random;
    INFO(random.seed());
    const std::string valid = to_string(counting_key().make("fridge-1", JobId{42}, 1017, 1));
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = random.mutated(valid);
        const Result<OperationId> id = parse_operation_id(text);
        const bool reads_back = !id || to_string(*id) == text;
        INFO(text);
        REQUIRE(reads_back);
    }
}

TEST_CASE("an operation of another epoch has another id, for every ask, and epoch 0 is none") {
    const OperationKey key = counting_key();
    const auto first = key.make("fridge-1", JobId{7}, 3, 1);
    CHECK(first == key.make("fridge-1", JobId{7}, 3, 1, 0, 0));
    const auto later = key.make("fridge-1", JobId{7}, 3, 1, 0, 99);
    CHECK(later.tag != first.tag);
    CHECK(later.tag != key.make("fridge-1", JobId{7}, 3, 1, 2, 99).tag);
    CHECK(later.tag != key.make("fridge-1", JobId{7}, 3, 1, 0, 98).tag);
    CHECK(key.verify("fridge-1", later, 0, 99));
    CHECK(!key.verify("fridge-1", later));
    CHECK(!key.verify("fridge-1", first, 0, 99));
}
