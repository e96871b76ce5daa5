#include "daemon/mqtt/link.hpp"

#include "daemon/mqtt/paho_link.hpp"
#include "tests/integration/link_recorder.hpp"
#include "tests/integration/scripted_broker.hpp"
#include "tests/support/files.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace muster;
using namespace muster::test;
using mqtt::make_paho_link;

namespace {

// As the example broker configuration of muster sets it.
Mosquitto::Options wide_broker() {
    return {.persistence = false,
            .anonymous = true,
            .configuration = "max_inflight_messages 2000\nmax_queued_messages 20000\n"};
}

}  // namespace

TEST_CASE("a message with every property makes the round trip") {
    Mosquitto broker;
    LinkRecorder recorder;
    const auto link = make_paho_link(link_options(broker.url(), {{"a/+", 1}}));
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_connected());
    CHECK(recorder.last_connected().mqtt_version == 5);
    CHECK(recorder.last_connected().broker == broker.url());

    auto sent = publication("a/b", std::string("pay\0load", 8));
    sent.response_topic = "a/answer";
    sent.correlation = std::string("\0\1\2", 3);
    sent.expiry_seconds = 3'000'000'000U;
    REQUIRE(link->publish(sent));
    REQUIRE(recorder.wait_messages(1));
    const auto received = recorder.messages().front();
    CHECK(received.topic == sent.topic);
    CHECK(received.payload == sent.payload);
    CHECK(received.response_topic == sent.response_topic);
    CHECK(received.correlation == sent.correlation);
    CHECK_FALSE(received.retained);
    link->stop({});
}

TEST_CASE("one connection serves both directions, at QoS 0 too") {
    Mosquitto broker;
    LinkRecorder recorder;
    auto options = link_options(broker.url(), {{"a/#", 1}});
    options.one_connection = true;
    const auto link = make_paho_link(options);
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_connected());
    REQUIRE(link->publish(publication("a/b", "", 0)));
    REQUIRE(recorder.wait_messages(1));
    CHECK(recorder.messages().front().payload.empty());
    link->stop({});
}

TEST_CASE("the retained flag is set on what was kept, and on nothing else") {
    Mosquitto broker;
    LinkRecorder first;
    const auto keeper = make_paho_link(link_options(broker.url(), {{"kept", 1}}));
    REQUIRE(keeper->start(first).has_value());
    REQUIRE(first.wait_connected());
    auto kept = publication("kept", "1");
    kept.retain = true;
    REQUIRE(keeper->publish(kept));
    REQUIRE(first.wait_messages(1));
    CHECK_FALSE(first.messages().front().retained);

    LinkRecorder second;
    const auto late = make_paho_link(link_options(broker.url(), {{"kept", 0}}));
    REQUIRE(late->start(second).has_value());
    REQUIRE(second.wait_messages(1));
    CHECK(second.messages().front().retained);
    late->stop({});
    keeper->stop({});
}

TEST_CASE("birth comes with each connection, the last message at stop, and then no will") {
    Mosquitto broker;
    LinkRecorder observed;
    const auto observer = make_paho_link(link_options(broker.url(), {{"gateway/#", 1}}));
    REQUIRE(observer->start(observed).has_value());
    REQUIRE(observed.wait_connected());

    LinkRecorder recorder;
    auto options = link_options(broker.url());
    options.birth = publication("gateway/status", "online");
    options.will = publication("gateway/status", "lost");
    const auto link = make_paho_link(options);
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_connected());
    REQUIRE(observed.wait_messages(1));
    link->stop({publication("gateway/status", "offline")});
    REQUIRE(observed.wait_messages(2));

    // The will would be before this one.
    REQUIRE(observer->publish(publication("gateway/end", "end")));
    REQUIRE(observed.wait_messages(3));
    const auto messages = observed.messages();
    CHECK(messages[0].payload == "online");
    CHECK(messages[1].payload == "offline");
    CHECK(messages[2].payload == "end");
    observer->stop({});
}

