// What `muster doctor` found out, before anything is made of it.
//
// Threads: plain values.
#pragma once

#include "daemon/cli/mosquitto_configuration.hpp"
#include "daemon/mqtt/probe_session.hpp"
#include "protocol/result.hpp"
#include "protocol/time.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace muster::cli::checkup {

enum class Access { not_known, open, closed };
enum class Retained { not_known, delivered, kept_back };

struct BrokerFacts {
    std::string url;
    bool loopback = false;
    std::optional<mqtt::ProbeFailure> failure{};
    mqtt::Greeting greeting{};
    std::string version{};  // empty: this user may not read it, or the broker does not say
    Retained retained_on_wildcards = Retained::not_known;
    // What this client's user should not be able to do.
    Access commands = Access::not_known;  // send operations to devices
    Access replies = Access::not_known;   // answer in musterd's name
    Access reports = Access::not_known;   // read what devices report
    // A client without a name.
    Access anonymous = Access::not_known;
    Access anonymous_commands = Access::not_known;
};

// One musterd that answered.
struct Answered {
    boost::json::object result{};       // of `doctor` (SPEC 7.15)
    std::optional<Error> refusal = {};  // instead of it
};

struct GatewayFacts {
    std::optional<bool> online{};  // as its retained status says; absent: there is none to be read
    std::vector<Answered> answers{};
    Milliseconds round_trip{0};
    Milliseconds clock_ahead{0};  // of this machine's

    // The first that was no refusal; nullptr: none was.
    [[nodiscard]] const boost::json::object* facts() const {
        for (const auto& each : answers) {
            if (!each.refusal) {
                return &each.result;
            }
        }
        return nullptr;
    }
};

// Of the machine that doctor runs on.
struct MachineFacts {
    std::string machine{};                              // told apart as by SPEC 7.15; empty: not known
    int broker_process = 0;                             // 0: the broker is not seen here
    std::optional<std::uint64_t> broker_descriptors{};  // its limit
    std::string configuration_file{};                   // of a Mosquitto; empty: not known
    std::optional<MosquittoConfiguration> configuration{};
};

struct Facts {
    std::string user;
    std::string root;  // of the topics
    std::string client_version;
    BrokerFacts broker{};
    GatewayFacts gateway{};
    MachineFacts machine{};
};

}  // namespace muster::cli::checkup
