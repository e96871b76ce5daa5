#include "tests/operations/log_calls.hpp"

#include "daemon/core/effects.hpp"
#include "daemon/runtime/log.hpp"

#include <algorithm>
#include <regex>

namespace muster::test {
namespace {

// A file's text, and the same with the inside of literals and comments blanked.
struct Text {
    std::string whole;
    std::string code;
};

Text text_of(const layering::SourceFile& file) {
    Text text;
    for (std::size_t line = 0; line < file.lines.size(); ++line) {
        text.whole += file.lines[line] + "\n";
        text.code += file.code[line] + "\n";
    }
    return text;
}

// The arguments of a call whose ( is at `open`, as written; empty: it has no end.
std::vector<std::string> arguments_of(const Text& text, std::size_t open) {
    std::vector<std::string> arguments;
    int depth = 0;
    auto begin = open + 1;
    for (auto at = open; at < text.code.size(); ++at) {
        const char character = text.code[at];
        depth += character == '(' || character == '{' ? 1 : 0;
        depth -= character == ')' || character == '}' ? 1 : 0;
        if ((character == ',' && depth == 1) || depth == 0) {
            arguments.push_back(text.whole.substr(begin, at - begin));
            begin = at + 1;
        }
        if (depth == 0) {
            return arguments;
        }
    }
    return {};
}

std::vector<std::string> all_of(const std::string& text, const std::regex& pattern) {
    std::vector<std::string> found;
    for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
        found.push_back((*at)[1]);
    }
    return found;
}

std::set<std::string> field_names(const std::string& fields) {
    static const std::regex name(R"re(\{\s*"([a-z_]+)"\s*,)re");
    const auto names = all_of(fields, name);
    return {names.begin(), names.end()};
}

// Calls that hand on what they were given, and the engine's notices: see notice_lines().
bool hands_on(const std::string& event) {
    static const std::regex names(R"(\s*(event|kind|core::to_string\(notice\.kind\))\s*)");
    return std::regex_match(event, names);
}

void read_call(std::vector<std::string> arguments, const std::string& place, LogCalls& calls) {
    static const std::regex level_name(R"(LogLevel::([a-z]+))");
    static const std::regex literal(R"re("([a-z_]+)")re");
    if (arguments.size() != 3) {
        calls.unread.push_back(place + ": a call of log with other arguments than level, event, fields");
        return;
    }
    const auto events = all_of(arguments[1], literal);
    const auto levels = all_of(arguments[0], level_name);
    if (events.empty() && hands_on(arguments[1])) {
        return;
    }
    // `well ? LogLevel::info : LogLevel::error` goes with `well ? "a" : "b"`.
    if (events.empty() || levels.empty() || (levels.size() != 1 && levels.size() != events.size())) {
        calls.unread.push_back(place + ": write level and event where they are logged, for LOGS.md");
        return;
    }
    for (std::size_t index = 0; index < events.size(); ++index) {
        calls.lines.push_back(
            {events[index], levels[std::min(index, levels.size() - 1)], field_names(arguments[2]), place});
    }
}

void read_file_of(const layering::SourceFile& file, LogCalls& calls) {
    static const std::regex call(R"((^|[^\w:.>])(runtime::|)(log|log_limited)\()");
    const auto text = text_of(file);
    for (std::sregex_iterator at(text.code.begin(), text.code.end(), call), end; at != end; ++at) {
        const auto open = static_cast<std::size_t>(at->position() + at->length() - 1);
        auto arguments = arguments_of(text, open);
        const bool declared = !arguments.empty() && (arguments.front().starts_with("LogLevel level") ||
                                                     arguments.front().starts_with("std::string_view"));
        if (declared) {
            continue;
        }
        if ((*at)[3] == "log_limited" && !arguments.empty()) {
            arguments.erase(arguments.begin());  // whose line it is
        }
        const auto line =
            1 + std::count(text.code.begin(), text.code.begin() + static_cast<long>(open), '\n');
        read_call(std::move(arguments), file.path + ":" + std::to_string(line), calls);
    }
}

std::string name_of(runtime::LogLevel level) {
    switch (level) {
        case runtime::LogLevel::trace:
            return "trace";
        case runtime::LogLevel::debug:
            return "debug";
        case runtime::LogLevel::info:
            return "info";
        case runtime::LogLevel::warning:
            return "warning";
        case runtime::LogLevel::error:
            return "error";
    }
    return "";
}

}  // namespace

LogCalls find_log_calls(const layering::Tree& tree) {
    LogCalls calls;
    for (const auto& file : tree) {
        if (file.is_cpp() && file.is_below("daemon/") && !file.is_below("daemon/cli/") &&
            !file.is_below("daemon/console/")) {
            read_file_of(file, calls);
        }
    }
    return calls;
}

std::vector<LogLine> notice_lines() {
    std::vector<LogLine> lines;
    for (std::size_t index = 0; index < core::kNoticeKinds; ++index) {
        const auto kind = static_cast<core::NoticeKind>(index);
        lines.push_back({std::string(core::to_string(kind)),
                         name_of(runtime::level_of(kind)),
                         {"job", "name", "reason", "text"},
                         "core::NoticeKind"});
    }
    return lines;
}

}  // namespace muster::test
