#include "daemon/runtime/gateway.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "tests/unit/runtime/gateway_harness.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace muster::runtime {
namespace {

using test::fan_job;
using test::GatewayHarness;

mqtt::Inbound with_response(std::string topic, std::string payload = "{}") {
    mqtt::Inbound message;
    message.payload = std::move(payload);
    message.response_topic = std::move(topic);
    message.correlation = std::string("\0\xff c7", 5);
    return message;
}

std::string command_topic(const GatewayHarness& gateway) {
    return gateway.topics.device("fridge-1", DeviceTopic::cmd);
}

}  // namespace

TEST_CASE("B02: an operation is in the store before it is published, and its answer before it is told") {
    GatewayHarness gateway;
    gateway.add_device("fridge-1");
    gateway.settle();
    std::atomic<int> early{0};
    const auto reply_topic = gateway.topics.response_prefix("anna");
    gateway.link.observe([&](const mqtt::Publication& publication) {
        const auto is_command = publication.topic == command_topic(gateway);
        const auto is_reply = publication.topic.starts_with(reply_topic) &&
                              publication.payload.find("\"status\":\"Running\"") != std::string::npos;
        if (is_command || is_reply) {
            const auto rows = gateway.store.rows(JobId{1});
            early += rows.size() == 1 && rows[0].phase == core::Phase::sent ? 0 : 1;
        }
    });
    CHECK(gateway.call("job/save", fan_job(true)).at("ok").as_bool());
    const auto sent = gateway.link.wait_for(command_topic(gateway));
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].qos == 1);
    CHECK_FALSE(sent[0].retain);
    CHECK(sent[0].response_topic == gateway.topics.device("fridge-1", DeviceTopic::ack));
    const auto operation = decode_operation(sent[0].payload).value();
    CHECK(sent[0].correlation == operation.id);
    CHECK(sent[0].expiry_seconds.value() > 86'000);
    CHECK(early == 0);

    gateway.from_device("fridge-1", DeviceTopic::ack, operation.id + " 200");
    gateway.settle();
    CHECK(gateway.store.rows(JobId{1})[0].state == core::ExecutionState::completed);
    CHECK(gateway.call("job/get", {{"job", 1}}).at("result").at("status") == "Completed");
}

TEST_CASE("a read that comes while a long batch is at work is answered before its end") {
    constexpr int kAcks = 300;
    const auto first = Topics::standard().response("anna", "first");
    const auto second = Topics::standard().response("anna", "second");
    GatewayHarness gateway;
    const auto ask = [&gateway](const std::string& id) {
        mqtt::Inbound message;
        message.payload = R"({"id":")" + id + R"("})";
        gateway.request("anna", "status", std::move(message));
    };
    // While the first answer is published, the thread does nothing else: what comes then is one batch.
    gateway.link.observe([&](const mqtt::Publication& publication) {
        if (publication.topic == first) {
            gateway.advance(Milliseconds{500});  // batches are large again
            ask("second");
            for (int i = 0; i < kAcks; ++i) {
                gateway.from_device("fridge-1", DeviceTopic::ack, "nonsense");
            }
        } else if (publication.topic == second) {
            ask("third");  // the batch is at work
        }
    });
    ask("first");
    const auto answers = gateway.link.wait_for(gateway.topics.response("anna", "third"));
    REQUIRE(answers.size() == 1);
    const auto body = parse_json(answers[0].payload, limits::kReplyBytes, limits::kRequestJsonDepth).value();
    const auto seen = body.at("result").at("counters").at("messages_malformed").to_number<int>();
    CHECK(seen >= 60);
    CHECK(seen < kAcks);
    CHECK(gateway.counter("messages_malformed") == kAcks);
}

