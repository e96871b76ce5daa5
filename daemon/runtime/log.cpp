#include "daemon/runtime/log.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <mutex>

namespace muster::runtime {
namespace {

std::atomic<bool> json_lines{false};

spdlog::level::level_enum native(LogLevel level) {
    switch (level) {
        case LogLevel::trace:
            return spdlog::level::trace;
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::warning:
            return spdlog::level::warn;
        case LogLevel::error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

std::string quoted(std::string_view text) {
    return boost::json::serialize(boost::json::string(text));
}

std::string line_of(std::string_view event, LogFields fields) {
    const auto as_json = json_lines.load();
    std::string line = as_json ? R"("event":)" + quoted(event) : "event=" + std::string(event);
    for (const auto& [name, value] : fields) {
        if (value.empty()) {
            continue;
        }
        line += as_json ? "," + quoted(name) + ":" : " " + std::string(name) + "=";
        line += quoted(value);
    }
    return line;
}

LogLevel level_of(core::NoticeKind kind) {
    switch (kind) {
        case core::NoticeKind::job_saved:
        case core::NoticeKind::job_started:
        case core::NoticeKind::job_stopped:
        case core::NoticeKind::job_ended:
        case core::NoticeKind::job_deleted:
        case core::NoticeKind::set_changed:
        case core::NoticeKind::template_changed:
        case core::NoticeKind::device_deleted:
        case core::NoticeKind::request_refused:
            return LogLevel::info;
        case core::NoticeKind::execution_failed:
        case core::NoticeKind::ack_late:
        case core::NoticeKind::device_registered:
        case core::NoticeKind::device_changed:
        case core::NoticeKind::device_online:
        case core::NoticeKind::device_offline:
            return LogLevel::debug;
        case core::NoticeKind::execution_completed:
        case core::NoticeKind::execution_progress:
        case core::NoticeKind::operation_sent:
        case core::NoticeKind::operation_resent:
        case core::NoticeKind::operation_refused:
        case core::NoticeKind::ack_duplicate:
            return LogLevel::trace;
        case core::NoticeKind::ack_foreign:
        case core::NoticeKind::devices_full:
            return LogLevel::warning;
    }
    return LogLevel::info;
}

// Counts within the current second.
class Limiter {
public:
    // How many were suppressed since the last line; nullopt: this one is, too.
    std::optional<std::uint64_t> admit() {
        const std::lock_guard lock(mutex_);
        const auto second = std::chrono::steady_clock::now().time_since_epoch() / std::chrono::seconds(1);
        if (second != second_) {
            second_ = second;
            count_ = 0;
        }
        if (++count_ > kStrangersPerSecond) {
            ++suppressed_;
            return std::nullopt;
        }
        return std::exchange(suppressed_, 0);
    }

private:
    std::mutex mutex_;
    std::int64_t second_ = 0;
    int count_ = 0;
    std::uint64_t suppressed_ = 0;
};

}  // namespace

void set_up_log(LogLevel level, bool as_json) {
    json_lines = as_json;
    spdlog::set_default_logger(spdlog::stderr_logger_mt("musterd"));
    spdlog::set_pattern(
        as_json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v",
        spdlog::pattern_time_type::utc);
    set_log_level(level);
}

void set_log_level(LogLevel level) {
    spdlog::set_level(native(level));
}

void log(LogLevel level, std::string_view event, LogFields fields) {
    if (spdlog::should_log(native(level))) {
        spdlog::log(native(level), line_of(event, fields));
    }
}

void log_notice(const core::Notice& notice) {
    const auto level = level_of(notice.kind);
    if (!spdlog::should_log(native(level))) {
        return;
    }
    const auto job = notice.job == JobId::none ? std::string{} : to_string(notice.job);
    const LogFields fields{{"job", job},
                           {"name", notice.device},
                           {"reason", core::to_string(notice.reason)},
                           {"text", notice.text}};
    if (level == LogLevel::warning) {
        log_stranger(core::to_string(notice.kind), fields);
    } else {
        log(level, core::to_string(notice.kind), fields);
    }
}

void log_stranger(std::string_view event, LogFields fields) {
    static Limiter limiter;
    const auto suppressed = limiter.admit();
    if (!suppressed) {
        return;
    }
    if (*suppressed > 0) {
        log(LogLevel::warning, "log_suppressed", {{"lines", std::to_string(*suppressed)}});
    }
    log(LogLevel::warning, event, fields);
}

}  // namespace muster::runtime
