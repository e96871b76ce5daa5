// Breaks things in a random order: kills, failpoints, brokers, networks.
// Between two kills of musterd is one life; each life has its own end and
// perhaps one more disturbance.
//
// Threads: the thread of the rig.
#pragma once

#include "tests/crash/figures.hpp"
#include "tests/crash/rig.hpp"
#include "tests/crash/workload.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace muster::crash {

class Torment {
public:
    // All outlive it. musterd runs, or has ended.
    Torment(Rig& rig, Workload& workload, Figures& figures, std::uint64_t seed);

    // Until musterd was killed so many times.
    void kill(std::uint64_t times);
    // One life that ends at this failpoint; false: it was not reached in time, and musterd was killed.
    bool kill_at(const FailpointRow& failpoint, int visit, test::Milliseconds patience);
    // Whether musterd answers again; else that is a violation.
    bool await_recovery();

    enum class BrokerFault { kill_persistent, kill_forgetful, stop };
    void disturb_broker(BrokerFault fault, bool kill_daemon_too);
    enum class Side { daemon, devices };
    void disturb_network(Weather weather, Side side);
    void reset_network(Side side);
    // musterd's connections go silent, and it has to find out by itself.
    void abandon_network();
    void kill_now();
    // Starts musterd if it has ended, and waits until it answers.
    void revive();

private:
    void live_once();
    void disturb();
    // Clients ask for things meanwhile. Ends early when musterd has.
    void pass_time(int least_milliseconds, int most_milliseconds);
    void note_end();
    void mourn();
    const FailpointRow& next_failpoint();
    bool chance(int per_cent);
    int within(int least, int most);

    Rig& rig_;
    Workload& workload_;
    Figures& figures_;
    std::mt19937_64 random_;
    std::vector<const FailpointRow*> bag_;  // each point once, then again
};

}  // namespace muster::crash
