// Where replies go, and what the gateway publishes by itself.
#include "tests/integration/fleet.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

namespace muster::test {
namespace {

namespace json = boost::json;

std::vector<std::string> request_with_response_topic(Gateway& gateway, const std::string& response_topic,
                                                     const std::string& body) {
    return {"mosquitto_pub",
            "-h",
            "127.0.0.1",
            "-p",
            std::to_string(gateway.broker().port()),
            "-V",
            "mqttv5",
            "-q",
            "1",
            "-t",
            "muster/v1/api/tester/req/set/put",
            "-D",
            "publish",
            "response-topic",
            response_topic,
            "-m",
            body};
}

TEST_CASE("SPEC 6.4, promise 5: a Response Topic elsewhere is refused, and nothing is done") {
    Gateway gateway;
    put_fleet(gateway);
    Observer everything(gateway.broker().url(), "muster/v1/#");
    for (const char* const elsewhere : {"muster/v1/dev/fridge-1/cmd", "muster/v1/api/anna/res/x",
                                        "muster/v1/api/tester/res/", "somewhere"}) {
        const auto body = R"({"id":"r1","set":"sneaky","template":"refrigerator","query":""})";
        REQUIRE(run(request_with_response_topic(gateway, elsewhere, body)).exit_code == 0);
    }
    const auto refusals = [&] {
        return std::ranges::count_if(everything.messages(), [](const Observer::Message& message) {
            return message.topic == "muster/v1/api/tester/res/r1" &&
                   !member(parse(message.payload), "/ok").as_bool();
        });
    };
    CHECK(eventually([&] { return refusals() == 4; }));
    for (const auto& message : everything.messages()) {
        CHECK_MESSAGE(!message.topic.starts_with("muster/v1/dev/"), message.topic);
        CHECK_MESSAGE(!message.topic.starts_with("muster/v1/api/anna/res"), message.topic);
    }
    CHECK(gateway.list("set/list").size() == 1);
}

TEST_CASE("SPEC 6.4: a retained request is ignored, and so is a request's id that is none") {
    Gateway gateway;
    put_fleet(gateway);
    Observer replies(gateway.broker().url(), "muster/v1/api/anna/res/#");
    gateway.publish("muster/v1/api/anna/req/set/delete", R"({"id":"r1","set":"refrigerators"})", true);
    gateway.kill_daemon();
    gateway.start_daemon();  // subscribes anew, and is given what is retained
    gateway.publish("muster/v1/api/anna/req/status", R"({"id":"../../dev/x"})");
    gateway.publish("muster/v1/api/anna/req/status", R"({"id":"r2"})");
    CHECK(eventually([&] { return !replies.messages().empty(); }));
    CHECK(gateway.list("set/list").size() <= 1);
    for (const auto& message : replies.messages()) {
        CHECK(message.topic.find("..") == std::string::npos);
    }
}

TEST_CASE("SPEC 6.2: a member that a verb does not know is named") {
    Gateway gateway;
    const auto reply = gateway.ask("job/list", {{"serach", "x"}});
    CHECK(text(reply, "/error/code") == "invalid");
    CHECK(json::serialize(reply).find("serach") != std::string::npos);
    CHECK(!member(gateway.ask("job/jump"), "/ok").as_bool());
}

TEST_CASE("SPEC 6.6: the state of a job is retained and goes with the job; its events are numbered") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, 5);
    Observer events(gateway.broker().url(), "muster/v1/event/job/+");
    const auto job = run_job(gateway, fan_speed_job(3));
    gateway.await_job(job, "Completed");
    const auto topic = "muster/v1/job/" + std::to_string(job);
    const auto last_retained = [&] {
        Observer retained(gateway.broker().url(), topic);
        static_cast<void>(eventually([&] { return !retained.messages().empty(); }, Milliseconds(500)));
        const auto messages = retained.messages();
        return messages.empty() || !messages.front().retained ? std::string() : messages.front().payload;
    };
    CHECK(eventually([&] {
        const auto payload = last_retained();
        return !payload.empty() && text(parse(payload), "/status") == "Completed";
    }));
    CHECK(number(parse(last_retained()), "/tally/succeeded") == 5);

    const auto ended = [&] {
        const auto messages = events.messages();
        return !messages.empty() && text(parse(messages.back().payload), "/event") == "ended";
    };
    CHECK(eventually(ended));
    std::int64_t before = 0;
    for (const auto& message : events.messages()) {
        const auto event = parse(message.payload);
        CHECK(!message.retained);
        CHECK(number(event, "/number") == ++before);
        CHECK(number(event, "/tally/selected") == number(event, "/tally/succeeded") +
                                                      number(event, "/tally/failed") +
                                                      number(event, "/tally/pending"));
    }
    gateway.request("job/delete", {{"job", job}});
    CHECK(eventually([&] { return last_retained().empty(); }));
}

TEST_CASE("SPEC 6.6: the gateway's status is retained, and the broker tells when it dies") {
    Gateway gateway;
    Observer status(gateway.broker().url(), "muster/v1/gateway/status");
    const auto last = [&] {
        const auto messages = status.messages();
        return messages.empty() ? std::string() : text(parse(messages.back().payload), "/status");
    };
    CHECK(eventually([&] { return last() == "online"; }));
    CHECK(status.messages().front().retained);
    gateway.kill_daemon();
    CHECK(eventually([&] { return last() == "offline"; }));
    gateway.start_daemon();
    CHECK(eventually([&] { return last() == "online"; }));
    gateway.daemon().signal(SIGTERM);
    CHECK(gateway.daemon().wait() == 0);
    CHECK(eventually([&] { return last() == "offline"; }));
}

}  // namespace
}  // namespace muster::test
