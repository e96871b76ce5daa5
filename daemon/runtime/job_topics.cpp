#include "daemon/runtime/job_topics.hpp"

#include "daemon/api/render.hpp"
#include "protocol/codec.hpp"

#include <algorithm>
#include <utility>

namespace muster::runtime {
namespace json = boost::json;
namespace {

// Jobs retained anew in one go after a reconnect: a millisecond, more while Paho's threads are at work.
constexpr std::size_t kStalePerFlush = 20;

// "" for notices that are no event of a job.
std::string_view event_of(core::NoticeKind kind) {
    switch (kind) {
        case core::NoticeKind::job_saved:
            return "saved";
        case core::NoticeKind::job_started:
            return "started";
        case core::NoticeKind::job_stopped:
            return "stopped";
        case core::NoticeKind::job_ended:
            return "ended";
        case core::NoticeKind::job_deleted:
            return "deleted";
        case core::NoticeKind::execution_completed:
        case core::NoticeKind::execution_failed:
            return "progress";
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
            return "";
    }
    return "";
}

}  // namespace

void JobTopics::note(const core::Notice& notice, const core::Engine& engine, TimePoint now) {
    const auto event = event_of(notice.kind);
    if (event.empty()) {
        return;
    }
    if (event == "progress") {
        moved_.insert(notice.job);
        return;
    }
    moved_.erase(notice.job);
    tell(notice.job, event, engine, now);
    if (const auto* job = engine.find_job(notice.job)) {
        show(*job);
    } else {
        if (feed_ != nullptr) {
            feed_->tell("job-deleted", {{"job", static_cast<std::uint64_t>(notice.job)}});
        }
        clear(notice.job);
        stale_.erase(notice.job);
        numbers_.erase(notice.job);
    }
}

void JobTopics::connected(const core::Engine& engine) {
    for (const auto& [id, job] : engine.jobs()) {
        stale_.insert(id);
    }
}

void JobTopics::found(JobId job, const core::Engine& engine) {
    if (engine.find_job(job) == nullptr) {
        stale_.insert(job);  // cleared by flush(): perhaps its deletion is not durable yet
    }
}

void JobTopics::flush(const core::Engine& engine, TimePoint now) {
    if (!moved_.empty() && now >= moved_flush_ + kInterval) {
        moved_flush_ = now;
        for (const auto id : std::exchange(moved_, {})) {
            if (const auto* job = engine.find_job(id)) {
                show(*job);
                tell(id, "progress", engine, now);
            }
        }
    }
    if (stale_.empty() || now < stale_flush_ + kStaleInterval) {
        return;
    }
    stale_flush_ = now;
    for (std::size_t i = 0; i < kStalePerFlush && !stale_.empty(); ++i) {
        if (const auto* job = engine.find_job(*stale_.begin())) {
            retain(*job);
        } else {
            clear(*stale_.begin());
        }
        stale_.erase(stale_.begin());
    }
}

std::optional<TimePoint> JobTopics::due() const {
    if (!stale_.empty() && !moved_.empty()) {
        return std::min(moved_flush_ + kInterval, stale_flush_ + kStaleInterval);
    }
    if (!stale_.empty()) {
        return stale_flush_ + kStaleInterval;
    }
    return moved_.empty() ? std::nullopt : std::optional(moved_flush_ + kInterval);
}

void JobTopics::show(const core::Job& job) {
    if (feed_ != nullptr) {
        feed_->tell("job", api::job_json(job, api::JobDetail::listed));
    }
    retain(job);
}

void JobTopics::retain(const core::Job& job) {
    auto text = format_json(api::job_json(job, api::JobDetail::topic));
    outbox_.publish({topics_.job(job.id), std::move(text), 1, true, {}, {}, {}});
}

void JobTopics::clear(JobId job) {
    outbox_.publish({topics_.job(job), {}, 1, true, {}, {}, {}});
}

void JobTopics::tell(JobId id, std::string_view event, const core::Engine& engine, TimePoint now) {
    json::object object{{"job", static_cast<std::uint64_t>(id)},
                        {"number", ++numbers_[id]},
                        {"at", format_utc(now)},
                        {"event", event}};
    if (const auto* job = engine.find_job(id)) {
        object.emplace("status", core::to_string(job->state));
        object.emplace("tally", api::tally_json(job->tally));
    }
    outbox_.publish({topics_.job_event(id), format_json(object), 1, false, {}, {}, {}});
}

}  // namespace muster::runtime
