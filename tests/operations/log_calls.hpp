// What musterd can log, read from its source: calls of log() and log_limited(), and
// the notices of the engine, whose lines are all made in one place.
//
// Threads: pure functions.
#pragma once

#include "tests/layering/source_tree.hpp"

#include <set>
#include <string>
#include <vector>

namespace muster::test {

// One line that can be logged. The same event at two places has two.
struct LogLine {
    std::string event;
    std::string level;  // "warning"
    std::set<std::string> fields;
    std::string place;  // "daemon/program.cpp:150"
};

struct LogCalls {
    std::vector<LogLine> lines;
    // Calls that say their level, event or fields in a way that is not read here.
    std::vector<std::string> unread;
};

// Of the files below daemon/ but the client's and the console's.
[[nodiscard]] LogCalls find_log_calls(const layering::Tree& tree);
// Of the engine's notices, by kind; `fields` are those that a notice may have.
[[nodiscard]] std::vector<LogLine> notice_lines();

}  // namespace muster::test
