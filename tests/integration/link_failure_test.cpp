// Brokers that die, refuse, or do not answer.
#include "daemon/mqtt/paho_link.hpp"
#include "tests/integration/link_recorder.hpp"
#include "tests/integration/scripted_broker.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <string>

using namespace muster;
using namespace muster::test;
using mqtt::make_paho_link;

TEST_CASE("B03: a broker killed with -9 and started again is found again, with all subscriptions") {
    for (const bool persistence : {false, true}) {
        CAPTURE(persistence);
        Mosquitto broker({.persistence = persistence, .anonymous = true, .configuration = {}});
        LinkRecorder recorder;
        const auto link = make_paho_link(link_options(broker.url(), {{"a/#", 1}, {"b/#", 0}}));
        REQUIRE(link->start(recorder).has_value());
        REQUIRE(recorder.wait_connected());
        broker.kill();
        REQUIRE(recorder.wait_disconnected());
        CHECK(contains(recorder.first_reason(), broker.url()));
        CHECK_FALSE(link->publish(publication("a/b", "lost")));
        broker.start();
        REQUIRE(recorder.wait_connected(2));
        REQUIRE(link->publish(publication("a/b", "1")));
        REQUIRE(link->publish(publication("b/b", "2")));
        REQUIRE(recorder.wait_messages(2));
        link->stop({});
    }
}

TEST_CASE("the last will is published when the connections die") {
    Mosquitto broker;
    ScriptedBroker wire(Script::relay, broker.port());
    LinkRecorder observed;
    const auto observer = make_paho_link(link_options(broker.url(), {{"gateway/status", 1}}));
    REQUIRE(observer->start(observed).has_value());
    REQUIRE(observed.wait_connected());

    LinkRecorder recorder;
    auto options = link_options(wire.url());
    options.birth = publication("gateway/status", "online");
    options.will = publication("gateway/status", "lost");
    const auto link = make_paho_link(options);
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_connected());
    REQUIRE(observed.wait_messages(1));
    wire.cut();
    REQUIRE(recorder.wait_disconnected());
    REQUIRE(recorder.wait_connected(2));
    REQUIRE(observed.wait_messages(3));
    const auto messages = observed.messages();
    CHECK(messages[0].payload == "online");
    CHECK(messages[1].payload == "lost");
    CHECK(messages[2].payload == "online");
    link->stop({});
    observer->stop({});
}

TEST_CASE("a broker that refuses MQTT 5 is spoken to in 3.1.1, and remembered") {
    Mosquitto broker;
    for (const auto script : {Script::refuse_5_as_311, Script::refuse_5_as_5, Script::close_on_5}) {
        CAPTURE(static_cast<int>(script));
        ScriptedBroker old(script, broker.port());
        LinkRecorder recorder;
        const auto link = make_paho_link(link_options(old.url(), {{"a", 1}}));
        REQUIRE(link->start(recorder).has_value());
        REQUIRE(recorder.wait_connected());
        CHECK(recorder.reasons().empty());
        CHECK(recorder.last_connected().mqtt_version == 4);
        CHECK(recorder.last_connected().window == 300);
        auto sent = publication("a", "x");
        sent.response_topic = "ignored/in/3.1.1";
        sent.expiry_seconds = 5;
        REQUIRE(link->publish(sent));
        REQUIRE(recorder.wait_messages(1));
        CHECK(recorder.messages().front().response_topic.empty());

        const auto asked = old.connects(5);
        old.cut();
        REQUIRE(recorder.wait_connected(2));
        CHECK(recorder.last_connected().mqtt_version == 4);
        CHECK(old.connects(5) == asked);
        link->stop({});
    }
}