namespace {

constexpr int kWhoWait = 40;

// Devices that a job waits for come online in one batch, and at the third message to them `at_third` is
// called on the engine thread. Returns how many had been sent to when the read "meanwhile" was answered; 0:
// it was not.
int sent_before_answer(GatewayHarness& gateway, const std::function<void()>& at_third) {
    const auto each = [](const std::function<void(const std::string&)>& call) {
        for (int i = 0; i < kWhoWait; ++i) {
            call("fridge-" + std::to_string(i));
        }
    };
    each([&](const auto& device) {
        gateway.from_device(device, DeviceTopic::info, R"({"proto":1,"template":"fridge","remembers":8})",
                            true);
    });
    CHECK(gateway.call("job/save", fan_job(true)).at("ok").as_bool());
    struct Seen {
        std::atomic<int> sent{0};
        std::atomic<int> before_answer{0};
    };
    const auto seen = std::make_shared<Seen>();  // the link calls its observer as long as it lives
    const auto first = gateway.topics.response("anna", "first");
    const auto meanwhile = gateway.topics.response("anna", "meanwhile");
    gateway.link.observe([=, &gateway](const mqtt::Publication& publication) {
        if (publication.topic == first) {
            gateway.advance(Milliseconds{500});  // batches are large again
            each([&](const auto& device) { gateway.from_device(device, DeviceTopic::status, "online"); });
        } else if (publication.topic == meanwhile) {
            seen->before_answer = seen->sent.load();
        } else if (publication.topic.ends_with("/cmd") && ++seen->sent == 3) {
            at_third();
        }
    });
    mqtt::Inbound message;
    message.payload = R"({"id":"first"})";
    gateway.request("anna", "status", std::move(message));
    CHECK(gateway.link.wait_for(meanwhile).size() == 1);
    gateway.settle();
    CHECK(seen->sent == kWhoWait);
    return seen->before_answer;
}

void read_devices(GatewayHarness& gateway, const std::string& id) {
    mqtt::Inbound message;
    message.payload = R"({"job":1,"id":")" + id + R"("})";
    gateway.request("anna", "job/devices", std::move(message));
}

}  // namespace

TEST_CASE("a read that comes while messages are published is answered before the last of them") {
    GatewayHarness gateway;
    const auto sent = sent_before_answer(gateway, [&] { read_devices(gateway, "meanwhile"); });
    CHECK(sent >= 3);
    CHECK(sent < kWhoWait / 2);
}

TEST_CASE("a read between messages that finds the storage failed leaves them and the gateway as they are") {
    GatewayHarness gateway;
    const auto sent = sent_before_answer(gateway, [&] {
        gateway.store.damage();
        read_devices(gateway, "before");
        read_devices(gateway, "meanwhile");
    });
    CHECK(sent < kWhoWait / 2);
    for (const auto* id : {"before", "meanwhile"}) {
        const auto answers = gateway.link.published(gateway.topics.response("anna", id));
        REQUIRE(answers.size() == 1);
        CHECK(answers[0].payload.find("\"ok\":false") != std::string::npos);
    }
    CHECK(gateway.call("status").at("result").at("store").at("state") == "damaged");
}

TEST_CASE("while somebody reads, batches are small") {
    constexpr int kMessages = 400;
    const auto first = Topics::standard().response("anna", "first");
    GatewayHarness gateway;
    gateway.add_device("fridge-1");
    // While an answer is published, the thread does nothing else.
    gateway.link.observe([&](const mqtt::Publication& publication) {
        for (int i = 0; publication.topic == first && i < kMessages; ++i) {
            gateway.from_device("fridge-1", DeviceTopic::status, i % 2 == 0 ? "offline" : "online");
        }
    });
    const auto before = gateway.counter("commits");
    mqtt::Inbound message;
    message.payload = R"({"id":"first"})";
    gateway.request("anna", "status", std::move(message));
    CHECK(gateway.link.wait_for(first).size() == 1);
    CHECK(gateway.counter("commits") - before >= kMessages / 50);
}

TEST_CASE("SPEC 6.4: a reply goes to the Response Topic with its Correlation Data") {
    GatewayHarness gateway;
    const auto topic = gateway.topics.response_prefix("anna") + "here";
    auto message = with_response(topic, R"({"id":"q1"})");
    const auto correlation = message.correlation;
    gateway.request("anna", "status", message);
    const auto replies = gateway.link.wait_for(topic);
    REQUIRE(replies.size() == 1);
    CHECK(replies[0].correlation == correlation);
    CHECK(replies[0].qos == 1);
    CHECK_FALSE(replies[0].retain);
    CHECK(replies[0].payload.starts_with(R"({"id":"q1","ok":true)"));
    CHECK(gateway.link.published(gateway.topics.response("anna", "q1")).empty());
}

