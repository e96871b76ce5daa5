// A fleet of real connections, a job at work on it, and ways to throw all of them
// off the broker at once. What the gateway sends is read from its connections, as
// they pass by a proxy.
//
// Threads: one thread.
#pragma once

#include "tests/crash/proxy.hpp"
#include "tests/support/gateway.hpp"
#include "tests/support/operation_meter.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace muster::test {

// muster-sim as a storm wants it: known to be there or not, and cut off at will.
class StormFleet {
public:
    struct Options {
        std::size_t devices = 0;
        std::string prefix = "fridge-";
        bool detour = false;  // over a proxy of its own
        std::vector<std::string> more{};
    };
    // Every device has been connected when it returns.
    StormFleet(const Mosquitto& broker, const Options& options);

    // How many of its devices are connected, and how many connections it has ever lost.
    struct Presence {
        std::int64_t online = 0;
        std::int64_t lost = 0;
    };
    [[nodiscard]] Presence presence();
    // Waits until every device has lost its connection so many times, and is back.
    void await_back(int times);
    // Its connections are reset, those of nobody else.
    void cut() { proxy_->reset(); }
    // Its devices are gone without a word but their last wills.
    void kill() { process_->kill(); }
    // Its devices say that they leave.
    [[nodiscard]] boost::json::value stop();

private:
    std::size_t devices_;
    TempDir directory_;
    std::optional<crash::Proxy> proxy_;
    std::optional<Process> process_;
};

class Storm {
public:
    struct Options {
        std::string broker_configuration{};
        std::vector<std::string> overrides{};
    };
    explicit Storm(const Options& options);

    [[nodiscard]] Gateway& gateway() { return *gateway_; }
    [[nodiscard]] OperationMeter::Figures figures() const { return meter_.figures(); }

    // All connections of musterd are reset, and nobody else's.
    void cut_gateway() { proxy_->reset(); }
    void kill_broker() { gateway_->broker().kill(); }
    void start_broker() { gateway_->broker().start(); }

    // How many devices musterd takes to be online; nullopt: it does not answer now.
    [[nodiscard]] std::optional<std::int64_t> online();
    // Waits until that is `devices`: seconds it took; throws if it never is.
    double await_online(std::size_t devices, Milliseconds patience = 2 * kPatience);

private:
    OperationMeter meter_;
    std::optional<crash::Proxy> proxy_;
    std::unique_ptr<Gateway> gateway_;
};

// As many open files as this process and what it starts may have.
void allow_many_connections();

}  // namespace muster::test
