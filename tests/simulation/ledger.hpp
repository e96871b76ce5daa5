// What the storage holds, kept by an account of its own: made of the changes
// that were committed, and of nothing that the engine counts itself. Every
// commit is checked against the promises as it comes.
//
// Threads: one.
#pragma once

#include "daemon/core/change.hpp"
#include "tests/simulation/figures.hpp"
#include "tests/simulation/transcript.hpp"
#include "tests/simulation/witness.hpp"

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace muster::simulation {

class Ledger {
public:
    struct Entry {
        std::shared_ptr<const core::Job> job;
        std::vector<core::Execution> rows;       // by ordinal
        core::Tally tally;                       // counted from the rows
        std::vector<std::uint64_t> row_commits;  // by ordinal: the commit that wrote the row last
        std::uint64_t job_commit = 0;            // and the job
        // Every state and tally that was ever stored: what a client may be told.
        std::set<std::tuple<core::JobState, std::uint32_t, std::uint32_t, std::uint32_t>> seen;
    };

    Ledger(Transcript& transcript, const Witness& witness, Figures& figures)
        : transcript_(transcript), witness_(witness), figures_(figures) {}

    // These are durable now.
    void commit(std::span<const core::Change> changes);

    // How many there were.
    [[nodiscard]] std::uint64_t commits() const noexcept { return commits_; }
    // nullptr: there is no such job, or it was deleted.
    [[nodiscard]] const Entry* find(JobId job) const;
    [[nodiscard]] const std::map<JobId, Entry>& jobs() const noexcept { return jobs_; }
    [[nodiscard]] bool has_device(const std::string& device) const { return devices_.contains(device); }
    [[nodiscard]] bool is_known_to_remember(const std::string& device) const {
        const auto found = devices_.find(device);
        return found != devices_.end() && found->second;
    }
    [[nodiscard]] bool was_deleted(JobId job) const { return deleted_.contains(job); }
    // Messages of this row go to the device.
    [[nodiscard]] static bool is_sent_to_device(const core::Job& job);

private:
    void apply(const core::PutJob& change);
    void apply(const core::DeleteJob& change);
    void apply(const core::CreateExecutions& change);
    void apply(const core::PutExecution& change);
    void apply(const core::PutLateAnswer& change);
    void apply(const core::PutDevice& change) {
        devices_.insert_or_assign(change.device.id.text(), change.device.remembers > 0);
    }
    void apply(const core::PutPresence&) {}
    void apply(const core::DeleteDevice& change) { devices_.erase(change.device.text()); }
    void apply(const core::PutSet&) {}
    void apply(const core::DeleteSet&) {}
    void apply(const core::PutTemplate&) {}
    void apply(const core::AuditEntry&) {}
    void apply(const core::TrimAudit&) {}

    void check_verdict(const core::Job& job, const core::Execution& row);
    void check_job(JobId id, const Entry& entry);

    Transcript& transcript_;
    const Witness& witness_;
    Figures& figures_;
    std::uint64_t commits_ = 0;
    std::map<JobId, Entry> jobs_;
    std::set<JobId> deleted_;
    std::map<std::string, bool> devices_;  // and whether it is known to remember
    std::set<JobId> touched_;              // by the commit at work
};

}  // namespace muster::simulation
