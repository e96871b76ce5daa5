#include "protocol/codec.hpp"

#include "protocol/limits.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace muster;
namespace json = boost::json;

namespace {

constexpr std::string_view kId = "42.1017.0-k3J9xQ2v";

OperationMessage operation(OperationKind kind, json::object values, std::string command = "") {
    OperationMessage message;
    message.id = kId;
    message.kind = kind;
    message.values = std::move(values);
    message.command = std::move(command);
    return message;
}

Ack ack(int code, std::string message = "") {
    Ack made;
    made.id = kId;
    made.code = code;
    made.message = std::move(message);
    return made;
}

// An ack in JSON with these members after the id.
std::string json_ack(std::string_view members) {
    return R"({"id":"42.1017.0-k3J9xQ2v",)" + std::string(members) + "}";
}

bool same(const Ack& a, const Ack& b) {
    return a.id == b.id && a.code == b.code && a.message == b.message && a.progress == b.progress &&
           a.after == b.after && a.value == b.value;
}

bool same(const OperationMessage& a, const OperationMessage& b) {
    return a.id == b.id && a.kind == b.kind && a.command == b.command && a.values == b.values &&
           a.expires == b.expires;
}

template <class T>
std::string field_of(const Result<T>& result) {
    REQUIRE(!result);
    CHECK(!result.error().message.empty());
    return result.error().details.empty() ? "" : result.error().details.front().field;
}

}  // namespace

TEST_CASE("SPEC 4.2: operation messages, byte for byte") {
    CHECK(encode(operation(OperationKind::set, {{"fanSpeed", 3}})) ==
          R"({"id":"42.1017.0-k3J9xQ2v","set":{"fanSpeed":3}})");
    CHECK(encode(operation(OperationKind::write, {{"assetTag", "A7"}})) ==
          R"({"id":"42.1017.0-k3J9xQ2v","write":{"assetTag":"A7"}})");
    CHECK(encode(operation(OperationKind::call, {{"minutes", 10}}, "defrost")) ==
          R"({"id":"42.1017.0-k3J9xQ2v","call":"defrost","args":{"minutes":10}})");
    CHECK(encode(operation(OperationKind::call, {}, "reboot")) ==
          R"({"id":"42.1017.0-k3J9xQ2v","call":"reboot"})");
    OperationMessage expiring = operation(OperationKind::set, {{"setpoint", 3.5}});
    expiring.expires = 1795382552;
    CHECK(encode(expiring) == R"({"id":"42.1017.0-k3J9xQ2v","set":{"setpoint":3.5},"exp":1795382552})");
}

TEST_CASE("SPEC 4.2: operation messages are read back, and a frame is the same bytes") {
    OperationMessage expiring = operation(OperationKind::call, {{"a", {1, nullptr}}}, "run_all");
    expiring.expires = 0;
    for (const OperationMessage& message :
         {operation(OperationKind::set, {{"fanSpeed", 3}, {"label", "a\"b\\\n\xC3\xA9"}}),
          operation(OperationKind::write, {{"x", 0.1}}), expiring}) {
        const std::string bytes = encode(message);
        CHECK(same(decode_operation(bytes).value(), message));
        CHECK(encode_frame(message).payload(message.id, message.expires) == bytes);
    }
}

TEST_CASE("SPEC 1.3: members that are not known are passed over") {
    CHECK(decode_operation(R"({"id":"a","set":{"x":1},"later":{}})").has_value());
    CHECK(decode_ack(json_ack(R"("code":200,"later":[1])")).has_value());
    CHECK(decode_info(R"({"proto":1,"template":"t","later":null})").has_value());
}

TEST_CASE("SPEC 4.2: operation messages that break a rule are refused") {
    CHECK(field_of(decode_operation(R"({"set":{"x":1}})")) == "id");
    CHECK(field_of(decode_operation(R"({"id":7,"set":{"x":1}})")) == "id");
    CHECK(field_of(decode_operation(R"({"id":"","set":{"x":1}})")) == "id");
    CHECK(field_of(decode_operation(R"({"id":"a b","set":{"x":1}})")) == "id");
    CHECK(field_of(decode_operation(R"({"id":"a"})")).empty());
    CHECK(field_of(decode_operation(R"({"id":"a","set":{"x":1},"write":{"x":1}})")).empty());
    CHECK(field_of(decode_operation(R"({"id":"a","set":{"x":1},"call":"y"})")).empty());
    CHECK(field_of(decode_operation(R"({"id":"a","set":{}})")) == "set");
    CHECK(field_of(decode_operation(R"({"id":"a","set":[1]})")) == "set");
    CHECK(field_of(decode_operation(R"({"id":"a","set":{"fan-speed":1}})")) == "set");
    CHECK(field_of(decode_operation(R"({"id":"a","write":{"x":1},"args":{}})")) == "write");
    CHECK(field_of(decode_operation(R"({"id":"a","call":"a b"})")) == "call");
    CHECK(field_of(decode_operation(R"({"id":"a","call":""})")) == "call");
    CHECK(field_of(decode_operation(R"({"id":"a","call":"x","args":[]})")) == "args");
    CHECK(field_of(decode_operation(R"({"id":"a","set":{"x":1},"exp":-1})")) == "exp");
    CHECK(field_of(decode_operation(R"({"id":"a","set":{"x":1},"exp":"1"})")) == "exp");
    CHECK(field_of(decode_operation(R"({"id":"a","set":{"x":1},"exp":1.5})")) == "exp");
    CHECK(!decode_operation("[]"));
    CHECK(!decode_operation(""));
    const std::string long_value(limits::kOperationBytes, 'x');
    CHECK(decode_operation(encode(operation(OperationKind::set, {{"x", long_value}}))).error().code ==
          ErrorCode::too_large);
}

