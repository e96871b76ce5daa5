#include "daemon/runtime/log.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "tests/support/captured_errors.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/runtime/gateway_harness.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <regex>

namespace muster::runtime {
namespace {

// The lines that a gateway writes while `what` happens to it, as text, from info up.
template <class Function>
std::vector<std::string> log_of(Function what) {
    const test::CapturedErrors errors;
    set_up_log(LogLevel::info, false);
    {
        test::GatewayHarness gateway;
        what(gateway);
        gateway.settle();
        gateway.stop();
        static_cast<void>(gateway.ended());
    }
    return test::lines_of(errors.text());
}

std::size_t count(const std::vector<std::string>& lines, std::string_view part) {
    return static_cast<std::size_t>(std::ranges::count_if(
        lines, [part](const std::string& line) { return line.find(part) != std::string::npos; }));
}

}  // namespace

TEST_CASE("a line of the log has its time, level and event; what is below the level is not written") {
    const test::CapturedErrors errors;
    set_up_log(LogLevel::info, false);
    log(LogLevel::debug, "hidden", {});
    log(LogLevel::warning, "shown", {{"name", "fridge-1"}});
    set_log_level(LogLevel::error);
    CHECK_FALSE(is_logged(LogLevel::warning));
    log(LogLevel::warning, "hidden", {});
    const auto lines = test::lines_of(errors.text());
    REQUIRE(lines.size() == 1);
    CHECK(std::regex_match(lines[0], std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warning )"
                                                R"(event=shown name="fridge-1")")));
}

TEST_CASE("with the format json each line of the log is an object") {
    const test::CapturedErrors errors;
    set_up_log(LogLevel::info, true);
    log(LogLevel::info, "started", {{"version", "1\x1b"}});
    log_notice({core::NoticeKind::job_ended, JobId{7}, {}, core::Reason::none, "Completed"});
    const auto lines = test::lines_of(errors.text());
    REQUIRE(lines.size() == 2);
    const auto first = parse_json(lines[0], limits::kRequestBytes, 2).value();
    CHECK(first.at("level") == "info");
    CHECK(first.at("event") == "started");
    CHECK(first.at("version") == "1\x1b");
    const auto second = parse_json(lines[1], limits::kRequestBytes, 2).value();
    CHECK(second.at("event") == "job_ended");
    CHECK(second.at("job") == "7");
}

TEST_CASE("Promise 6: of a device that sends nonsense there are some lines, and a count of the rest") {
    const auto lines = log_of([](test::GatewayHarness& gateway) {
        for (int i = 0; i < 1'000; ++i) {
            gateway.from_device("noisy-1", DeviceTopic::ack, "\x1b]0;owned\x07");
        }
        gateway.from_device("quiet-1", DeviceTopic::status, "perhaps");
        gateway.settle();
        CHECK(gateway.counter("messages_malformed") == 1'001);
        CHECK(gateway.counter("log_suppressed") == 1'000 - 5);
    });
    CHECK(count(lines, "noisy-1/ack") == 5);
    CHECK(count(lines, "quiet-1/status") == 1);
    CHECK(count(lines, R"(event=log_suppressed lines="995" noisiest="noisy-1" of_noisiest="995")") == 1);
    CHECK(lines.size() < 30);
}

TEST_CASE("Promise 6: acks of nothing that was sent are logged with the same bound") {
    const auto lines = log_of([](test::GatewayHarness& gateway) {
        for (int i = 0; i < 100; ++i) {
            gateway.from_device("noisy-1", DeviceTopic::ack, "1.0.0-AAAAAAAA 200");
        }
        gateway.settle();
        CHECK(gateway.counter("ack_foreign") == 100);
    });
    CHECK(count(lines, "event=ack_foreign") == 5);
    CHECK(count(lines, R"(event=log_suppressed lines="95")") == 1);
}

TEST_CASE("a refused request is one line of the log, and not without end") {
    const auto once = log_of([](test::GatewayHarness& gateway) {
        static_cast<void>(gateway.call("job/run", {{"job", 7}}));
    });
    CHECK(count(once, "there is no job 7") == 1);
    CHECK(count(once, R"(event=request_refused user="anna" error="not_found")") == 1);
    const auto often = log_of([](test::GatewayHarness& gateway) {
        for (int i = 0; i < 200; ++i) {
            gateway.request("mallory", "job/explode", mqtt::Inbound{});
        }
        gateway.settle();
    });
    CHECK(count(often, "mallory") == 5 + 1);
}

TEST_CASE("Promise 6: an oversized message of a device changes nothing, and is logged and counted") {
    const auto lines = log_of([](test::GatewayHarness& gateway) {
        gateway.add_device("fridge-1");
        for (const auto kind :
             {DeviceTopic::info, DeviceTopic::state, DeviceTopic::ack, DeviceTopic::status}) {
            gateway.from_device("fridge-1", kind, std::string(limits::kInfoBytes + 1, ' '));
        }
        gateway.from_device("fridge-1", DeviceTopic::state,
                            R"({"a":1})" + std::string(limits::kStateBytes - 7, ' '));
        CHECK(gateway.counter("messages_oversized") == 4);
        CHECK(gateway.counter("messages_malformed") == 0);
        const auto device = gateway.call("device/get", {{"device", "fridge-1"}}).at("result");
        CHECK(device.at("reported").at("a") == 1);
        CHECK(device.at("online").as_bool());
    });
    CHECK(count(lines, R"(event=message_oversized topic="muster/v1/dev/fridge-1/info" bytes="16385")") == 1);
    CHECK(count(lines, "event=message_oversized") == 4);
}

TEST_CASE("SPEC 6.2: a request over its limit is refused where its properties say, and not parsed") {
    static_cast<void>(log_of([](test::GatewayHarness& gateway) {
        mqtt::Inbound message;
        message.payload = R"({"id":"big"})" + std::string(limits::kRequestBytes, ' ');
        message.response_topic = gateway.topics.response("anna", "here");
        message.correlation = "c";
        gateway.request("anna", "job/list", message);
        const auto replies = gateway.link.wait_for(message.response_topic);
        REQUIRE(replies.size() == 1);
        CHECK(replies[0].correlation == "c");
        CHECK(replies[0].payload.find("\"too_large\"") != std::string::npos);
        message.response_topic = gateway.topics.response("vera", "here");
        gateway.request("anna", "job/list", message);
        gateway.settle();
        CHECK(gateway.link.published(message.response_topic).empty());
        CHECK(gateway.counter("messages_oversized") == 2);
        message.payload.resize(limits::kRequestBytes);
        message.response_topic = gateway.topics.response("anna", "fits");
        gateway.request("anna", "job/list", message);
        const auto fitting = gateway.link.wait_for(message.response_topic);
        REQUIRE(fitting.size() == 1);
        CHECK(fitting[0].payload.find("\"ok\":true") != std::string::npos);
    }));
}

}  // namespace muster::runtime