TEST_CASE("a wrong password is reported, in 5 and in 3.1.1, and tried again") {
    Mosquitto broker({.persistence = false, .anonymous = false, .configuration = {}});
    ScriptedBroker old(Script::refuse_5_as_5, broker.port());
    for (const auto& url : {broker.url(), old.url()}) {
        CAPTURE(url);
        LinkRecorder recorder;
        auto options = link_options(url);
        options.user = "anna";
        options.password = "wrong";
        const auto link = make_paho_link(options);
        REQUIRE(link->start(recorder).has_value());
        REQUIRE(recorder.wait_disconnected(2));
        CHECK(recorder.first_reason() == url + " refused the connection: Not authorized");
        CHECK_FALSE(link->publish(publication("a", "x")));
        link->stop({});
    }
}

TEST_CASE("a subscription that is refused is an error with a reason, and no connection") {
    ScriptedBroker strict(Script::refuse_subscriptions, 1);
    LinkRecorder recorder;
    const auto link = make_paho_link(link_options(strict.url(), {{"secret/#", 1}}));
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_disconnected());
    CHECK(recorder.first_reason() ==
          strict.url() + " refused the subscription to \"secret/#\": Not authorized");
    link->stop({});
}

TEST_CASE("a grant that is lost behind all that a broker retains is nothing to wait for") {
    for (const auto script : {Script::lose_grants_behind_retained, Script::lose_grants_behind_retained_311}) {
        ScriptedBroker crowded(script, 1);
        LinkRecorder recorder;
        const auto link = make_paho_link(link_options(crowded.url(), {{"dev/+/ack", 1}, {"dev/+/state", 0}}));
        REQUIRE(link->start(recorder).has_value());
        CHECK(recorder.wait_connected());
        link->stop({});
    }
}

TEST_CASE("a broker that ends the connection says why") {
    ScriptedBroker closing(Script::end_with_reason, 1);
    LinkRecorder recorder;
    const auto link = make_paho_link(link_options(closing.url(), {{"a", 1}}));
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_disconnected());
    CHECK(recorder.first_reason() == closing.url() + " ended the connection: Server shutting down");
    link->stop({});
}

TEST_CASE("a broker that takes connections and says nothing is given up after the time limit") {
    ScriptedBroker mute(Script::silence, 1);
    LinkRecorder recorder;
    auto options = link_options(mute.url());
    options.connect_timeout = std::chrono::seconds(1);
    const auto link = make_paho_link(options);
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_disconnected());
    CHECK(recorder.first_reason() == mute.url() + " gave no answer within 1 s");
    link->stop({});
}

TEST_CASE("a link fails over to the other broker, and back") {
    Mosquitto first;
    Mosquitto second;
    LinkRecorder recorder;
    auto options = link_options(first.url(), {{"a", 1}});
    options.brokers = {first.url(), second.url()};
    const auto link = make_paho_link(options);
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_connected());
    CHECK(recorder.last_connected().broker == first.url());
    first.kill();
    REQUIRE(recorder.wait_connected(2));
    CHECK(recorder.last_connected().broker == second.url());
    REQUIRE(link->publish(publication("a", "x")));
    REQUIRE(recorder.wait_messages(1));
    first.start();
    second.kill();
    REQUIRE(recorder.wait_connected(3));
    CHECK(recorder.last_connected().broker == first.url());
    REQUIRE(link->publish(publication("a", "y")));
    REQUIRE(recorder.wait_messages(2));
    link->stop({});
}

TEST_CASE("the broker sees the client ids with what is added to them, and the keep-alive") {
    const Mosquitto broker;
    LinkRecorder recorder;
    auto options = link_options(broker.url());
    options.client_id = "edge-7";
    options.keep_alive = std::chrono::seconds(17);
    const auto link = make_paho_link(options);
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_connected());
    link->stop({});
    const auto log = broker.log();
    CAPTURE(log);
    CHECK(contains(log, " as edge-7-pub (p5, c1, k17"));
    CHECK(contains(log, " as edge-7-sub (p5, c1, k17"));
}