TEST_CASE("SPEC 6.4: a Response Topic outside the user's own is refused, and nothing is carried out") {
    GatewayHarness gateway;
    for (const std::string topic : {"elsewhere", "muster/v1/api/vera/res/x", "muster/v1/api/anna/req/status",
                                    "muster/v1/dev/fridge-1/cmd", "muster/v1/api/anna/res/#"}) {
        auto body = fan_job(false);
        body["id"] = "refused";
        gateway.request("anna", "job/save", with_response(topic, format_json(body)));
        gateway.settle();
        CHECK(gateway.link.published(topic).empty());
    }
    const auto refusals = gateway.link.wait_for(gateway.topics.response("anna", "refused"), 5);
    REQUIRE(refusals.size() == 5);
    CHECK(refusals[0].payload.find("\"forbidden\"") != std::string::npos);
    CHECK(gateway.store.snapshot().jobs.empty());
}

TEST_CASE("SPEC 6.4: a request without id and Response Topic is carried out, and not answered") {
    GatewayHarness gateway;
    const auto replies = [&gateway] {
        std::size_t count = 0;
        for (const auto& one : gateway.link.published()) {
            count += one.topic.starts_with(gateway.topics.response_prefix("anna")) ? 1U : 0U;
        }
        return count;
    };
    const auto before = replies();
    mqtt::Inbound silent;
    silent.payload = format_json(fan_job(false));
    gateway.request("anna", "job/save", silent);
    gateway.request("anna", "job/explode", mqtt::Inbound{});
    static_cast<void>(gateway.call("status"));
    CHECK(replies() == before + 1);
    CHECK(gateway.store.snapshot().jobs.size() == 1);
}

TEST_CASE("SPEC 6.4: a retained request is ignored") {
    GatewayHarness gateway;
    auto body = fan_job(false);
    body["id"] = "old";
    mqtt::Inbound message;
    message.payload = format_json(body);
    message.retained = true;
    gateway.request("anna", "job/save", message);
    gateway.settle();
    CHECK(gateway.store.snapshot().jobs.empty());
    CHECK(gateway.link.published(gateway.topics.response("anna", "old")).empty());
}

TEST_CASE("SPEC 6.1: who asks is read from the topic, and may do what the role says") {
    GatewayHarness gateway;
    for (const auto* user : {"vera", "stranger"}) {
        auto body = fan_job(false);
        body["id"] = "q";
        mqtt::Inbound message;
        message.payload = format_json(body);
        gateway.request(user, "job/save", message);
        const auto replies = gateway.link.wait_for(gateway.topics.response(user, "q"));
        REQUIRE(replies.size() == 1);
        CHECK(replies[0].payload.find("\"forbidden\"") != std::string::npos);
    }
    CHECK(gateway.store.snapshot().jobs.empty());
}

TEST_CASE("SPEC 6.2: a body that is no JSON object is refused where the answer can still be sent") {
    GatewayHarness gateway;
    int number = 0;
    for (const std::string body : {"{", "[]", "7", "{\"a\":1,\"a\":2}", "\xff"}) {
        const auto topic = gateway.topics.response_prefix("anna") + std::to_string(++number);
        gateway.request("anna", "status", with_response(topic, body));
        const auto replies = gateway.link.wait_for(topic);
        REQUIRE(replies.size() == 1);
        CHECK(replies[0].payload.find("\"invalid\"") != std::string::npos);
    }
    const auto topic = gateway.topics.response_prefix("anna") + "empty";
    gateway.request("anna", "status", with_response(topic, ""));
    REQUIRE(gateway.link.wait_for(topic).size() == 1);
}

TEST_CASE("SPEC 1.5: bytes that are no message are counted, and change nothing") {
    GatewayHarness gateway;
    gateway.add_device("fridge-1");
    CHECK(gateway.counter("messages_malformed") == 0);
    gateway.from_device("fridge-1", DeviceTopic::status, "perhaps");
    gateway.from_device("fridge-1", DeviceTopic::info, "{\"proto\":2}");
    gateway.from_device("fridge-1", DeviceTopic::state, "[]");
    gateway.from_device("fridge-1", DeviceTopic::ack, "\xff\xfe");
    gateway.from_device("fridge-1", DeviceTopic::ack, "");
    gateway.from_device("fridge-1", DeviceTopic::ack, "1.0.0-AAAAAAAA 200", true);  // SPEC 5.4: retained
    CHECK(gateway.counter("messages_malformed") == 6);
    gateway.from_device("fridge-1", DeviceTopic::info, "");  // SPEC 3.5: says nothing
    CHECK(gateway.counter("messages_malformed") == 6);
    const auto device = gateway.call("device/get", {{"device", "fridge-1"}}).at("result");
    CHECK(device.at("online").as_bool());
    CHECK(device.at("template") == "fridge");
}