TEST_CASE("SPEC 5.1: acks in JSON") {
    CHECK(encode(ack(200)) == R"({"id":"42.1017.0-k3J9xQ2v","code":200})");
    CHECK(encode(ack(400, "out of range")) ==
          R"({"id":"42.1017.0-k3J9xQ2v","code":400,"msg":"out of range"})");
    Ack full = ack(202, "half way");
    full.progress = 50;
    full.value = json::value{{"speed", 2.5}};
    Ack later = ack(503);
    later.after = limits::kTimeoutSeconds;
    Ack null_value = ack(200);
    null_value.value = nullptr;
    for (const Ack& each :
         {ack(200), ack(499, std::string(limits::kAckMessageBytes, 'm')), full, later, null_value}) {
        CHECK(same(decode_ack(encode(each)).value(), each));
    }
    CHECK(same(decode_ack("\r\n { \"code\" : 200, \"id\" : \"42.1017.0-k3J9xQ2v\" }\n").value(), ack(200)));
}

TEST_CASE("SPEC 5.2: acks in plain text") {
    CHECK(same(decode_ack("42.1017.0-k3J9xQ2v 200").value(), ack(200)));
    CHECK(same(decode_ack("42.1017.0-k3J9xQ2v 200\n").value(), ack(200)));
    CHECK(same(decode_ack("42.1017.0-k3J9xQ2v 200\r\n").value(), ack(200)));
    CHECK(same(decode_ack("42.1017.0-k3J9xQ2v 200 ").value(), ack(200)));
    CHECK(same(decode_ack("42.1017.0-k3J9xQ2v 400 out of range").value(), ack(400, "out of range")));
    CHECK(same(decode_ack("42.1017.0-k3J9xQ2v 400 1 > 0 \xC3\xA9").value(), ack(400, "1 > 0 \xC3\xA9")));
}

TEST_CASE("SPEC 5.2: other text is refused") {
    const std::string id(kId);
    const std::string long_message(limits::kAckMessageBytes + 1, 'm');
    for (const std::string& text : {std::string(""),
                                    std::string(" "),
                                    std::string("\n"),
                                    id,
                                    id + " ",
                                    id + "  200",
                                    " " + id + " 200",
                                    id + "\t200",
                                    id + " 20",
                                    id + " 2000",
                                    id + " +20",
                                    id + " 0200",
                                    id + " 2e2",
                                    id + " 200x",
                                    id + " 200\n\n x\xFF",
                                    id + " 400 \xFF",
                                    id + std::string(" 400 a\0b", 8),
                                    id + " 400 " + long_message,
                                    std::string("a/b 200"),
                                    std::string(limits::kOperationIdLength + 1, 'x') + " 200",
                                    id + " 200\r"}) {
        CAPTURE(text);
        CHECK(!decode_ack(text));
    }
    CHECK(decode_ack(id + " 400 " + long_message).error().code == ErrorCode::too_large);
}

TEST_CASE("SPEC 5.3: codes outside 200-299 and 400-599 are refused in both forms") {
    for (const char* code : {"100", "199", "300", "399", "600", "999", "0", "-200"}) {
        CAPTURE(code);
        CHECK(field_of(decode_ack(json_ack(R"("code":)" + std::string(code)))) == "code");
        CHECK(!decode_ack(std::string(kId) + " " + code));
    }
    for (const int code : {200, 299, 400, 499, 500, 599}) {
        CHECK(decode_ack(json_ack(R"("code":)" + std::to_string(code))).value().code == code);
        CHECK(decode_ack(std::string(kId) + " " + std::to_string(code)).value().code == code);
    }
}

