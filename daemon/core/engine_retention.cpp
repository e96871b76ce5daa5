// What is over and has been kept long enough goes, a little at a time.
//
// A job goes as if a user had deleted it: its topic is cleared, its idempotency key
// is free, a job that was made of it keeps the number of its parent. A Stopped job is
// not over: it may be run again, so only a user deletes it. Nor is a saved one.
#include "daemon/core/engine.hpp"

#include <algorithm>

namespace muster::core {
namespace {

// Stands where a user's name does in the audit log, and cannot be one.
constexpr const char* kRetention = "(retention)";

bool is_over(const Job& job) {
    switch (job.state) {
        case JobState::completed:
        case JobState::failed:
            return true;
        case JobState::pending:
        case JobState::running:
        case JobState::stopped:
            return false;
    }
    MUSTER_INVARIANT(false);
    return false;
}

}  // namespace

void Engine::on(Step& step, const RetentionChanged& event) {
    options_.keep = event.keep;
    retention_due_ = step.now;
}

std::optional<TimePoint> Engine::retention_due() const {
    const auto& keep = options_.keep;
    return keep == KeepFor{} ? std::nullopt : std::optional(retention_due_);
}

// Those that ended first, one more than may go at once if there are so many.
std::vector<JobId> Engine::jobs_to_retire(TimePoint now) const {
    std::vector<std::pair<TimePoint, JobId>> due;
    for (const auto& [id, job] : jobs_) {
        if (is_over(*job) && job->ended_at + options_.keep.jobs <= now) {
            due.emplace_back(job->ended_at, id);
        }
    }
    const auto going = std::min(due.size(), kRetiredAtOnce + 1);
    std::ranges::partial_sort(due, due.begin() + static_cast<std::ptrdiff_t>(going));
    std::vector<JobId> jobs;
    for (std::size_t i = 0; i < going; ++i) {
        jobs.push_back(due[i].second);
    }
    return jobs;
}

void Engine::retire(Step& step) {
    const auto due = retention_due();
    if (!due || step.now < *due) {
        return;
    }
    retention_due_ = step.now + kRetentionPause;
    const auto& keep = options_.keep;
    if (keep.audit > Seconds{0}) {
        step.effects.changes.emplace_back(TrimAudit{step.now - keep.audit});
    }
    if (keep.jobs > Seconds{0}) {
        auto jobs = jobs_to_retire(step.now);
        if (jobs.size() > kRetiredAtOnce) {
            jobs.pop_back();
            retention_due_ = step.now + kRetentionHurry;
        }
        for (const auto job : jobs) {
            remove_job(step, kRetention, *jobs_.at(job));
        }
    }
}

}  // namespace muster::core
