#include "daemon/cli/mqtt_client.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace muster;
using namespace muster::cli;

namespace {

// What a scripted broker and gateway do; shared by the links of one client.
struct Script {
    bool reachable = true;
    std::string retained_status = R"({"status":"online"})";  // empty: none
    std::string retained_job;
    // Given each request, the messages that come back.
    std::function<std::vector<mqtt::Inbound>(const mqtt::Publication&)> gateway =
        [](const mqtt::Publication&) { return std::vector<mqtt::Inbound>(); };
    std::vector<mqtt::Publication> published;
    std::vector<mqtt::LinkOptions> opened;
};

class ScriptedLink final : public mqtt::Link {
public:
    ScriptedLink(Script& script, mqtt::LinkOptions options) : script_(script), options_(std::move(options)) {}

    Result<void> start(mqtt::Handler& handler) override {
        handler_ = &handler;
        script_.opened.push_back(options_);
        if (!script_.reachable) {
            handler.on_disconnected("connection refused");
            return {};
        }
        handler.on_connected({});
        for (const auto& [topic, payload] : {std::pair("muster/v1/gateway/status", script_.retained_status),
                                             std::pair("muster/v1/job/42", script_.retained_job)}) {
            if (!payload.empty()) {
                deliver(topic, payload);
            }
        }
        return {};
    }
    bool publish(const mqtt::Publication& publication) override {
        script_.published.push_back(publication);
        for (mqtt::Inbound& message : script_.gateway(publication)) {
            handler_->on_message(std::move(message));
        }
        return true;
    }
    std::uint32_t room() override { return 1; }
    void stop(const std::vector<mqtt::Publication>&) override {}

private:
    void deliver(const std::string& topic, const std::string& payload) {
        mqtt::Inbound message;
        message.topic = topic;
        message.payload = payload;
        message.retained = true;
        handler_->on_message(std::move(message));
    }

    Script& script_;
    mqtt::LinkOptions options_;
    mqtt::Handler* handler_ = nullptr;
};

struct Bench {
    Script script;
    Settings settings = [] {
        Settings made;
        made.user = "anna";
        made.broker = "mqtt://broker:1883";
        return made;
    }();
    std::unique_ptr<Client> client = make_mqtt_client(settings, [this](mqtt::LinkOptions options) {
        return std::make_unique<ScriptedLink>(script, std::move(options));
    });

