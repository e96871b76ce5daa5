// One simulated run: the real gateway (engine, API and runtime shell) between a
// simulated broker with simulated devices and users, and a disk that survives
// it, in virtual time. A rough part in which the script's actions and the
// faults happen, then peace, in which everything has to come right.
//
// Threads: one run belongs to one thread; runs on several threads share nothing.
#pragma once

#include "daemon/runtime/gateway.hpp"
#include "daemon/store/memory_store.hpp"
#include "tests/simulation/asker.hpp"
#include "tests/simulation/auditor.hpp"
#include "tests/simulation/broker.hpp"
#include "tests/simulation/crowd.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/simulation/fleet_documents.hpp"
#include "tests/simulation/ledger.hpp"
#include "tests/simulation/stranger.hpp"
#include "tests/simulation/wire.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace muster::simulation {

struct Outcome {
    std::vector<Violation> violations;
    Figures figures;
    std::string transcript;  // empty unless it was asked for
};

// The daemon's log goes nowhere: a run says what happened in its transcript.
void silence();

[[nodiscard]] Outcome simulate(const Options& options, std::span<const Action> script, bool with_transcript);

class World {
public:
    World(const Options& options, bool with_transcript);
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    // The whole run.
    [[nodiscard]] Outcome run(std::span<const Action> script);

private:
    void run_until(TimePoint until);
    void act(const Action& action);

    void start_gateway();
    void start_gateway_later(Milliseconds delay);
    void kill_gateway();
    // Somebody who restarts it when it ends, as systemd does.
    void end_gateway();
    void turn();
    void turn_in(Milliseconds delay);
    void on_publish(const mqtt::Publication& publication);

    // world_peace.cpp: what has to hold in the end
    void make_peace();
    void check_all_heard(TimePoint peace);
    void check_all_ended();
    void check_fleet();
    void check_topics();
    void check_answers();
    void check_restart();
    void check_memory(std::int64_t old_one);
    void bad(const char* rule, std::string text) { transcript_.violate(rule, std::move(text)); }

    Options options_;
    Topics topics_ = Topics::standard();
    Schedule schedule_;
    Transcript transcript_;
    Figures figures_;
    Broker broker_;
    Witness witness_;
    Ledger ledger_;
    Auditor auditor_;
    Crowd crowd_;
    Asker asker_;
    Stranger stranger_;
    store::MemoryStore memory_{kOperationKey};
    Disk disk_;
    Milliseconds clock_offset_{0};
    bool clock_jumped_ = false;

    std::unique_ptr<Wire> wire_;
    std::unique_ptr<runtime::Gateway> gateway_;
    std::uint32_t life_ = 0;  // of the gateway; counts its starts
    std::optional<TimePoint> turn_at_;
    std::optional<std::uint32_t> kill_at_publish_;  // publications until then
    std::uint64_t slow_ = 0;                        // what slow turns are drawn from
};

}  // namespace muster::simulation
