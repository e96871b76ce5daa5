#include "daemon/cli/doctor_gather.hpp"

#include "protocol/codec.hpp"
#include "tests/unit/cli/doctor_world.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <set>

using namespace muster;
using namespace muster::cli;
using namespace muster::cli::checkup;
using namespace muster::cli::test;

namespace json = boost::json;

namespace {

// A broker with its users, and the musterd at it. Nothing waits: what is not there never comes.
struct FakeBroker {
    int mqtt_version = 5;
    bool anonymous = false;
    bool retains_for_wildcards = true;
    std::set<std::string> open{};  // topics below these may be written by everybody
    std::map<std::string, std::string> retained{{"$SYS/broker/version", "mosquitto version 2.0.11"},
                                                {"muster/v1/gateway/status", R"({"status":"online"})"},
                                                {"muster/v1/dev/fridge-1/status", "online"}};
    bool reports_are_read = false;
    int daemons = 1;
    int store_checks_running = 0;  // answers until the check is over
    std::optional<mqtt::ProbeFailure> failure{};
    std::vector<std::string> published{};
};

class FakeSession final : public mqtt::ProbeSession {
public:
    FakeSession(FakeBroker& broker, bool anonymous) : broker_(broker), anonymous_(anonymous) {}

    mqtt::Greeting greeting() const override { return {broker_.mqtt_version, 20}; }

    mqtt::ProbeAnswer publish(const mqtt::Publication& publication) override {
        broker_.published.push_back(publication.topic + (publication.retain ? " retained " : " ") +
                                    publication.payload.substr(0, 13));
        const bool request = !anonymous_ && publication.topic.starts_with("muster/v1/api/anna/req/");
        const bool open = std::ranges::any_of(
            broker_.open, [&](const auto& topic) { return publication.topic.starts_with(topic); });
        if (!request && !open) {
            return broker_.mqtt_version == 5 ? mqtt::ProbeAnswer::denied : mqtt::ProbeAnswer::yes;
        }
        if (request) {
            answer(publication);
        } else if (publication.retain) {
            broker_.retained[publication.topic] = publication.payload;
        } else {
            deliver(publication.topic, publication.payload, false);
        }
        return mqtt::ProbeAnswer::yes;
    }

    mqtt::ProbeAnswer subscribe(const std::string& filter) override {
        filters_.insert(filter);
        for (const auto& [topic, payload] : broker_.retained) {
            const bool wild = filter.ends_with("+") && broker_.retains_for_wildcards &&
                              topic.starts_with(filter.substr(0, filter.size() - 1));
            const bool readable = !topic.starts_with("muster/v1/dev/") || broker_.reports_are_read;
            if ((wild || topic == filter) && readable && !payload.empty()) {
                deliver(topic, payload, true);
            }
        }
        return mqtt::ProbeAnswer::yes;
    }

    std::optional<mqtt::Inbound> receive(std::chrono::steady_clock::time_point) override {
        if (messages_.empty()) {
            return std::nullopt;
        }
        auto message = messages_.front();
        messages_.pop_front();
        return message;
    }

private:
    void deliver(const std::string& topic, const std::string& payload, bool retained) {
        messages_.push_back({topic, payload, retained, {}, {}});
    }
    void answer(const mqtt::Publication& request) {
        const auto body = json_text(request.payload);
        for (int daemon = 0; daemon < broker_.daemons; ++daemon) {
            auto result = healthy_result();
            result["run"] = "run-" + std::to_string(daemon);
            if (broker_.store_checks_running > 0) {
                --broker_.store_checks_running;
                result["store_check"] = {{"state", "running"}};
            }
            if (request.topic.ends_with("device/list")) {
                result = {{"items", json::array{json::object{{"device", "fridge-1"}}}}};
            }
            const json::object reply{{"id", body.at("id")}, {"ok", true}, {"result", result}};
            deliver(request.response_topic, json::serialize(reply), false);
        }
    }
    static json::object json_text(const std::string& text) { return json::parse(text).as_object(); }

    FakeBroker& broker_;
    const bool anonymous_;
    std::set<std::string> filters_;
    std::deque<mqtt::Inbound> messages_;
};

Facts gathered(FakeBroker& broker) {
    Settings settings;
    settings.user = "anna";
    settings.password = "secret";
    const mqtt::OpenProbe open = [&broker](const mqtt::ProbeOptions& options) -> mqtt::OpenedProbe {
        if (broker.failure) {
            return *broker.failure;
        }
        if (options.user.empty() && !broker.anonymous) {
            return mqtt::ProbeFailure{mqtt::PathStage::login, "Not authorized"};
        }
        return std::unique_ptr<mqtt::ProbeSession>(
            std::make_unique<FakeSession>(broker, options.user.empty()));
    };
    const auto now = [] { return parse_utc("2026-11-22T12:00:00.000Z").value(); };
    return gather(settings, open, now).value();
}

}  // namespace