TEST_CASE("stop is final: nothing is taken and nobody is called any more") {
    Mosquitto broker;
    LinkRecorder recorder;
    const auto link = make_paho_link(link_options(broker.url(), {{"a", 1}}));
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_connected());
    for (int count = 0; count < 100; ++count) {
        REQUIRE(publish(*link, recorder, publication("a", "x")));
    }
    link->stop({});
    const auto calls = recorder.calls();
    CHECK_FALSE(link->publish(publication("a", "x")));

    LinkRecorder other;
    const auto next = make_paho_link(link_options(broker.url(), {{"a", 1}}));
    REQUIRE(next->start(other).has_value());
    REQUIRE(other.wait_connected());
    REQUIRE(next->publish(publication("a", "x")));
    REQUIRE(other.wait_messages(1));
    next->stop({});
    CHECK(recorder.calls() == calls);
}

TEST_CASE("5,000 retained messages all arrive on a subscription at QoS 0") {
    constexpr std::size_t kCount = 5000;
    Mosquitto broker;
    LinkRecorder first;
    const auto keeper = make_paho_link(link_options(broker.url()));
    REQUIRE(keeper->start(first).has_value());
    REQUIRE(first.wait_connected());
    for (std::size_t number = 0; number < kCount; ++number) {
        auto kept = publication("dev/d" + std::to_string(number) + "/status", "online");
        kept.retain = true;
        REQUIRE(publish(*keeper, first, kept));
    }
    keeper->stop({});

    LinkRecorder second;
    const auto late = make_paho_link(link_options(broker.url(), {{"dev/+/status", 0}}));
    REQUIRE(late->start(second).has_value());
    REQUIRE(second.wait_messages(kCount));
    std::set<std::string> topics;
    for (const auto& message : second.messages()) {
        topics.insert(message.topic);
    }
    CHECK(topics.size() == kCount);
    late->stop({});
}

TEST_CASE(
    "what is retained on single topics comes again when it is asked for, and nothing comes twice after") {
    constexpr std::size_t kTopics = 100;
    bool one_connection = false;
    SUBCASE("on a connection of its own") {}
    SUBCASE("on the only connection") {
        one_connection = true;
    }
    Mosquitto broker;
    std::vector<std::string> topics;
    {
        LinkRecorder recorder;
        const auto devices = make_paho_link(link_options(broker.url()));
        REQUIRE(devices->start(recorder).has_value());
        REQUIRE(recorder.wait_connected());
        for (std::size_t i = 0; i < kTopics; ++i) {
            topics.push_back("dev/" + std::to_string(i) + "/status");
            auto status = publication(topics.back(), "online");
            status.retain = true;
            REQUIRE(publish(*devices, recorder, status));
        }
        devices->stop({});
    }
    LinkRecorder recorder;
    auto options = link_options(broker.url(), {{"dev/+/status", 0}});
    options.one_connection = one_connection;
    const auto link = make_paho_link(options);
    CHECK_FALSE(link->ask_for_retained({"dev/1/status"}));  // not connected yet
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_messages(kTopics));
    REQUIRE(recorder.wait_connected());
    topics.back() = "dev/nobody/status";
    for (std::size_t times = 1; times <= 3; ++times) {
        REQUIRE(link->ask_for_retained(topics));
        REQUIRE(recorder.wait_answers(times));
        const auto came = recorder.messages();  // all that there is was here before the answer
        REQUIRE(came.size() == kTopics + times * (kTopics - 1));
        CHECK(std::ranges::all_of(came, &mqtt::Inbound::retained));
    }
    const auto before = recorder.messages().size();
    REQUIRE(link->publish(publication("dev/7/status", "offline")));
    REQUIRE(link->publish(publication("dev/last/status", "offline")));
    REQUIRE(recorder.wait_messages(1, "dev/last/status"));
    CHECK(recorder.messages().size() == before + 2);
    CHECK(recorder.reasons().empty());
    link->stop({});
}