TEST_CASE("the thread of the link is heard of, with a broker and without") {
    LinkRecorder recorder;
    const auto link = make_paho_link(link_options("mqtt://127.0.0.1:" + std::to_string(free_port())));
    CHECK(link->due() == std::chrono::steady_clock::time_point::max());
    REQUIRE(link->start(recorder).has_value());
    for (std::size_t attempt = 1; attempt <= 5; ++attempt) {
        REQUIRE(recorder.wait_disconnected(attempt));
        CHECK(link->due() > std::chrono::steady_clock::now() - std::chrono::seconds(5));
        CHECK(link->due() < std::chrono::steady_clock::now() + std::chrono::minutes(3));
    }
    link->stop({});
    CHECK(link->due() == std::chrono::steady_clock::time_point::max());
}

TEST_CASE("a new login is used for the next attempt to connect") {
    const TempDir files;
    const auto passwords = (files / "passwords").string();
    REQUIRE(std::system(("mosquitto_passwd -b -c " + passwords + " anna right").c_str()) == 0);
    const Mosquitto broker(
        {.persistence = false, .anonymous = false, .configuration = "password_file " + passwords});
    LinkRecorder recorder;
    auto options = link_options(broker.url());
    options.user = "anna";
    options.password = "wrong";
    const auto link = make_paho_link(options);
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_disconnected());
    link->change_login({"anna", "right", {}});
    REQUIRE(recorder.wait_connected());
    link->stop({});
}

TEST_CASE("brokers are tried in turn") {
    Mosquitto broker;
    const std::string nowhere = "mqtt://127.0.0.1:" + std::to_string(free_port());
    const std::string nameless = "mqtt://no-such-host.invalid";
    LinkRecorder recorder;
    auto options = link_options(nowhere);
    options.brokers = {nowhere, nameless, broker.url()};
    const auto link = make_paho_link(options);
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_connected());
    CHECK(recorder.last_connected().broker == broker.url());
    REQUIRE(recorder.reasons().size() == 2);
    CHECK(recorder.reasons()[0] == nowhere + " cannot be reached: Connection refused");
    // How the resolver says it depends on whether there is a network.
    CHECK(contains(recorder.reasons()[1], nameless + ":1883 cannot be reached: "));
    link->stop({});
}

TEST_CASE(
    "Promise 5: a broker that says that the session was taken over is believed, and left alone for long") {
    ScriptedBroker broker(Script::end_taken_over, 1);
    auto options = link_options(broker.url());
    options.client_id = "gateway";
    options.reconnect_most = std::chrono::hours(1);
    LinkRecorder recorder;
    const auto link = make_paho_link(options);
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_disconnected());
    CHECK(contains(recorder.first_reason(), "Session taken over: another client has connected"));
    CHECK(contains(recorder.first_reason(), "is there a second musterd with client_id \"gateway\"?"));
    link->stop({});
    CHECK(recorder.reasons().size() == 1);
}

TEST_CASE("when one of the connections is lost, the link goes down and comes up again") {
    Mosquitto broker;
    LinkRecorder recorder;
    auto options = link_options(broker.url(), {{"a", 1}});
    options.client_id = "gateway";
    const auto link = make_paho_link(options);
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_connected());

    // Takes over the session of the subscribing connection.
    LinkRecorder taken;
    auto thief_options = link_options(broker.url());
    thief_options.client_id = "gateway-sub";
    thief_options.one_connection = true;
    thief_options.reconnect_least = thief_options.reconnect_most = std::chrono::hours(1);
    const auto thief = make_paho_link(thief_options);
    REQUIRE(thief->start(taken).has_value());
    REQUIRE(taken.wait_connected());
    REQUIRE(recorder.wait_disconnected());
    REQUIRE(recorder.wait_connected(2));
    REQUIRE(link->publish(publication("a", "x")));
    REQUIRE(recorder.wait_messages(1));
    thief->stop({});
    link->stop({});
}

TEST_CASE("stop ends a link that never came up") {
    LinkRecorder recorder;
    auto options = link_options("mqtt://127.0.0.1:" + std::to_string(free_port()));
    const auto link = make_paho_link(options);
    REQUIRE(link->start(recorder).has_value());
    REQUIRE(recorder.wait_disconnected());
    link->stop({publication("a", "x")});
    CHECK_FALSE(link->publish(publication("a", "x")));
}
