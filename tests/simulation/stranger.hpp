// Someone on the broker without an ACL to stop him: sends garbage, other
// devices' acks, and answers that were given before.
//
// Threads: one.
#pragma once

#include "device-sim/model/random.hpp"
#include "protocol/topics.hpp"
#include "tests/simulation/auditor.hpp"
#include "tests/simulation/broker.hpp"
#include "tests/simulation/crowd.hpp"

#include <cstdint>
#include <string>

namespace muster::simulation {

class Stranger {
public:
    Stranger(const Topics& topics, Schedule& schedule, Broker& broker, Transcript& transcript,
             const Crowd& crowd, const Auditor& auditor, const Witness& witness)
        : topics_(topics),
          schedule_(schedule),
          broker_(broker),
          transcript_(transcript),
          crowd_(crowd),
          auditor_(auditor),
          witness_(witness) {}

    void connect();
    void send_garbage(std::uint64_t salt);
    void send_foreign_ack(std::uint64_t salt);
    void replay_ack(std::uint64_t salt);

private:
    void connect_later();
    void send(std::string topic, std::string payload, bool retain = false);

    const Topics& topics_;
    Schedule& schedule_;
    Broker& broker_;
    Transcript& transcript_;
    const Crowd& crowd_;
    const Auditor& auditor_;
    const Witness& witness_;
};

}  // namespace muster::simulation
