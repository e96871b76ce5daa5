// What the gateway says of itself: lines of the log, and counters.
#include "daemon/api/render.hpp"
#include "daemon/runtime/gateway.hpp"

#include <algorithm>
#include <utility>

namespace muster::runtime {

void Gateway::log_limited(std::string_view source, LogLevel level, std::string_view event, LogFields fields) {
    if (!is_logged(level)) {
        return;
    }
    const auto at = now();
    log_suppressed(at);
    if (log_limiter_.admit(at, source)) {
        log(level, event, fields);
    }
}

void Gateway::log_suppressed(TimePoint until) {
    if (const auto suppressed = log_limiter_.take_suppressed(until)) {
        log(LogLevel::warning, "log_suppressed",
            {{"lines", std::to_string(suppressed->lines)},
             {"noisiest", suppressed->noisiest},
             {"of_noisiest", std::to_string(suppressed->of_noisiest)}});
    }
}

void Gateway::tell(const core::Notice& notice) {
    if (level_of(notice.kind) != LogLevel::warning) {
        log_notice(notice);
        return;
    }
    // What warns is what devices do; a full registry is one matter, whoever wants to be in it.
    const auto kind = core::to_string(notice.kind);
    log_limited(notice.kind == core::NoticeKind::devices_full ? kind : std::string_view(notice.device),
                LogLevel::warning, kind, {{"name", notice.device}, {"text", notice.text}});
}

boost::json::object Gateway::counters_json() const {
    // In the order of Counter.
    static constexpr std::array<std::string_view, static_cast<std::size_t>(Counter::kCount)> kNames{
        "messages_malformed",
        "messages_oversized",
        "messages_dropped",
        "requests",
        "requests_refused",
        "commits",
        "changes"};
    boost::json::object object;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        object.emplace(kNames[i], counters_[i]);
    }
    object.emplace("queue_refused", inbox_.refused());
    object.emplace("outbox_dropped", outbox_.dropped());
    object.emplace("log_suppressed", log_limiter_.suppressed());
    for (std::size_t i = 0; i < notices_.size(); ++i) {
        object.emplace(core::to_string(static_cast<core::NoticeKind>(i)), notices_[i]);
    }
    return object;
}

api::Figures Gateway::figures() const {
    return {failed_by_reason_, commit_times_,     inbox_.waiting(),
            held_.size(),      outbox_.waiting(), waiting_.size()};
}

void Gateway::tell_service() {
    if (!options_.on_state) {
        return;
    }
    if (std::exchange(jobs_changed_, false)) {
        running_jobs_ =
            static_cast<std::size_t>(std::ranges::count_if(engine_->jobs(), [](const auto& entry) {
                return entry.second->state == core::JobState::running;
            }));
    }
    ServiceState state{state_.broker_connected, state_.broker,
                       state_.broker_connected ? std::string() : state_.broker_detail, state_.store.state,
                       running_jobs_};
    if (told_service_ != state) {
        options_.on_state(state);
        told_service_ = std::move(state);
    }
}

void Gateway::tell_state() {
    if (options_.feed != nullptr) {
        options_.feed->tell("gateway", api::gateway_json(state_, now()));
    }
}

}  // namespace muster::runtime
