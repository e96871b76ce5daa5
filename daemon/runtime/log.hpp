// The daemon's log: one line per event, with fixed field names, as text
// (logfmt) or JSON, to standard error, which systemd gives to the journal.
//
// Threads: any.
#pragma once

#include "daemon/core/effects.hpp"
#include "daemon/runtime/log_line.hpp"

#include <string_view>

namespace muster::runtime {

enum class LogLevel { trace, debug, info, warning, error };

void set_up_log(LogLevel level, bool as_json);
void set_log_level(LogLevel level);
[[nodiscard]] bool is_logged(LogLevel level);

void log(LogLevel level, std::string_view event, LogFields fields);
void log_notice(const core::Notice& notice);

[[nodiscard]] LogLevel level_of(core::NoticeKind kind);

}  // namespace muster::runtime
