// The daemon's log: one line per notice, with fixed field names, as text
// (logfmt) or JSON. The only place that knows how a line looks.
//
// Threads: any.
#pragma once

#include "daemon/core/effects.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace muster::runtime {

enum class LogLevel { trace, debug, info, warning, error };

// To standard error, which systemd gives to the journal.
void set_up_log(LogLevel level, bool as_json);
void set_log_level(LogLevel level);

using LogFields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// Values are escaped: what devices and clients wrote cannot forge a line.
void log(LogLevel level, std::string_view event, LogFields fields);
void log_notice(const core::Notice& notice);

// What strangers can cause as often as they like is logged at most kStrangersPerSecond
// times a second; the rest are counted and said in one line.
inline constexpr int kStrangersPerSecond = 10;
void log_stranger(std::string_view event, LogFields fields);

}  // namespace muster::runtime
