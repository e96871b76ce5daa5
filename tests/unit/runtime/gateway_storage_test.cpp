// A gateway whose storage is full, or fails.
#include "daemon/runtime/gateway.hpp"
#include "protocol/codec.hpp"
#include "tests/support/process.hpp"
#include "tests/unit/runtime/gateway_harness.hpp"

#include <doctest/doctest.h>

#include <algorithm>
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

boost::json::object last_gateway_status(GatewayHarness& gateway) {
    const auto told = gateway.link.published(gateway.topics.gateway_status());
    REQUIRE_FALSE(told.empty());
    CHECK(told.back().retain);
    return parse_json(told.back().payload, 4096, 4).value().as_object();
}

std::string store_state(GatewayHarness& gateway) {
    return std::string(gateway.call("status").at("result").at("store").at("state").as_string());
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
    CHECK(status.at("store").at("state") == "full");
    CHECK(status.at("store").at("detail") == "no space left");
    CHECK_FALSE(status.at("readiness").at("ready").as_bool());
    CHECK(status.at("readiness").at("checks").at("store") == "full: no space left");
    CHECK(last_gateway_status(gateway).at("store").at("state") == "full");
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
    CHECK(last_gateway_status(gateway).at("store").at("state") == "ok");
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
    // Tried again and again, until long after the progress was due.
    while (gateway.store.refused() < 10) {
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

TEST_CASE(
    "promise 7: while the storage fails nothing is published or done; opened anew, it goes on from the "
    "disk") {
    GatewayHarness gateway;
    gateway.add_device("fridge-1");
    gateway.settle();
    gateway.store.fail_next_commit(make_error(ErrorCode::internal, "the disk is broken"));
    const auto id = gateway.ask("job/save", fan_job(true));
    const auto refused = gateway.call("job/save", fan_job(true));
    CHECK(code_of(refused) == "unavailable");
    CHECK(refused.at("error").at("message") == "the storage is failing: the disk is broken");
    CHECK(gateway.link.published(gateway.topics.response("anna", id)).empty());
    CHECK(code_of(gateway.call("job/list")) == "unavailable");
    CHECK(store_state(gateway) == "failing");
    CHECK(last_gateway_status(gateway).at("status") == "online");
    CHECK(last_gateway_status(gateway).at("store").at("detail") == "the disk is broken");
    gateway.from_device("fridge-1", DeviceTopic::state, R"({"fanSpeed":1})");
    while (gateway.store.not_opened() == 0) {
        gateway.settle();
    }
    CHECK(store_state(gateway) == "failing");
    CHECK(gateway.link.published(command_topic(gateway)).empty());
    CHECK(gateway.link.published(gateway.topics.job(JobId{1})).empty());

    gateway.store.mend();
    while (store_state(gateway) != "ok") {
    }
    CHECK(last_gateway_status(gateway).at("store").at("state") == "ok");
    // The job that was refused is not there; the next one gets its number.
    const auto saved = gateway.call("job/save", fan_job(true));
    CHECK(code_of(saved) == "");
    CHECK(saved.at("result").at("job") == 1);
    CHECK(gateway.link.wait_for(gateway.topics.announce(), 2).size() ==
          2);  // who went meanwhile was not heard
    gateway.from_device("fridge-1", DeviceTopic::status, "online");
    CHECK(gateway.link.wait_for(command_topic(gateway)).size() == 1);
}

TEST_CASE(
    "a storage that fails in the middle of a job: what the disk holds is sent again, and the job ends") {
    GatewayHarness gateway;
    gateway.add_device("fridge-1");
    CHECK(code_of(gateway.call("job/save", fan_job(true))) == "");
    const auto sent = gateway.link.wait_for(command_topic(gateway));
    REQUIRE(sent.size() == 1);
    const auto ack = decode_operation(sent[0].payload)->id + " 200";
    gateway.settle();
    gateway.store.fail_next_commit(make_error(ErrorCode::internal, "the disk is broken"));
    gateway.from_device("fridge-1", DeviceTopic::ack, ack);
    gateway.settle();
    CHECK(store_state(gateway) == "failing");
    gateway.store.mend();
    while (store_state(gateway) != "ok") {
    }
    CHECK(gateway.store.rows(JobId{1}).at(0).state == core::ExecutionState::pending);
    gateway.from_device("fridge-1", DeviceTopic::status, "online");  // as it was asked
    const auto again = gateway.link.wait_for(command_topic(gateway), 2);
    REQUIRE(again.size() == 2);
    CHECK(decode_operation(again[1].payload)->id == decode_operation(sent[0].payload)->id);
    gateway.from_device("fridge-1", DeviceTopic::ack, ack);
    gateway.settle();
    CHECK(gateway.call("job/get", {{"job", 1}}).at("result").at("status") == "Completed");
}

TEST_CASE("damage that a read finds stops the gateway from going on, until it is started anew") {
    GatewayHarness gateway;
    gateway.add_device("fridge-1");
    CHECK(code_of(gateway.call("job/save", fan_job(false))) == "");
    gateway.store.damage();
    CHECK(code_of(gateway.call("job/devices", {{"job", 1}})) == "internal");
    CHECK(store_state(gateway) == "damaged");
    CHECK(code_of(gateway.call("job/run", {{"job", 1}})) == "unavailable");
    CHECK(gateway.link.published(command_topic(gateway)).empty());
    CHECK(last_gateway_status(gateway).at("store").at("state") == "damaged");
    gateway.stop();
    CHECK(gateway.ended().has_value());
    CHECK(gateway.store.not_opened() == 0);
}

TEST_CASE("a broker that comes back while the storage fails is told how it is") {
    GatewayHarness gateway;
    gateway.store.fail_next_commit(make_error(ErrorCode::internal, "the disk is broken"));
    static_cast<void>(gateway.ask("job/save", fan_job(false)));
    CHECK(store_state(gateway) == "failing");
    const auto before = gateway.link.published(gateway.topics.gateway_status()).size();
    gateway.link.disconnect("gone");
    gateway.link.connect();
    gateway.settle();
    CHECK(gateway.link.published(gateway.topics.gateway_status()).size() == before + 1);
    CHECK(last_gateway_status(gateway).at("store").at("state") == "failing");
    CHECK(gateway.link.published(gateway.topics.announce()).size() == 1);
}

TEST_CASE("a deletion that was stored though the storage failed: the job's topic is cleared") {
    GatewayHarness gateway;
    gateway.add_device("fridge-1");
    CHECK(code_of(gateway.call("job/save", fan_job(false))) == "");
    CHECK(gateway.link.wait_for(gateway.topics.job(JobId{1})).size() == 1);
    gateway.store.fail_next_commit_but_keep(make_error(ErrorCode::internal, "the disk is broken"));
    static_cast<void>(gateway.ask("job/delete", {{"job", 1}}));
    CHECK(store_state(gateway) == "failing");
    gateway.store.mend();
    while (store_state(gateway) != "ok") {
    }
    const auto told = gateway.link.wait_for(gateway.topics.job(JobId{1}), 2);
    REQUIRE(told.size() == 2);
    CHECK(told[1].payload.empty());
    CHECK(told[1].retain);
}

namespace {

// A job on the only device, whose end waits for the store. Which job; commits are made in two halves only
// while somebody reads, so it may be a later one.
std::uint64_t job_with_held_end(GatewayHarness& gateway) {
    const auto commands = gateway.topics.device("fridge-1", DeviceTopic::cmd);
    for (std::uint64_t job = 1; job <= 50; ++job) {
        CHECK(gateway.call("job/save", fan_job(true)).at("ok").as_bool());
        REQUIRE(test::eventually([&] { return gateway.link.published(commands).size() == job; }));
        const auto operation = decode_operation(gateway.link.published(commands).back().payload).value();
        gateway.store.hold_commits();
        CHECK(gateway.read("session/get").at("ok").as_bool());
        gateway.from_device("fridge-1", DeviceTopic::ack, operation.id + " 200");
        REQUIRE(test::eventually(
            [&] { return gateway.store.rows(JobId{job})[0].state == core::ExecutionState::completed; }));
        if (gateway.store.is_held()) {
            return job;
        }
        gateway.store.let_go();
    }
    return 0;
}

bool is_told(GatewayHarness& gateway, std::uint64_t job) {
    return std::ranges::any_of(gateway.link.published(gateway.topics.job(JobId{job})),
                               [](const mqtt::Publication& publication) {
                                   return publication.payload.find(R"("Completed")") != std::string::npos;
                               });
}

}  // namespace

TEST_CASE("while the disk works at a commit reads are answered and see it, and nobody is told") {
    GatewayHarness gateway;
    gateway.add_device("fridge-1");
    gateway.settle();
    const auto job = job_with_held_end(gateway);
    REQUIRE(job > 0);
    for (int i = 0; i < 3; ++i) {
        CHECK(gateway.read("job/get", {{"job", job}}).at("result").at("status") == "Completed");
    }
    CHECK(gateway.read("job/devices", {{"job", job}}).at("result").at("items").as_array().size() == 1);
    CHECK_FALSE(is_told(gateway, job));
    gateway.store.let_go();
    CHECK(test::eventually([&] { return is_told(gateway, job); }));
}

TEST_CASE("a disk that fails in the middle of a commit: nothing of it is told, and all is read anew") {
    GatewayHarness gateway;
    gateway.add_device("fridge-1");
    gateway.settle();
    const auto job = job_with_held_end(gateway);
    REQUIRE(job > 0);
    gateway.store.let_go(make_error(ErrorCode::internal, "the disk is broken"));
    REQUIRE(test::eventually([&] { return store_state(gateway) == "failing"; }));
    CHECK_FALSE(is_told(gateway, job));
    CHECK_FALSE(gateway.call("job/get", {{"job", job}}).at("ok").as_bool());
    gateway.store.mend();
    CHECK(test::eventually([&] { return gateway.call("job/get", {{"job", job}}).at("ok").as_bool(); }));
}

}  // namespace muster::runtime
