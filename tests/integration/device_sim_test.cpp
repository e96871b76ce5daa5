// muster-sim against a real broker, without a gateway: the test is the gateway.
#include "tests/support/files.hpp"
#include "tests/support/gateway.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <map>

using namespace muster::test;

namespace {

class Fleet {
public:
    Fleet(const Mosquitto& broker, const std::vector<std::string>& options)
        : process_(command(broker, options), directory_ / "output") {
        const auto ready = directory_ / "ready";
        if (!eventually([&] { return std::filesystem::exists(ready) || !process_.running(); }) ||
            !process_.running()) {
            throw std::runtime_error("muster-sim did not get ready:\n" + process_.output());
        }
    }

    [[nodiscard]] Process& process() { return process_; }
    // Empty as long as there are none.
    [[nodiscard]] std::string statistics() const {
        const auto file = directory_ / "statistics";
        return std::filesystem::exists(file) ? read_file(file) : std::string();
    }

private:
    [[nodiscard]] std::vector<std::string> command(const Mosquitto& broker,
                                                   const std::vector<std::string>& options) const {
        std::vector<std::string> words{program("muster-sim"),
                                       "--broker",
                                       broker.url(),
                                       "--template",
                                       "refrigerator",
                                       "--ready-file",
                                       (directory_ / "ready").string(),
                                       "--stats-file",
                                       (directory_ / "statistics").string()};
        words.insert(words.end(), options.begin(), options.end());
        return words;
    }

    TempDir directory_;
    Process process_;
};

const std::string kStatus = "muster/v1/dev/+/status";

// How many devices said so last.
long count_last(const Observer& observer, const std::string& payload) {
    std::map<std::string, std::string> last;
    for (const Observer::Message& message : observer.messages()) {
        last[message.topic] = message.payload;
    }
    return std::count_if(last.begin(), last.end(),
                         [&](const auto& entry) { return entry.second == payload; });
}

void publish(const Mosquitto& broker, const std::string& topic, const std::string& payload) {
    const auto finished =
        run({"mosquitto_pub", "-p", std::to_string(broker.port()), "-q", "1", "-t", topic, "-m", payload});
    REQUIRE(finished.exit_code == 0);
}

}  // namespace

TEST_CASE("SPEC 5.5: a device with its own connection has a last will, and comes online again") {
    Mosquitto broker;
    Fleet fleet(broker, {"--devices", "60", "--offline", "10", "--connections", "each"});
    const Observer observer(broker.url(), kStatus);
    CHECK(eventually([&] { return count_last(observer, "online") == 54; }));
    CHECK(eventually([&] { return count_last(observer, "offline") == 6; }));
    CHECK(fleet.process().output() == "60 devices: 54 online, 6 offline\n");
    fleet.process().kill();
    CHECK(eventually([&] { return count_last(observer, "offline") == 60; }));
}

TEST_CASE("Devices come back after the broker lost everything, with own and with shared connections") {
    for (const char* connections : {"each", "2"}) {
        for (const char* version : {"5", "3.1.1"}) {
            CAPTURE(connections);
            CAPTURE(version);
            Mosquitto broker;
            Fleet fleet(broker, {"--devices", "40", "--connections", connections, "--mqtt-version", version});
            broker.kill();
            broker.start();
            const Observer observer(broker.url(), kStatus);
            CHECK(eventually([&] { return count_last(observer, "online") == 40; }));
        }
    }
}

TEST_CASE("SPEC 5.10: a repeat is answered and not executed again; the statistics say so") {
    Mosquitto broker;
    Fleet fleet(broker, {"--devices", "3", "--connections", "1"});
    const Observer acks(broker.url(), "muster/v1/dev/fridge-2/ack");
    const std::string id = "1.0.0-abcdefgh";
    for (int attempt = 0; attempt < 2; ++attempt) {
        publish(broker, "muster/v1/dev/fridge-2/cmd", R"({"id":")" + id + R"(","call":"defrost"})");
    }
    REQUIRE(eventually([&] { return acks.messages().size() == 2; }));
    CHECK(acks.messages()[0].payload == R"({"id":"1.0.0-abcdefgh","code":200})");
    CHECK(acks.messages()[1].payload == acks.messages()[0].payload);

    fleet.process().signal(SIGUSR1);
    REQUIRE(eventually([&] { return !fleet.statistics().empty(); }));
    const auto statistics = parse(fleet.statistics());
    CHECK(number(statistics, "/operations/" + id + "/received") == 2);
    CHECK(number(statistics, "/operations/" + id + "/executed") == 1);
    CHECK(number(statistics, "/operations/" + id + "/acked") == 2);
    CHECK(number(statistics, "/devices/online") == 3);
}

TEST_CASE("SPEC 5.9: an announce is answered with info and status of every device") {
    Mosquitto broker;
    Fleet fleet(broker, {"--devices", "20", "--connections", "2"});
    const Observer observer(broker.url(), "muster/v1/dev/+/info");
    const auto told_live = [&] {
        const auto messages = observer.messages();
        return std::count_if(messages.begin(), messages.end(),
                             [](const Observer::Message& message) { return !message.retained; });
    };
    CHECK(told_live() == 0);
    publish(broker, "muster/v1/all/announce", "?");
    CHECK(eventually([&] { return told_live() == 20; }));
}

TEST_CASE("SIGTERM: the devices say that they leave, and muster-sim exits with 0") {
    for (const char* connections : {"each", "3"}) {
        CAPTURE(connections);
        Mosquitto broker;
        Fleet fleet(broker, {"--devices", "30", "--connections", connections, "--churn", "1..2"});
        fleet.process().signal(SIGTERM);
        CHECK(fleet.process().wait() == 0);
        const Observer observer(broker.url(), kStatus);
        CHECK(eventually([&] { return count_last(observer, "offline") == 30; }));
        CHECK(number(parse(fleet.statistics()), "/devices/online") == 0);
    }
}

TEST_CASE("A fleet that never meets its broker fails when its time is over") {
    const auto finished = run({program("muster-sim"), "--broker", "mqtt://127.0.0.1:1", "--devices", "3",
                               "--template", "refrigerator", "--duration", "1"});
    CHECK(finished.exit_code == 1);
    CHECK(finished.errors.find("no connection to 127.0.0.1:1") != std::string::npos);
}