TEST_CASE("SPEC 3.5: of a deleted device the retained messages are cleared") {
    GatewayHarness gateway;
    gateway.add_device("fridge-1");
    CHECK(gateway.call("device/delete", {{"device", "fridge-1"}}).at("ok").as_bool());
    for (const auto kind : {DeviceTopic::status, DeviceTopic::info, DeviceTopic::state}) {
        const auto cleared = gateway.link.wait_for(gateway.topics.device("fridge-1", kind));
        REQUIRE(cleared.size() == 1);
        CHECK(cleared[0].payload.empty());
        CHECK(cleared[0].retain);
    }
}

TEST_CASE("SPEC 6.6: what the broker has retained of a job that is not there is cleared") {
    GatewayHarness gateway;
    CHECK(gateway.call("job/save", fan_job(false)).at("ok").as_bool());
    const auto deliver = [&](JobId job, std::string payload, bool retained) {
        mqtt::Inbound message;
        message.topic = gateway.topics.job(job);
        message.payload = std::move(payload);
        message.retained = retained;
        gateway.link.deliver(message);
    };
    const auto is_cleared = [](const mqtt::Publication& publication) {
        return publication.payload.empty() && publication.retain;
    };
    deliver(JobId{1}, R"({"job":1})", true);
    deliver(JobId{6}, R"({"job":6})", false);  // its own, on its way
    deliver(JobId{7}, "", true);
    deliver(JobId{8}, R"({"job":8})", true);  // the others were looked at before it
    const auto of_unknown = gateway.link.wait_for(gateway.topics.job(JobId{8}));
    REQUIRE(of_unknown.size() == 1);
    CHECK(is_cleared(of_unknown.front()));
    CHECK(gateway.link.published(gateway.topics.job(JobId{6})).empty());
    CHECK(gateway.link.published(gateway.topics.job(JobId{7})).empty());
    CHECK_FALSE(is_cleared(gateway.link.published(gateway.topics.job(JobId{1})).back()));
    CHECK(gateway.counter("messages_malformed") == 0);
}

TEST_CASE("a message that the link refused goes out when it has room") {
    GatewayHarness gateway;
    gateway.add_device("fridge-1");
    gateway.settle();
    CHECK(gateway.call("job/save", fan_job(false)).at("ok").as_bool());
    gateway.link.limit(0);
    mqtt::Inbound run;
    run.payload = R"({"job":1})";
    gateway.request("anna", "job/run", std::move(run));
    gateway.link.wait_for_refusal(command_topic(gateway));
    CHECK(gateway.link.published(command_topic(gateway)).empty());
    gateway.link.limit(std::nullopt);
    CHECK(gateway.link.wait_for(command_topic(gateway)).size() == 1);
    CHECK(gateway.counter("operation_refused") > 0);
}

TEST_CASE("what the link has no room for is not given to it before it says that it has") {
    GatewayHarness gateway;
    constexpr std::size_t kDevices = 5;
    for (std::size_t number = 1; number <= kDevices; ++number) {
        gateway.add_device("fridge-" + std::to_string(number));
    }
    gateway.settle();
    const auto commands = [&gateway] {
        std::size_t sent = 0;
        for (std::size_t number = 1; number <= kDevices; ++number) {
            const auto topic = gateway.topics.device("fridge-" + std::to_string(number), DeviceTopic::cmd);
            sent += gateway.link.published(topic).size();
        }
        return sent;
    };
    gateway.link.tell_room(8);  // places that are not for operations
    CHECK(gateway.call("job/save", fan_job(true)).at("ok").as_bool());
    gateway.settle();
    CHECK(commands() == 0);
    gateway.link.tell_room(300);
    gateway.link.make_room();
    gateway.settle();
    CHECK(commands() == kDevices);
    CHECK(gateway.counter("operation_refused") == 0);
}

