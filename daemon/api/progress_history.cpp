#include "daemon/api/progress_history.hpp"

#include <algorithm>

namespace muster::api {
namespace {

using Course = ProgressHistory::Course;
using Sample = ProgressHistory::Sample;

void thin(Course& course) {
    auto& samples = course.samples;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < samples.size(); i += 2) {
        samples[kept++] = samples[i];
    }
    samples.resize(kept);
    course.interval *= 2;
}

void add(Course& course, const Sample& sample) {
    if (course.samples.size() == ProgressHistory::kSamples) {
        thin(course);
    }
    course.samples.push_back(sample);
}

}  // namespace

void ProgressHistory::note(const core::Notice& notice) {
    switch (notice.kind) {
        case core::NoticeKind::execution_completed:
        case core::NoticeKind::execution_failed:
            moved_.emplace(notice.job, Moved::tally);
            return;
        case core::NoticeKind::job_started:
            moved_[notice.job] = Moved::begun;
            return;
        case core::NoticeKind::job_stopped:
        case core::NoticeKind::job_ended: {
            // A job may begin and end in one commit.
            auto& moved = moved_.emplace(notice.job, Moved::ended).first->second;
            moved = std::max(moved, Moved::ended);
            return;
        }
        case core::NoticeKind::job_deleted:
            courses_.erase(notice.job);
            moved_.erase(notice.job);
            return;
        case core::NoticeKind::job_saved:
        case core::NoticeKind::execution_progress:
        case core::NoticeKind::operation_sent:
        case core::NoticeKind::operation_resent:
        case core::NoticeKind::operation_refused:
        case core::NoticeKind::ack_duplicate:
        case core::NoticeKind::ack_late:
        case core::NoticeKind::ack_foreign:
        case core::NoticeKind::device_registered:
        case core::NoticeKind::device_changed:
        case core::NoticeKind::device_deleted:
        case core::NoticeKind::device_online:
        case core::NoticeKind::device_offline:
        case core::NoticeKind::devices_full:
        case core::NoticeKind::set_changed:
        case core::NoticeKind::template_changed:
            return;
    }
}

void ProgressHistory::committed(const core::Engine& engine, TimePoint now) {
    for (const auto& [id, moved] : moved_) {
        if (const auto* job = engine.find_job(id)) {
            follow(*job, moved, now);
        }
    }
    moved_.clear();
}

void ProgressHistory::follow(const core::Job& job, Moved moved, TimePoint now) {
    const auto known = courses_.find(job.id);
    if (known == courses_.end()) {
        make_room();
    }
    auto& course = known == courses_.end() ? courses_[job.id] : known->second;
    if (moved == Moved::begun) {
        course = Course{};
        course.complete = true;
    }
    const Sample sample{now, job.tally};
    course.ended = job.state != core::JobState::running;
    const auto due =
        course.samples.empty() || course.ended || now - course.samples.back().at >= course.interval;
    if (!due) {
        course.latest = sample;
        return;
    }
    // A pause ended: the curve stays flat until now, and does not rise through the pause.
    if (!course.samples.empty() && course.latest.at > course.samples.back().at &&
        now - course.latest.at >= course.interval) {
        add(course, course.latest);
    }
    add(course, sample);
}

void ProgressHistory::make_room() {
    if (courses_.size() < kJobs) {
        return;
    }
    const auto oldest = std::ranges::min_element(courses_, [](const auto& a, const auto& b) {
        const auto rank = [](const Course& course) {
            return std::pair(!course.ended, course.samples.back().at);
        };
        return rank(a.second) < rank(b.second);
    });
    courses_.erase(oldest);
}

const ProgressHistory::Course* ProgressHistory::find(JobId job) const {
    const auto found = courses_.find(job);
    return found == courses_.end() ? nullptr : &found->second;
}

}  // namespace muster::api
