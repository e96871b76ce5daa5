// A whole muster for one test: a private broker, musterd with a database of
// its own, and the programs around them. Everything is gone with the object.
//
// Failures of the harness itself throw std::runtime_error with what the
// programs wrote. Threads: one thread.
#pragma once

#include "tests/support/json.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::test {

// Path of a program that this build made: "musterd".
[[nodiscard]] std::string program(std::string_view name);

// Everything published on `filter`, seen by mosquitto_sub.
class Observer {
public:
    struct Message {
        bool retained = false;  // was there before
        std::string topic;
        std::string payload;
    };

    // Subscribed when it returns.
    Observer(const std::string& broker_url, const std::string& filter);

    [[nodiscard]] std::vector<Message> messages() const;

private:
    TempDir directory_;
    Process subscriber_;
};

struct GatewayOptions {
    bool broker_persistence = false;
    std::string broker_configuration{};    // further lines of mosquitto.conf
    std::vector<std::string> overrides{};  // of musterd's configuration: "jobs.timeout_seconds=5"
    std::vector<std::string> launcher{};   // what starts musterd: "env", "NAME=VALUE"
    // The port at which musterd reaches the broker that listens on the one given.
    std::function<std::uint16_t(std::uint16_t)> detour{};
    std::vector<std::string> daemon{};  // in its place, with arguments before those of musterd
};

class Gateway {
public:
    // Running and online when it returns.
    explicit Gateway(GatewayOptions options = {});

    [[nodiscard]] Mosquitto& broker() { return broker_; }
    [[nodiscard]] Process& daemon() { return *daemon_; }
    [[nodiscard]] const TempDir& files() const { return files_; }
    [[nodiscard]] std::filesystem::path configuration() const { return files_ / "musterd.yaml"; }

    // After the last one ended; online when it returns.
    void start_daemon();
    // kill -9.
    void kill_daemon() { daemon_->kill(); }

    // kill -9 of the broker, and a start; musterd answers again when it returns.
    void restart_broker();

    // muster ARGUMENTS, as the user "tester", an admin.
    [[nodiscard]] Finished muster(const std::vector<std::string>& arguments);
    // The same with --json; throws unless it exits with 0.
    [[nodiscard]] boost::json::value muster_json(const std::vector<std::string>& arguments);

    // A request of the control API, sent with mosquitto_rr; the reply as it is.
    [[nodiscard]] boost::json::value ask(std::string_view verb, const boost::json::object& body = {});
    // The result of one that needs nothing; absent when there is no answer within a second.
    [[nodiscard]] std::optional<boost::json::value> request_soon(std::string_view verb);
    // Its result; throws when it was refused.
    boost::json::value request(std::string_view verb, const boost::json::object& body = {});

    // Every item of a list, page by page.
    [[nodiscard]] std::vector<boost::json::value> list(std::string_view verb, boost::json::object body = {});
    [[nodiscard]] boost::json::value job(std::int64_t job);
    // Waits until the job has this status, and answers it; throws if it never has.
    boost::json::value await_job(std::int64_t job, std::string_view status,
                                 Milliseconds patience = kPatience);
    // As await_job, for a tally; `least` counts succeeded, failed or pending.
    void await_count(std::int64_t job, const std::string& count, std::int64_t least);

    void publish(const std::string& topic, const std::string& payload, bool retain = false);

private:
    // Empty when none came within so many seconds.
    std::string reply_to(std::string_view verb, const boost::json::object& body, const std::string& seconds);

    GatewayOptions options_;
    TempDir files_;
    Mosquitto broker_;
    std::unique_ptr<Observer> status_;
    std::unique_ptr<Process> daemon_;
    int starts_ = 0;
};

// muster-sim, with refrigerators "fridge-…".
class Simulator {
public:
    // Every device that will ever be online is, and musterd knows them all.
    Simulator(Gateway& gateway, std::size_t devices, std::vector<std::string> options = {});

    // Ends the simulator and answers what it counted.
    [[nodiscard]] boost::json::value stop();

private:
    TempDir directory_;
    Process process_;
};

}  // namespace muster::test
