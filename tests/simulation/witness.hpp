// What the devices know of themselves: which operations they executed, and what
// they answered. The truth that the gateway's verdicts are held against.
//
// Threads: one.
#pragma once

#include "protocol/ids.hpp"
#include "tests/simulation/figures.hpp"
#include "tests/simulation/transcript.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace muster::simulation {

// "42.1017.0": one message, whichever ask of it (SPEC 4.6).
[[nodiscard]] std::string message_name(const OperationId& id);

class Witness {
public:
    struct Answer {
        std::string device;
        std::string payload;
    };

    Witness(Transcript& transcript, Figures& figures) : transcript_(transcript), figures_(figures) {}

    // `remembers`: this device promises never to execute an operation twice.
    void executed(const std::string& device, const std::string& operation, bool remembers);
    // Its memory of operations is gone: from now on it may.
    void forgot(const std::string& device);
    // It publishes this answer of its own.
    void answered(const std::string& device, const std::string& payload);

    // The device itself said that this message was done (2xx but 202).
    [[nodiscard]] bool said_done(const std::string& device, const OperationId& message) const;
    // How often the device asked for it to be sent again (503).
    [[nodiscard]] unsigned said_not_now(const std::string& device, const OperationId& message) const;
    // Of all times, oldest first.
    [[nodiscard]] const std::vector<Answer>& answers() const noexcept { return answers_; }

private:
    using Key = std::pair<std::string, std::string>;  // device, message_name()

    Transcript& transcript_;
    Figures& figures_;
    std::map<std::string, std::set<std::string>> executed_;  // by device, since it last forgot
    std::set<Key> done_;
    std::map<Key, unsigned> not_now_;
    std::vector<Answer> answers_;
};

}  // namespace muster::simulation