TEST_CASE("B03: on each connection the devices are asked to announce themselves") {
    GatewayHarness gateway;
    CHECK(gateway.link.wait_for(gateway.topics.announce()).size() == 1);
    gateway.link.disconnect("the broker is gone");
    gateway.link.connect();
    CHECK(gateway.link.wait_for(gateway.topics.announce(), 2).size() == 2);
}

TEST_CASE("whoever the broker does not tell of by itself it is asked for, and a job goes on with them") {
    GatewayHarness gateway;
    for (const auto* device : {"fridge-1", "fridge-2"}) {
        gateway.add_device(device);
    }
    gateway.settle();
    gateway.link.disconnect("the broker is gone");
    gateway.link.connect();
    gateway.from_device("fridge-1", DeviceTopic::status, "online", true);
    gateway.settle();
    gateway.advance(Milliseconds{1'500});
    gateway.settle();
    const auto status = gateway.topics.device("fridge-2", DeviceTopic::status);
    CHECK(gateway.link.wait_for_asked() == std::vector{status});

    CHECK(gateway.call("job/save", fan_job(true)).at("ok").as_bool());
    CHECK(gateway.link.wait_for(command_topic(gateway)).size() == 1);
    const auto other = gateway.topics.device("fridge-2", DeviceTopic::cmd);
    CHECK(gateway.link.published(other).empty());
    gateway.from_device("fridge-2", DeviceTopic::status, "online", true);
    gateway.link.answer_retained();
    CHECK(gateway.link.wait_for(other).size() == 1);
}

TEST_CASE("a plan of several turns is answered when it is made, each to who asked for it") {
    core::EngineOptions engine;
    engine.plan_effort = 1;  // a device in each turn
    GatewayHarness gateway(engine);
    constexpr std::size_t kDevices = 20;
    for (std::size_t number = 1; number <= kDevices; ++number) {
        gateway.add_device("fridge-" + std::to_string(number));
    }
    gateway.settle();
    auto job = test::fan_job(false);
    job.erase("run");
    auto other = job;
    other["operations"].as_array()[0].as_object()["value"] = 4;
    const auto first = gateway.ask("job/plan", job);
    const auto second = gateway.ask("job/plan", other);
    const auto saved = gateway.call("job/save", test::fan_job(false));
    CHECK(saved.at("ok").as_bool());
    const auto plan = gateway.reply(first).at("result").as_object();
    const auto other_plan = gateway.reply(second).at("result").as_object();
    CHECK(plan.at("selected").to_number<std::size_t>() == kDevices);
    CHECK(other_plan.at("selected").to_number<std::size_t>() == kDevices);
    CHECK(plan.at("digest") != other_plan.at("digest"));
}

TEST_CASE("a stopped gateway says that it is offline, and ends without an error") {
    GatewayHarness gateway;
    gateway.stop();
    CHECK(gateway.ended().has_value());
    CHECK(gateway.link.stopped());
    const auto last = gateway.link.published().back();
    CHECK(last.topic == gateway.topics.gateway_status());
    CHECK(last.payload == R"({"status":"offline"})");
    CHECK(last.retain);
}

TEST_CASE("a link that cannot start ends run() with its error") {
    test::FakeLink link;
    test::GuardedStore store;
    link.refuse_start(invalid("broker.url", "is not an address"));
    Gateway gateway(
        {}, store.open().value(), [&] { return store.open(); }, link, store.snapshot());
    const auto ended = gateway.run();
    REQUIRE_FALSE(ended.has_value());
    CHECK(ended.error().code == ErrorCode::invalid);
}

TEST_CASE("SPEC 7.9: the broker is away since it was lost, however often it is tried again") {
    GatewayHarness gateway;
    const auto broker = [&] { return gateway.call("status").at("result").at("broker").as_object(); };
    REQUIRE(broker().at("connected").as_bool());
    gateway.link.disconnect("the broker is gone");
    gateway.settle();
    const auto lost = broker().at("since");
    gateway.advance(Seconds{60});
    gateway.link.disconnect("connection refused");
    gateway.settle();
    CHECK(broker().at("since") == lost);
    CHECK(broker().at("detail") == "connection refused");
    gateway.advance(Seconds{60});
    gateway.link.connect();
    gateway.settle();
    CHECK(broker().at("since") != lost);
}

}  // namespace muster::runtime
