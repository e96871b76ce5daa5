#include "daemon/mqtt/broker_url.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace muster::mqtt;

TEST_CASE("addresses that are good") {
    struct Good {
        const char* text;
        BrokerUrl url;
        const char* whole;
    };
    const Good goods[] = {
        {"mqtt://127.0.0.1", {false, "127.0.0.1", 1883}, "mqtt://127.0.0.1:1883"},
        {"mqtts://broker.example", {true, "broker.example", 8883}, "mqtts://broker.example:8883"},
        {"mqtt://a_b-C.local:1", {false, "a_b-C.local", 1}, "mqtt://a_b-C.local:1"},
        {"mqtts://broker:65535", {true, "broker", 65535}, "mqtts://broker:65535"},
        {"mqtt://[::1]", {false, "::1", 1883}, "mqtt://[::1]:1883"},
        {"mqtt://[fe80::1:2]:1884", {false, "fe80::1:2", 1884}, "mqtt://[fe80::1:2]:1884"},
    };
    for (const auto& good : goods) {
        CAPTURE(good.text);
        const auto url = parse_broker_url(good.text);
        REQUIRE(url.has_value());
        CHECK(url->tls == good.url.tls);
        CHECK(url->host == good.url.host);
        CHECK(url->port == good.url.port);
        CHECK(to_string(*url) == good.whole);
        const auto again = parse_broker_url(good.whole);
        REQUIRE(again.has_value());
        CHECK(to_string(*again) == good.whole);
    }
}

TEST_CASE("addresses that are refused, and why") {
    struct Bad {
        const char* text;
        const char* why;
    };
    const Bad bads[] = {
        {"", "begin with mqtt://"},
        {"broker:1883", "begin with mqtt://"},
        {"tcp://broker", "begin with mqtt://"},
        {"MQTT://broker", "begin with mqtt://"},
        {" mqtt://broker", "begin with mqtt://"},
        {"mqtt://", "not a host name"},
        {"mqtt://:1883", "not a host name"},
        {"mqtt://.broker", "not a host name"},
        {"mqtt://a..b", "not a host name"},
        {"mqtt://bro ker", "not a host name"},
        {"mqtt://anna:secret@broker", "set apart"},
        {"mqtt://broker/path", "nothing may follow"},
        {"mqtt://broker:1883/", "nothing may follow"},
        {"mqtt://broker?x=1", "nothing may follow"},
        {"mqtt://broker:", "port"},
        {"mqtt://broker:0", "port"},
        {"mqtt://broker:01883", "port"},
        {"mqtt://broker:65536", "port"},
        {"mqtt://broker:+1", "port"},
        {"mqtt://broker:18x", "port"},
        {"mqtt://::1", "not a host name"},
        {"mqtt://fe80::1", "need brackets"},
        {"mqtt://[::1", "without \"]\""},
        {"mqtt://[::1]x", "port"},
        {"mqtt://[]", "not an IPv6 address"},
        {"mqtt://[127.0.0.1]", "not an IPv6 address"},
        {"mqtts://[::1]", "TLS needs a host name"},
    };
    for (const auto& bad : bads) {
        CAPTURE(bad.text);
        const auto url = parse_broker_url(bad.text);
        REQUIRE(url.has_error());
        CHECK(url.error().code == muster::ErrorCode::invalid);
        CHECK_MESSAGE(url.error().message.find(bad.why) != std::string::npos, url.error().message);
    }
    CHECK(parse_broker_url("mqtt://" + std::string(253, 'a')).has_value());
    CHECK(parse_broker_url("mqtt://" + std::string(254, 'a')).has_error());
}
