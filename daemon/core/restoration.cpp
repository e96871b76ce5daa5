#include "daemon/core/restoration.hpp"

#include "daemon/core/outcomes.hpp"
#include "daemon/core/transitions.hpp"

#include <map>

namespace muster::core {
namespace {

constexpr const char* kMayHaveRun =
    "the store was restored from a backup, and what was done since is not known; it may have run";

bool is_in_doubt(const Job& job) {
    const auto begun = job.state == JobState::running || job.state == JobState::stopped;
    return begun && job.spec.type == JobType::commands;
}

Execution uncertain(const Execution& pending, TimePoint now) {
    auto execution = pending;
    const auto status = must(pending.phase, ExecutionEvent::fail);
    execution.state = status.state;
    execution.phase = status.phase;
    execution.reason = Reason::uncertain;
    execution.message = kMayHaveRun;
    execution.finished_at = now;
    return execution;
}

}  // namespace

std::vector<Change> after_restore(const Snapshot& restored, TimePoint now) {
    std::vector<Change> changes;
    std::map<JobId, Job> ended;
    for (const auto& job : restored.jobs) {
        if (is_in_doubt(job)) {
            ended.emplace(job.id, job);
        }
    }
    for (const auto& execution : restored.executions) {
        const auto found = ended.find(execution.job);
        if (found == ended.end() || execution.state != ExecutionState::pending) {
            continue;
        }
        auto& job = found->second;
        const auto row = uncertain(execution, now);
        --job.tally.pending;
        ++job.tally.failed;
        count_outcome(job.outcomes, row.state, row.reason, row.message);
        changes.emplace_back(PutExecution{row});
    }
    for (auto& [id, job] : ended) {
        job.state = must(job.state, job.tally.failed == 0 ? JobEvent::all_done : JobEvent::done_failing);
        job.ended_at = now;
        changes.emplace_back(PutJob{std::make_shared<const Job>(std::move(job))});
    }
    return changes;
}

}  // namespace muster::core