TEST_CASE("after a flood that the broker dropped packets of, what is acknowledged has come, and goes on to") {
    constexpr std::size_t kInFlight = 20;  // Mosquitto's max_inflight_messages
    Mosquitto broker({.persistence = false, .anonymous = true, .configuration = "max_queued_messages 100\n"});
    LinkRecorder recorder;
    const auto link = make_paho_link(link_options(broker.url(), {{"ack", 1}, {"state", 0}}));
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_connected());
    // By another program: all clients of Paho in this one share the thread that is held up.
    const TempDir files;
    const auto device = [&](const std::string& topic, const std::string& payload, int qos,
                            std::size_t times) {
        write_file(files / "payload", payload);
        const auto finished =
            run({"mosquitto_pub", "-p", std::to_string(broker.port()), "-t", topic, "-q", std::to_string(qos),
                 "-f", (files / "payload").string(), "--repeat", std::to_string(times)});
        REQUIRE(finished.exit_code == 0);
    };

    recorder.hold_messages(true);
    device("state", std::string(10'000, 'x'), 0, 4'000);  // 40 MB, several times what the sockets hold
    device("ack", "during", 1, kInFlight);
    REQUIRE(contains(broker.log(), "Outgoing messages are being dropped"));
    recorder.hold_messages(false);
    device("ack", "after", 1, 1);
    CHECK(recorder.wait_messages(kInFlight + 1, "ack"));
    CHECK(recorder.reasons().empty());
    link->stop({});
}

TEST_CASE("the window holds while the broker stands still, and opens again") {
    Mosquitto broker(wide_broker());
    LinkRecorder recorder;
    auto options = link_options(broker.url(), {{"a", 1}});
    options.window = 50;
    const auto link = make_paho_link(options);
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_connected());
    CHECK(recorder.last_connected().window == 50);

    broker.pause();
    std::size_t taken = 0;
    while (taken < 1000 && link->publish(publication("a", "x"))) {
        ++taken;
    }
    CHECK(taken == 50);
    CHECK_FALSE(link->publish(publication("a", "x")));
    const auto rooms = recorder.rooms();
    broker.resume();
    REQUIRE(recorder.wait_rooms(rooms + 1));
    CHECK(link->publish(publication("a", "x")));
    CHECK(recorder.wait_messages(51));
    CHECK(recorder.reasons().empty());
    link->stop({});
}

TEST_CASE("publishes at QoS 0 are bounded too while the broker stands still") {
    Mosquitto broker(wide_broker());
    LinkRecorder recorder;
    const auto link = make_paho_link(link_options(broker.url(), {{"a", 0}}));
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_connected());
    broker.pause();
    std::size_t taken = 0;
    while (taken < 100'000 && link->publish(publication("a", std::string(10'000, 'x'), 0))) {
        ++taken;
    }
    CHECK(taken < 100'000);
    broker.resume();
    CHECK(recorder.wait_messages(taken));
    link->stop({});
}

TEST_CASE("the window stays below the broker's Receive Maximum") {
    Mosquitto broker({.persistence = false, .anonymous = true, .configuration = "max_inflight_messages 7\n"});
    LinkRecorder recorder;
    const auto link = make_paho_link(link_options(broker.url(), {{"a", 0}}));
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_connected());
    CHECK(recorder.last_connected().window == 6);
    for (int count = 0; count < 200; ++count) {
        REQUIRE(publish(*link, recorder, publication("a", "x")));
    }
    CHECK(recorder.wait_messages(200));
    link->stop({});
}

TEST_CASE("a message beyond every limit is kept away and does no harm, in 5 and in 3.1.1") {
    Mosquitto broker;
    ScriptedBroker old(Script::refuse_5_as_5, broker.port());
    for (const auto& url : {broker.url(), old.url()}) {
        CAPTURE(url);
        LinkRecorder recorder;
        const auto link = make_paho_link(link_options(url, {{"a/#", 1}}));
        REQUIRE(link->start(recorder).has_value());
        REQUIRE(recorder.wait_connected());
        REQUIRE(link->publish(publication("a/large", std::string(8 * 1024 * 1024, 'x'))));
        REQUIRE(publish(*link, recorder, publication("a/small", "x")));
        REQUIRE(recorder.wait_messages(1));
        CHECK(recorder.messages().front().topic == "a/small");
        CHECK(recorder.reasons().empty());
        link->stop({});
    }
}
