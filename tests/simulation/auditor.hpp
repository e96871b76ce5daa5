// Holds everything that the gateway publishes against what is durable at that
// moment and against what the devices know: no send before its change is
// stored, none for a job that does not run, the order of a device's jobs, and
// nothing told to a client that is not so.
//
// Threads: one.
#pragma once

#include "daemon/mqtt/link.hpp"
#include "protocol/topics.hpp"
#include "tests/simulation/ledger.hpp"
#include "tests/simulation/witness.hpp"

#include <boost/json/object.hpp>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace muster::simulation {

class Auditor {
public:
    struct Sent {
        std::string device;
        std::string operation;
    };

    Auditor(const Topics& topics, const Ledger& ledger, const Witness& witness, Transcript& transcript,
            Figures& figures)
        : topics_(topics), ledger_(ledger), witness_(witness), transcript_(transcript), figures_(figures) {}

    // The gateway hands this to the link, which takes it.
    void on_publish(const mqtt::Publication& publication);
    // The device's birth said how much it remembers.
    void on_device(const std::string& device, bool remembers) { remembers_[device] = remembers; }
    // Of all times, oldest first.
    [[nodiscard]] const std::vector<Sent>& sent() const noexcept { return sent_; }

private:
    void check_operation(const std::string& device, const mqtt::Publication& publication);
    void check_stored(const Ledger::Entry& entry, const OperationId& id, const std::string& text);
    void check_turn(const std::string& device, const Ledger::Entry& entry, const core::Execution& row);
    void check_repeats(const std::string& device, const core::Job& job, const core::Execution& row,
                       const OperationId& id);
    void check_job_topic(JobId job, const std::string& payload);
    void check_reply(const mqtt::Publication& publication);
    void check_told_job(const boost::json::object& job, const char* where);
    void check_told_rows(const boost::json::object& result);
    void bad(const char* rule, const std::string& text) { transcript_.violate(rule, text); }

    const Topics& topics_;
    const Ledger& ledger_;
    const Witness& witness_;
    Transcript& transcript_;
    Figures& figures_;
    std::map<std::string, unsigned> copies_;  // by operation: taken by the link so far
    std::map<std::string, bool> remembers_;
    std::vector<Sent> sent_;
    std::map<JobId, std::uint64_t> stops_told_;  // and the commit that it was told after
};

}  // namespace muster::simulation
