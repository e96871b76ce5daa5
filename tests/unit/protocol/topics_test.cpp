#include "protocol/topics.hpp"

#include "protocol/limits.hpp"
#include "tests/unit/protocol/random_bytes.hpp"

#include <doctest/doctest.h>

using namespace muster;

TEST_CASE("SPEC 3.1: the root") {
    CHECK(Topics::standard().root() == "muster/v1");
    for (const char* root : {"m", "muster/v1", "site_7/line-2/v1.0", "1/2/3/4/5/6/7/8"}) {
        CHECK(Topics::with_root(root).value().root() == root);
    }
    CHECK(Topics::with_root(std::string(limits::kTopicRootLength, 'r')).has_value());
    CHECK(!Topics::with_root(std::string(limits::kTopicRootLength + 1, 'r')));
    for (const char* root :
         {"", "/", "/m", "m/", "m//v1", "m/+", "#", "m/$x", "m v", "1/2/3/4/5/6/7/8/9", "m\xC3\xBC"}) {
        CAPTURE(root);
        CHECK(Topics::with_root(root).error().code == ErrorCode::invalid);
    }
}

TEST_CASE("SPEC 3.2: the topics") {
    const Topics topics = Topics::standard();
    CHECK(topics.device("fridge-1", DeviceTopic::cmd) == "muster/v1/dev/fridge-1/cmd");
    CHECK(topics.device("fridge-1", DeviceTopic::ack) == "muster/v1/dev/fridge-1/ack");
    CHECK(topics.device("fridge-1", DeviceTopic::status) == "muster/v1/dev/fridge-1/status");
    CHECK(topics.device("fridge-1", DeviceTopic::info) == "muster/v1/dev/fridge-1/info");
    CHECK(topics.device("fridge-1", DeviceTopic::state) == "muster/v1/dev/fridge-1/state");
    CHECK(topics.announce() == "muster/v1/all/announce");
    CHECK(topics.job(JobId{42}) == "muster/v1/job/42");
    CHECK(topics.job_event(JobId{42}) == "muster/v1/event/job/42");
    CHECK(topics.gateway_status() == "muster/v1/gateway/status");
    CHECK(topics.request("anna", "job/run") == "muster/v1/api/anna/req/job/run");
    CHECK(topics.response("anna", "q1") == "muster/v1/api/anna/res/q1");
    CHECK(topics.response_prefix("anna") == "muster/v1/api/anna/res/");
}

TEST_CASE("SPEC 3.2: device topics are read back, and nothing else is") {
    const Topics topics = Topics::with_root("site/a").value();
    for (const DeviceTopic kind :
         {DeviceTopic::cmd, DeviceTopic::ack, DeviceTopic::status, DeviceTopic::info, DeviceTopic::state}) {
        const std::string topic = topics.device("fridge-1", kind);
        const auto parsed = topics.parse_device(topic);
        REQUIRE(parsed);
        CHECK(parsed->device == "fridge-1");
        CHECK(parsed->kind == kind);
    }
    const std::string too_long = "site/a/dev/" + std::string(65, 'x') + "/ack";
    for (const std::string_view topic :
         {std::string_view(too_long), std::string_view(""), std::string_view("site/a"),
          std::string_view("site/a/dev/"), std::string_view("site/a/dev/x"),
          std::string_view("site/a/dev/x/"), std::string_view("site/a/dev//ack"),
          std::string_view("site/a/dev/-x/ack"), std::string_view("site/a/dev/x/ack/"),
          std::string_view("site/a/dev/x/y/ack"), std::string_view("site/a/dev/x/Ack"),
          std::string_view("site/a/dev/x/acks"), std::string_view("site/ab/dev/x/ack"),
          std::string_view("muster/v1/dev/x/ack"), std::string_view("/site/a/dev/x/ack"),
          std::string_view("site/a/dev/x\0y/ack", 18)}) {
        CAPTURE(topic);
        CHECK(!topics.parse_device(topic));
    }
}

