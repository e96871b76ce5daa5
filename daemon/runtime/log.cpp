#include "daemon/runtime/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>
#include <string>

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

}  // namespace

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

void set_up_log(LogLevel level, bool as_json) {
    json_lines = as_json;
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>("musterd", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
    spdlog::set_pattern(
        as_json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v",
        spdlog::pattern_time_type::utc);
    set_log_level(level);
}

void set_log_level(LogLevel level) {
    spdlog::set_level(native(level));
}

bool is_logged(LogLevel level) {
    return spdlog::should_log(native(level));
}

void log(LogLevel level, std::string_view event, LogFields fields) {
    if (is_logged(level)) {
        spdlog::log(native(level), log_line(event, fields, json_lines));
    }
}

void log_notice(const core::Notice& notice) {
    const auto job = notice.job == JobId::none ? std::string{} : to_string(notice.job);
    log(level_of(notice.kind), core::to_string(notice.kind),
        {{"job", job},
         {"name", notice.device},
         {"reason", core::to_string(notice.reason)},
         {"text", notice.text}});
}

}  // namespace muster::runtime
