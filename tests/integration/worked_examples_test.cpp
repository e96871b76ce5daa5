// A device and a client that are nothing but the Mosquitto clients and a shell.
#include "tests/integration/fleet.hpp"
#include "tests/support/files.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

namespace muster::test {
namespace {

namespace json = boost::json;

constexpr const char* kDevice = MUSTER_SOURCE_DIRECTORY "/protocol/examples/device.sh";

// Wider than what the device takes, which is 0 to 5.
constexpr std::string_view kFan = R"({
    "name": "fan",
    "settings": {"fanSpeed": {"schema": {"type": "integer", "minimum": 0, "maximum": 10}}},
    "commands": {"beep": {"timeout_seconds": 20}}
})";

json::value end_of_job(Gateway& gateway, const char* type, json::object operation) {
    const auto job = run_job(gateway, {{"name", "Fan"},
                                       {"set", "fans"},
                                       {"type", type},
                                       {"operations", json::array{std::move(operation)}}});
    REQUIRE(eventually([&] { return text(gateway.job(job), "/status") != "Running"; }));
    return gateway.list("job/devices", {{"job", job}}).at(0);
}

TEST_CASE("B09: the device of SPEC.md, with mosquitto_sub and mosquitto_pub") {
    Gateway gateway;
    gateway.request("template/put", {{"document", parse(kFan)}});
    gateway.request("set/put", {{"set", "fans"}, {"template", "fan"}, {"query", ""}});
    Observer messages(gateway.broker().url(), "muster/v1/dev/fan-1/+");
    // It keeps its memory in the directory where it is started.
    Process device({"env", "-C", gateway.files().path().string(), "sh", kDevice, "fan-1", "-h", "127.0.0.1",
                    "-p", std::to_string(gateway.broker().port())},
                   gateway.files() / "device");
    const auto online = [&] { return number(gateway.request("status"), "/devices/online") == 1; };
    REQUIRE_MESSAGE(eventually(online), device.output());

    CHECK(text(end_of_job(gateway, "settings", {{"name", "fanSpeed"}, {"value", 3}}), "/status") ==
          "Completed");
    const auto reported = [&] {
        return number(gateway.request("device/get", {{"device", "fan-1"}}), "/reported/fanSpeed") == 3;
    };
    CHECK(eventually(reported));
    CHECK(text(end_of_job(gateway, "commands", {{"name", "beep"}}), "/status") == "Completed");
    const auto refused = end_of_job(gateway, "settings", {{"name", "fanSpeed"}, {"value", 7}});
    CHECK(text(refused, "/reason") == "rejected");
    CHECK(text(refused, "/message") == "fanSpeed goes from 0 to 5");

    // A repeat is answered from memory.
    const auto sent = [&](const std::string& topic) {
        std::vector<std::string> payloads;
        for (const auto& message : messages.messages()) {
            if (message.topic == "muster/v1/dev/fan-1/" + topic) {
                payloads.push_back(message.payload);
            }
        }
        return payloads;
    };
    CHECK(eventually([&] { return sent("ack").size() == 3; }));
    const auto states = sent("state").size();
    gateway.publish("muster/v1/dev/fan-1/cmd", sent("cmd").front());
    CHECK(eventually([&] { return sent("ack").size() == 4; }));
    CHECK(sent("ack").back() == sent("ack").front());
    CHECK(sent("state").size() == states);

    device.kill();
    CHECK(eventually([&] { return !online(); }));
}

// A whole job through mosquitto_pub and mosquitto_sub, as MQTT 3.1.1 has it.
class PlainClient {
public:
    explicit PlainClient(Gateway& gateway)
        : gateway_(gateway), replies_(gateway.broker().url(), "muster/v1/api/anna/res/#") {}

    json::value request(const std::string& verb, json::object body) {
        const auto id = "r" + std::to_string(++requests_);
        body["id"] = id;
        gateway_.publish("muster/v1/api/anna/req/" + verb, json::serialize(body));
        json::value reply;
        const auto answered = [&] {
            for (const auto& message : replies_.messages()) {
                if (message.topic == "muster/v1/api/anna/res/" + id) {
                    reply = parse(message.payload);
                    return true;
                }
            }
            return false;
        };
        REQUIRE(eventually(answered));
        CHECK(text(reply, "/id") == id);
        return reply;
    }

private:
    Gateway& gateway_;
    Observer replies_;
    int requests_ = 0;
};

TEST_CASE("B10: a whole job with mosquitto_pub and mosquitto_sub") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, 5);
    PlainClient client(gateway);
    const auto saved = client.request("job/save", fan_speed_job(3));
    const auto job = number(saved, "/result/job");
    Observer retained(gateway.broker().url(), "muster/v1/job/" + std::to_string(job));
    CHECK(text(client.request("job/run", {{"job", job}}), "/result/status") == "Running");
    const auto completed = [&] {
        const auto messages = retained.messages();
        return !messages.empty() && text(parse(messages.back().payload), "/status") == "Completed";
    };
    CHECK(eventually(completed));
    CHECK(text(client.request("job/get", {{"job", job}}), "/result/created_by") == "anna");
    const auto refused = client.request("job/run", {{"job", 4711}});
    CHECK(text(refused, "/error/code") == "not_found");
    CHECK(!text(refused, "/error/message").empty());
}

TEST_CASE("B10: a whole job with mosquitto_rr") {
    Gateway gateway;
    put_fleet(gateway);
    Simulator simulator(gateway, 5);
    // Gateway::ask is mosquitto_rr and nothing else.
    const auto job = number(gateway.request("job/save", fan_speed_job(3)), "/job");
    gateway.request("job/run", {{"job", job}});
    gateway.await_job(job, "Completed");
    CHECK(gateway.list("job/devices", {{"job", job}}).size() == 5);
    CHECK(text(gateway.request("job/csv", {{"job", job}}), "/csv").find("fridge-5") != std::string::npos);
}

}  // namespace
}  // namespace muster::test