TEST_CASE("SPEC 6.1: request topics are read back, and nothing else is") {
    const Topics topics = Topics::standard();
    const auto parsed = topics.parse_request("muster/v1/api/anna/req/job/run");
    REQUIRE(parsed);
    CHECK(parsed->user == "anna");
    CHECK(parsed->verb == "job/run");
    const std::string prefix = "muster/v1/api/anna/req/";
    CHECK(topics.parse_request(prefix + std::string(limits::kVerbLength, 'v')));
    CHECK(!topics.parse_request(prefix + std::string(limits::kVerbLength + 1, 'v')));
    for (const char* topic :
         {"", "muster/v1/api/", "muster/v1/api/anna", "muster/v1/api/anna/req", "muster/v1/api/anna/req/",
          "muster/v1/api//req/status", "muster/v1/api/an.na/req/status", "muster/v1/api/anna/res/status",
          "muster/v1/api/anna/x/req/status", "muster/v2/api/anna/req/status"}) {
        CAPTURE(topic);
        CHECK(!topics.parse_request(topic));
    }
}

TEST_CASE("SPEC 6.4: a reply goes only below the user's own res/") {
    const Topics topics = Topics::standard();
    CHECK(topics.may_answer("anna", "muster/v1/api/anna/res/1"));
    CHECK(topics.may_answer("anna", "muster/v1/api/anna/res/rr/7"));
    const std::string prefix = topics.response_prefix("anna");
    CHECK(topics.may_answer("anna", prefix + std::string(limits::kResponseTopicLength - prefix.size(), 'x')));
    CHECK(!topics.may_answer("anna",
                             prefix + std::string(limits::kResponseTopicLength - prefix.size() + 1, 'x')));
    for (const char* topic :
         {"", "muster/v1/api/anna/res/", "muster/v1/api/anna/res", "muster/v1/api/bob/res/1",
          "muster/v1/api/anna2/res/1", "muster/v1/api/anna/res/+", "muster/v1/api/anna/res/#",
          "muster/v1/api/anna/res/a+b", "muster/v1/dev/fridge-1/cmd", "x"}) {
        CAPTURE(topic);
        CHECK(!topics.may_answer("anna", topic));
    }
    CHECK(!topics.may_answer("anna", prefix + std::string("a\0b", 3)));
}

TEST_CASE("SPEC 6.6: job topics are read back, and nothing else is") {
    const Topics topics = Topics::standard();
    CHECK(topics.parse_job("muster/v1/job/42") == JobId{42});
    for (const char* topic :
         {"", "muster/v1/job/", "muster/v1/job/042", "muster/v1/job/-1", "muster/v1/job/4/2",
          "muster/v1/event/job/42", "muster/v2/job/42", "muster/v1/job/18446744073709551616"}) {
        CAPTURE(topic);
        CHECK(!topics.parse_job(topic));
    }
}

TEST_CASE("SPEC 3.4: what the gateway subscribes to") {
    const Topics topics = Topics::standard();
    std::string written;
    for (const Subscription& subscription : topics.gateway_subscriptions()) {
        written += subscription.filter + " " + std::to_string(subscription.qos) + "\n";
    }
    CHECK(written ==
          "muster/v1/dev/+/ack 1\n"
          "muster/v1/api/+/req/# 1\n"
          "muster/v1/dev/+/status 0\n"
          "muster/v1/dev/+/info 0\n"
          "muster/v1/dev/+/state 0\n"
          "muster/v1/job/+ 0\n");
}

TEST_CASE("SPEC 3.2: a topic that is read as a device's is exactly that device's topic") {
    test::RandomBytes random;
    INFO(random.seed());
    const Topics topics = Topics::standard();
    const std::string valid = topics.device("fridge-1", DeviceTopic::ack);
    for (int i = 0; i < 20'000; ++i) {
        const std::string topic = random.mutated(valid);
        const auto parsed = topics.parse_device(topic);
        const bool same = !parsed || (DeviceId::parse(parsed->device) &&
                                      topics.device(parsed->device, parsed->kind) == topic);
        INFO(topic);
        REQUIRE(same);
    }
}

TEST_CASE("Promise 6: a verb is visible ASCII, so that the answer that names it is text") {
    const Topics topics = Topics::standard();
    CHECK(topics.parse_request("muster/v1/api/anna/req/Job/explode!").has_value());
    for (const std::string verb : {"job/\xff\xfe", "job\x1b[2J", "job run",
                                   "j\xC3\xB8"
                                   "b",
                                   "job/\x7f"}) {
        CHECK_FALSE(topics.parse_request("muster/v1/api/anna/req/" + verb).has_value());
    }
}