TEST_CASE("SPEC 5.1: acks in JSON that break a rule are refused") {
    CHECK(field_of(decode_ack(R"({"code":200})")) == "id");
    CHECK(field_of(decode_ack(R"({"id":"a/b","code":200})")) == "id");
    CHECK(field_of(decode_ack(R"({"id":"a"})")) == "code");
    CHECK(field_of(decode_ack(json_ack(R"("code":"200")"))) == "code");
    CHECK(field_of(decode_ack(json_ack(R"("code":200.0)"))) == "code");
    CHECK(field_of(decode_ack(json_ack(R"("code":200,"msg":1)"))) == "msg");
    CHECK(field_of(decode_ack(json_ack(R"("code":200,"msg":")" + std::string(513, 'm') + '"'))) == "msg");
    CHECK(field_of(decode_ack(json_ack(R"("code":202,"progress":101)"))) == "progress");
    CHECK(field_of(decode_ack(json_ack(R"("code":202,"progress":-1)"))) == "progress");
    CHECK(field_of(decode_ack(json_ack(R"("code":503,"after":0)"))) == "after");
    CHECK(field_of(decode_ack(json_ack(R"("code":503,"after":2592001)"))) == "after");
    CHECK(!decode_ack(json_ack(R"("code":200,"code":400)")));
    CHECK(!decode_ack(json_ack(R"("code":200,"value":1e999)")));
    CHECK(!decode_ack(json_ack(R"("code":200,"msg":"\u0000")")));
    CHECK(decode_ack(json_ack(R"("code":200,"value":")" + std::string(limits::kAckBytes, 'v') + '"'))
              .error()
              .code == ErrorCode::too_large);
}

TEST_CASE("SPEC 5.7: birth messages") {
    DeviceInfo info;
    info.template_name = "refrigerator";
    CHECK(encode(info) == R"({"proto":1,"template":"refrigerator","remembers":0})");
    info.name = "Lobby";
    info.tags = {{"site", "oslo"}, {"floor", 2}, {"retired", false}};
    info.remembers = 8;
    const DeviceInfo read = decode_info(encode(info)).value();
    CHECK(read.proto == 1);
    CHECK(read.template_name == info.template_name);
    CHECK(read.name == info.name);
    CHECK(read.tags == info.tags);
    CHECK(read.remembers == 8);
    CHECK(decode_info(R"({"proto":1,"template":"t"})").value().remembers == 0);
}

TEST_CASE("SPEC 5.7: birth messages that break a rule are refused") {
    CHECK(field_of(decode_info(R"({"template":"t"})")) == "proto");
    CHECK(field_of(decode_info(R"({"proto":2,"template":"t"})")) == "proto");
    CHECK(field_of(decode_info(R"({"proto":1})")) == "template");
    CHECK(field_of(decode_info(R"({"proto":1,"template":"a b"})")) == "template");
    CHECK(field_of(decode_info(R"({"proto":1,"template":"t","name":7})")) == "name");
    CHECK(field_of(decode_info(R"({"proto":1,"template":"t","tags":[]})")) == "tags");
    CHECK(field_of(decode_info(R"({"proto":1,"template":"t","tags":{"a-b":1}})")) == "tags");
    CHECK(field_of(decode_info(R"({"proto":1,"template":"t","tags":{"a":null}})")) == "tags.a");
    CHECK(field_of(decode_info(R"({"proto":1,"template":"t","tags":{"a":{}}})")) == "tags.a");
    CHECK(field_of(decode_info(R"({"proto":1,"template":"t","remembers":-1})")) == "remembers");
    CHECK(field_of(decode_info(R"({"proto":1,"template":"t","remembers":65536})")) == "remembers");
    const std::string long_name(limits::kDeviceNameLength + 1, 'n');
    CHECK(field_of(decode_info(R"({"proto":1,"template":"t","name":")" + long_name + "\"}")) == "name");
    CHECK(!decode_info(""));
    CHECK(!decode_info(std::string(limits::kInfoBytes + 1, ' ')));
}

TEST_CASE("SPEC 5.5: status") {
    CHECK(decode_status(encode_status(true)).value());
    CHECK(!decode_status(encode_status(false)).value());
    CHECK(decode_status("online\n").value());
    for (const char* text : {"", "Online", "online ", " online", "onlineoffline", "\"online\"", "1"}) {
        CAPTURE(text);
        CHECK(decode_status(text).error().code == ErrorCode::invalid);
    }
}

TEST_CASE("SPEC 5.8: reported values") {
    const json::object state =
        decode_state(R"({"fanSpeed":3,"firmware":"1.4.0","door":null,"log":[1,{"a":2}]})").value();
    CHECK(state ==
          json::parse(R"({"fanSpeed":3,"firmware":"1.4.0","door":null,"log":[1,{"a":2}]})").as_object());
    CHECK(decode_state("{}").value().empty());
    for (const char* text : {"", "[]", "null", "3", R"({"fan-speed":1})", R"({"":1})", R"({"a":1,"a":2})"}) {
        CAPTURE(text);
        CHECK(!decode_state(text));
    }
    CHECK(!decode_state(R"({"a":")" + std::string(limits::kStateBytes, 'x') + "\"}"));
    std::string many = "{";
    for (std::size_t i = 0; i <= limits::kValuesPerDevice; ++i) {
        many += (i == 0 ? "\"f" : ",\"f") + std::to_string(i) + "\":0";
    }
    CHECK(!decode_state(many + "}"));
}
