#include "tests/simulation/ledger.hpp"

#include "tests/simulation/fleet_documents.hpp"

#include <algorithm>

namespace muster::simulation {
namespace {

std::string name_of(const core::Execution& row) {
    return "execution " + std::to_string(row.ordinal) + " of job " + to_string(row.job) + " (" +
           row.device.text() + ")";
}

std::string text_of(const core::Tally& tally) {
    return std::to_string(tally.succeeded) + " succeeded, " + std::to_string(tally.failed) + " failed, " +
           std::to_string(tally.pending) + " pending";
}

bool same_verdict(core::Execution a, const core::Execution& b) {
    a.late_code = b.late_code;
    a.late_at = b.late_at;
    a.old_values = b.old_values;
    return a == b;
}

std::uint32_t& count_of(core::Tally& tally, core::ExecutionState state) {
    switch (state) {
        case core::ExecutionState::completed:
            return tally.succeeded;
        case core::ExecutionState::failed:
            return tally.failed;
        case core::ExecutionState::pending:
            return tally.pending;
    }
    return tally.pending;
}

}  // namespace

const Ledger::Entry* Ledger::find(JobId job) const {
    const auto found = jobs_.find(job);
    return found == jobs_.end() ? nullptr : &found->second;
}

bool Ledger::is_sent_to_device(const core::Job& job) {
    return job.spec.type != core::JobType::properties ||
           std::ranges::any_of(job.spec.operations,
                               [](const auto& operation) { return operation.name != kGatewayProperty; });
}

void Ledger::commit(std::span<const core::Change> changes) {
    ++figures_.commits;
    ++commits_;
    touched_.clear();
    for (const auto& change : changes) {
        std::visit([this](const auto& what) { apply(what); }, change);
    }
    for (const auto id : touched_) {
        if (auto found = jobs_.find(id); found != jobs_.end()) {
            auto& entry = found->second;
            entry.seen.emplace(entry.job->state, entry.tally.succeeded, entry.tally.failed,
                               entry.tally.pending);
            check_job(id, entry);
        }
    }
}

void Ledger::apply(const core::PutJob& change) {
    const auto& job = *change.job;
    auto& entry = jobs_[job.id];
    if (entry.job == nullptr) {
        ++figures_.jobs;
        if (deleted_.contains(job.id)) {
            transcript_.violate("a job's number is given once", "job " + to_string(job.id) + " came again");
        }
    } else {
        const auto before = entry.job->state;
        const auto over = before == core::JobState::completed || before == core::JobState::failed;
        if (over && before != job.state) {
            transcript_.violate("a job that ended stays as it ended",
                                "job " + to_string(job.id) + " was " + std::string(to_string(before)) +
                                    " and is " + std::string(to_string(job.state)));
        }
    }
    entry.job = change.job;
    entry.job_commit = commits_;
    touched_.insert(job.id);
}

void Ledger::apply(const core::DeleteJob& change) {
    jobs_.erase(change.job);
    deleted_.insert(change.job);
}

void Ledger::apply(const core::CreateExecutions& change) {
    auto& entry = jobs_[change.job];
    for (const auto& device : *change.devices) {
        core::Execution row;
        row.job = change.job;
        row.ordinal = static_cast<std::uint32_t>(entry.rows.size());
        row.device = DeviceId::parse(device).value();
        entry.rows.push_back(std::move(row));
        entry.row_commits.push_back(commits_);
        ++entry.tally.pending;
        ++figures_.executions;
    }
    touched_.insert(change.job);
}

void Ledger::apply(const core::PutExecution& change) {
    const auto& now = change.execution;
    const auto found = jobs_.find(now.job);
    if (found == jobs_.end() || now.ordinal >= found->second.rows.size()) {
        transcript_.violate("a row belongs to a job", name_of(now) + " was written, and is of no job");
        return;
    }
    auto& entry = found->second;
    auto& row = entry.rows[now.ordinal];
    if (row.state != core::ExecutionState::pending && !same_verdict(now, row)) {
        transcript_.violate("a verdict never changes", name_of(now) + " was written again");
    }
    if (row.device != now.device) {
        transcript_.violate("an execution keeps its device", name_of(now) + " was " + row.device.text());
    }
    --count_of(entry.tally, row.state);
    ++count_of(entry.tally, now.state);
    if (row.state == core::ExecutionState::pending && now.state != core::ExecutionState::pending) {
        ++figures_.verdicts;
        check_verdict(*entry.job, now);
    }
    transcript_.say("stored: {} {} {}, message {}, attempt {} {} {}", name_of(now), to_string(now.state),
                    to_string(now.phase), now.operation, now.attempts, to_string(now.reason), now.message);
    row = now;
    entry.row_commits[now.ordinal] = commits_;
    touched_.insert(now.job);
}

void Ledger::apply(const core::PutLateAnswer& change) {
    ++figures_.late_answers;
    const auto* entry = find(change.job);
    if (entry != nullptr && change.ordinal < entry->rows.size() &&
        entry->rows[change.ordinal].state == core::ExecutionState::pending) {
        transcript_.violate("a late answer comes after the verdict",
                            name_of(entry->rows[change.ordinal]) + " has none yet");
    }
}

// Rule 1: success is what the device itself said. B05: a failure says why.
void Ledger::check_verdict(const core::Job& job, const core::Execution& row) {
    if (row.state == core::ExecutionState::failed) {
        if (row.reason == core::Reason::none || row.message.empty()) {
            transcript_.violate("a failure has a reason and a message", name_of(row) + " has not");
        }
        return;
    }
    if (!is_sent_to_device(job)) {
        return;
    }
    const auto messages = job.spec.type == core::JobType::commands ? job.spec.operations.size() : 1;
    for (std::size_t operation = 0; operation < messages; ++operation) {
        const OperationId message{row.job, row.ordinal, static_cast<std::uint16_t>(operation), {}};
        if (!witness_.said_done(row.device.text(), message)) {
            transcript_.violate("success is what the device said",
                                name_of(row) + " Completed, and the device never said that " +
                                    message_name(message) + " was done");
        }
    }
}

// B01, and what each job state means.
void Ledger::check_job(JobId id, const Entry& entry) {
    const auto& job = *entry.job;
    const auto bad = [&](const char* rule, const std::string& text) {
        transcript_.violate(rule, "job " + to_string(id) + ": " + text);
    };
    if (entry.tally.selected() != entry.rows.size()) {
        bad("the tally adds up", text_of(entry.tally) + " of " + std::to_string(entry.rows.size()));
    }
    const auto pending = entry.tally.pending > 0;
    const auto stored = job.state == core::JobState::completed || job.state == core::JobState::failed;
    if (stored && job.tally != entry.tally) {
        bad("the tally equals a recount", text_of(job.tally) + ", and the rows say " + text_of(entry.tally));
    }
    switch (job.state) {
        case core::JobState::pending:
            if (!entry.rows.empty()) {
                bad("a job state says what is", "Pending, with executions");
            }
            break;
        case core::JobState::running:
        case core::JobState::stopped:
            if (!pending) {
                bad("a job state says what is", "not ended, with nothing Pending");
            }
            break;
        case core::JobState::completed:
        case core::JobState::failed:
            if (pending || (job.state == core::JobState::failed) != (entry.tally.failed > 0)) {
                bad("a job state says what is",
                    std::string(to_string(job.state)) + " with " + text_of(entry.tally));
            }
            break;
    }
}

}  // namespace muster::simulation
