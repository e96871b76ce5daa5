// A gateway whose storage is full, or fails.
#include "daemon/runtime/gateway.hpp"
#include "protocol/codec.hpp"
#include "tests/unit/runtime/gateway_harness.hpp"

#include <doctest/doctest.h>

#include <string>

namespace muster::runtime {
namespace {

using test::fan_job;
using test::GatewayHarness;

std::string command_topic(const GatewayHarness& gateway) {
    return gateway.topics.device("fridge-1", DeviceTopic::cmd);
}

std::string code_of(const boost::json::object& reply) {
    return reply.at("ok").as_bool() ? "" : std::string(reply.at("error").at("code").as_string());
}

}  // namespace

TEST_CASE("while the storage is full nothing is published or answered; then everything is") {
    GatewayHarness gateway;
    gateway.add_device("fridge-1");
    gateway.settle();
    gateway.store.fill(true);
    const auto id = gateway.ask("job/save", fan_job(true));
    const auto status = gateway.call("status").at("result");
    CHECK_FALSE(status.at("store").at("healthy").as_bool());
    CHECK(status.at("store").at("detail") == "no space left");
    CHECK(code_of(gateway.call("job/list")) == "unavailable");
    CHECK(code_of(gateway.call("job/save", fan_job(false))) == "unavailable");
    CHECK(gateway.link.published(gateway.topics.response("anna", id)).empty());
    CHECK(gateway.link.published(command_topic(gateway)).empty());
    CHECK(gateway.link.published(gateway.topics.job(JobId{1})).empty());

    gateway.store.fill(false);
    CHECK(code_of(gateway.reply(id)) == "");
    CHECK(gateway.link.wait_for(command_topic(gateway)).size() == 1);
    CHECK(gateway.store.rows(JobId{1}).size() == 1);
    CHECK(gateway.call("status").at("result").at("store").at("healthy").as_bool());
}

TEST_CASE("what devices say while the storage is full is kept, and told in its order") {
    GatewayHarness gateway;
    gateway.add_device("fridge-1");
    gateway.settle();
    gateway.store.fill(true);
    const auto id = gateway.ask("set/put", {{"set", "other"}, {"template", "fridge"}});
    gateway.from_device("fridge-1", DeviceTopic::status, "offline");
    gateway.from_device("fridge-1", DeviceTopic::state, R"({"fanSpeed":1})");
    gateway.from_device("fridge-1", DeviceTopic::state, R"({"fanSpeed":2})");
    gateway.settle();
    gateway.store.fill(false);
    CHECK(code_of(gateway.reply(id)) == "");
    gateway.settle();  // what was kept comes before what is new
    const auto device = gateway.store.snapshot().devices.at(0);
    CHECK_FALSE(device.online);
    CHECK(device.reported.text() == R"({"fanSpeed":2})");
}

TEST_CASE("a job topic never tells what is not in the store") {
    GatewayHarness gateway;
    gateway.add_device("fridge-1");
    gateway.add_device("fridge-2");
    CHECK(code_of(gateway.call("job/save", fan_job(true))) == "");
    const auto first = gateway.link.wait_for(command_topic(gateway));
    const auto second = gateway.link.wait_for(gateway.topics.device("fridge-2", DeviceTopic::cmd));
    gateway.settle();
    // Progress that is due within a quarter second, and a verdict that cannot be stored.
    gateway.from_device("fridge-1", DeviceTopic::ack, decode_operation(first.at(0).payload)->id + " 200");
    gateway.settle();
    gateway.store.fill(true);
    gateway.from_device("fridge-2", DeviceTopic::ack, decode_operation(second.at(0).payload)->id + " 200");
    // The storage is tried again every second: long after the progress was due.
    while (gateway.store.refused() < 2) {
        gateway.settle();
    }
    for (const auto& told : gateway.link.published(gateway.topics.job(JobId{1}))) {
        CHECK(told.payload.find(R"("succeeded":2)") == std::string::npos);
    }
    gateway.store.fill(false);
    for (std::size_t count = 1; count < 20; ++count) {
        const auto told = gateway.link.wait_for(gateway.topics.job(JobId{1}), count);
        REQUIRE(told.size() == count);
        if (told.back().payload.find(R"("Completed")") != std::string::npos) {
            return;
        }
    }
    FAIL("the end of the job was never told");
}

TEST_CASE("a storage that failed ends run() with its error; nothing is published or answered any more") {
    GatewayHarness gateway;
    gateway.add_device("fridge-1");
    gateway.settle();
    gateway.store.fail_next_commit(make_error(ErrorCode::internal, "the disk is broken"));
    const auto id = gateway.ask("job/save", fan_job(true));
    const auto question = gateway.ask("job/list");
    const auto ended = gateway.ended();
    REQUIRE_FALSE(ended.has_value());
    CHECK(ended.error().message == "the disk is broken");
    CHECK(gateway.link.published(gateway.topics.response("anna", id)).empty());
    CHECK(gateway.link.published(gateway.topics.response("anna", question)).empty());
    CHECK(gateway.link.published(command_topic(gateway)).empty());
    CHECK(gateway.link.published(gateway.topics.job(JobId{1})).empty());
    CHECK(gateway.link.stopped());
}

}  // namespace muster::runtime