TEST_CASE("doctor asks a healthy set-up, and finds all that it wants to know") {
    FakeBroker broker;
    const auto facts = gathered(broker);
    CHECK(facts.broker.url == "mqtt://127.0.0.1:1883");
    CHECK(facts.broker.loopback);
    CHECK(facts.broker.version == "mosquitto version 2.0.11");
    CHECK(facts.broker.greeting.receive_maximum == 20);
    CHECK(facts.broker.retained_on_wildcards == Retained::delivered);
    CHECK(facts.broker.commands == Access::closed);
    CHECK(facts.broker.replies == Access::closed);
    CHECK(facts.broker.reports == Access::closed);
    CHECK(facts.broker.anonymous == Access::closed);
    CHECK(facts.gateway.online == true);
    REQUIRE(facts.gateway.answers.size() == 1);
    CHECK(facts.gateway.facts()->at("run") == "run-0");
}

TEST_CASE("doctor publishes to nobody's topics alone, and nothing that stays") {
    FakeBroker broker;
    broker.open = {"muster/v1/"};
    broker.retained.erase("muster/v1/gateway/status");
    const auto facts = gathered(broker);
    CHECK(facts.broker.commands == Access::open);
    CHECK(facts.broker.replies == Access::open);
    CHECK(facts.broker.retained_on_wildcards == Retained::delivered);
    for (const auto& line : broker.published) {
        CAPTURE(line);
        const bool request = line.starts_with("muster/v1/api/anna/req/doctor ") ||
                             line.starts_with("muster/v1/api/anna/req/device/list ");
        CHECK((request || line.find("/muster-doctor-") != std::string::npos));
    }
    for (const auto& [topic, payload] : broker.retained) {
        CHECK((payload.empty() || topic.find("muster-doctor-") == std::string::npos));
    }
}

TEST_CASE("doctor waits for the check of the store, and takes its outcome") {
    FakeBroker broker;
    broker.store_checks_running = 2;
    const auto facts = gathered(broker);
    REQUIRE(facts.gateway.answers.size() == 1);
    CHECK(facts.gateway.facts()->at("store_check").at("state") == "ok");
}

TEST_CASE("doctor hears two musterd, and none") {
    FakeBroker broker;
    broker.daemons = 2;
    CHECK(check_of(gathered(broker), "musterd.alone").verdict == Verdict::problem);
    broker.daemons = 0;
    broker.retained["muster/v1/gateway/status"] = R"({"status":"offline"})";
    const auto facts = gathered(broker);
    CHECK(facts.gateway.answers.empty());
    CHECK(facts.gateway.online == false);
}

TEST_CASE("doctor sees what an open broker lets through") {
    FakeBroker broker;
    broker.anonymous = true;
    broker.reports_are_read = true;
    broker.retains_for_wildcards = false;
    broker.open = {"muster/v1/dev/", "muster/v1/doctor/"};
    const auto facts = gathered(broker);
    CHECK(facts.broker.commands == Access::open);
    CHECK(facts.broker.replies == Access::closed);
    CHECK(facts.broker.reports == Access::open);
    CHECK(facts.broker.anonymous == Access::open);
    CHECK(facts.broker.anonymous_commands == Access::open);
    CHECK(facts.broker.retained_on_wildcards == Retained::kept_back);
}

TEST_CASE("doctor on MQTT 3.1.1, where no refusal is told: only what comes back proves anything") {
    FakeBroker broker;
    broker.mqtt_version = 4;
    CHECK(gathered(broker).broker.commands == Access::not_known);
    broker.open = {"muster/v1/dev/"};
    CHECK(gathered(broker).broker.commands == Access::open);
}

TEST_CASE("doctor tells why the broker is not reached, and asks nothing more") {
    FakeBroker broker;
    broker.failure = mqtt::ProbeFailure{mqtt::PathStage::tls, "certificate has expired"};
    const auto facts = gathered(broker);
    REQUIRE(facts.broker.failure.has_value());
    CHECK(facts.broker.failure->stage == mqtt::PathStage::tls);
    CHECK(broker.published.empty());
    Settings settings;
    settings.broker = "http://nowhere";
    CHECK_FALSE(gather(settings, {}, {}).has_value());
}