    Outcome<boost::json::value> ask() { return client->request("status", {{"a", 1}}, Milliseconds(200)); }
};

mqtt::Inbound message(std::string topic, std::string payload) {
    mqtt::Inbound made;
    made.topic = std::move(topic);
    made.payload = std::move(payload);
    return made;
}

std::string id_of(const mqtt::Publication& request) {
    return std::string(boost::json::parse(request.payload).at("id").as_string());
}

mqtt::Inbound reply_to(const mqtt::Publication& request, const std::string& result) {
    return message("muster/v1/api/anna/res/" + id_of(request),
                   R"({"id":")" + id_of(request) + R"(","ok":true,"result":)" + result + "}");
}

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("SPEC 6.1, 6.4: a request carries what MQTT 5 and 3.1.1 need for the reply") {
    Bench bench;
    bench.script.gateway = [](const mqtt::Publication& request) {
        return std::vector{reply_to(request, R"({"x":1})")};
    };
    CHECK(bench.ask().value().at("x") == 1);
    REQUIRE(bench.script.published.size() == 1);
    const mqtt::Publication& request = bench.script.published[0];
    CHECK(request.topic == "muster/v1/api/anna/req/status");
    CHECK(request.qos == 1);
    CHECK_FALSE(request.retain);
    CHECK(request.response_topic == "muster/v1/api/anna/res/" + id_of(request));
    CHECK(request.correlation == id_of(request));
    CHECK(id_of(request).size() <= 64);
    CHECK(boost::json::parse(request.payload).at("a") == 1);
    REQUIRE(bench.script.opened.size() == 1);
    CHECK(bench.script.opened[0].subscriptions.at(0).filter == "muster/v1/api/anna/res/#");
    CHECK(bench.script.opened[0].one_connection);
}

TEST_CASE("one connection serves all requests, each with an id of its own") {
    Bench bench;
    bench.script.gateway = [](const mqtt::Publication& request) {
        return std::vector{reply_to(request, "{}")};
    };
    CHECK(bench.ask().has_value());
    CHECK(bench.ask().has_value());
    CHECK(bench.script.opened.size() == 1);
    CHECK(id_of(bench.script.published[0]) != id_of(bench.script.published[1]));
}

TEST_CASE("replies to others and late replies are passed over") {
    Bench bench;
    std::vector<mqtt::Inbound> late;
    bench.script.gateway = [&](const mqtt::Publication& request) {
        late.push_back(reply_to(request, R"({"late":true})"));
        return std::vector<mqtt::Inbound>();
    };
    CHECK_FALSE(bench.ask().has_value());
    bench.script.gateway = [&](const mqtt::Publication& request) {
        return std::vector{late.front(),
                           message("muster/v1/api/anna/res/other", R"({"id":"other","ok":true})"),
                           message("muster/v1/dev/d1/ack", "x"), reply_to(request, R"({"late":false})")};
    };
    CHECK(bench.ask().value().at("late") == false);
}

TEST_CASE("an unreachable broker, a silent musterd and an absent one are told apart") {
    Bench unreachable;
    unreachable.script.reachable = false;
    auto failed = unreachable.ask();
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().exit == ExitCode::usage_or_connection);
    CHECK(holds(failed.error().error.message, "no connection as user anna: connection refused"));

    Bench silent;
    failed = silent.ask();
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().error.message == "no answer from musterd at mqtt://broker:1883 within 200 ms");
    CHECK(holds(failed.error().error.details.at(0).message, "does user anna have a role?"));

    Bench absent;
    absent.script.retained_status = R"({"status":"offline"})";
    failed = absent.ask();
    REQUIRE_FALSE(failed.has_value());
    CHECK(holds(failed.error().error.message, "musterd is offline. Nothing was sent."));
    CHECK(absent.script.published.empty());
}

TEST_CASE("musterd that goes offline before it answers leaves no doubt but one") {
    Bench bench;
    bench.script.gateway = [](const mqtt::Publication&) {
        return std::vector{message("muster/v1/gateway/status", R"({"status":"offline"})")};
    };
    const auto failed = bench.ask();
    REQUIRE_FALSE(failed.has_value());
    CHECK(holds(failed.error().error.message, "is not known"));
}

TEST_CASE("a status that is nonsense or may not be read is no obstacle") {
    for (const char* status : {"", "{}", "[", R"({"status":7})"}) {
        CAPTURE(status);
        Bench bench;
        bench.script.retained_status = status;
        bench.script.gateway = [](const mqtt::Publication& request) {
            return std::vector{reply_to(request, "{}")};
        };
        CHECK(bench.client->request("status", {}, Milliseconds(2000)).has_value());
    }
}

TEST_CASE("a request over the limit is not sent") {
    Bench bench;
    const auto failed =
        bench.client->request("job/save", {{"description", std::string(5'000'000, 'x')}}, Milliseconds(200));
    REQUIRE_FALSE(failed.has_value());
    CHECK(bench.script.published.empty());
}

TEST_CASE("SPEC 6.6: the feed of a job begins with what is retained") {
    Bench bench;
    bench.script.retained_job = R"({"job":42,"status":"Running"})";
    const auto feed = bench.client->follow(JobId{42});
    REQUIRE(feed.has_value());
    const JobNews news = (*feed)->next(Milliseconds(0));
    CHECK(news.job.value().at("status") == "Running");
    CHECK(news.gateway_online == true);
    CHECK_FALSE(news.deleted);
    CHECK((*feed)->next(Milliseconds(0)).empty());
    CHECK(bench.script.opened.at(0).subscriptions.at(0).filter == "muster/v1/job/42");
}
