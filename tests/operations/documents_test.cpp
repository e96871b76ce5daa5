// The operator's pages say what musterd does: each message of the log, and no other; links that lead
// somewhere.
#include "tests/operations/log_calls.hpp"
#include "tests/support/files.hpp"
#include "tests/support/markdown.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

namespace muster::test {
namespace {

namespace files = std::filesystem;

files::path source() {
    return MUSTER_SOURCE_DIRECTORY;
}

Markdown page(const files::path& path) {
    return read_markdown(read_file(source() / path));
}

std::string row_of(const LogLine& line) {
    std::string names;
    for (const auto& field : line.fields) {
        names += (names.empty() ? "`" : ", `") + field + "`";
    }
    return "| `" + line.event + "` | " + line.level + " | " + names + " | MEANING | WHAT TO DO |";
}

// One line for what has to be put right in LOGS.md, ready to be pasted.
void check_documented(const LogLine& line, const std::map<std::string, TableRow>& rows, bool every_field) {
    const auto row = rows.find(line.event);
    CHECK_MESSAGE(row != rows.end(), "systemd/LOGS.md lacks (" << line.place << "):\n" << row_of(line));
    if (row == rows.end() || row->second.cells.size() < 3) {
        return;
    }
    const auto& cells = row->second.cells;
    const auto written = ticked(cells[2]);
    const std::set<std::string> fields(written.begin(), written.end());
    const bool same = every_field ? fields == line.fields : std::ranges::includes(line.fields, fields);
    CHECK_MESSAGE((cells[1] == line.level && same), "systemd/LOGS.md:" << row->second.line << " should say ("
                                                                       << line.place << "):\n"
                                                                       << row_of(line));
}

std::map<std::string, TableRow> log_rows(const Markdown& logs) {
    std::map<std::string, TableRow> rows;
    for (const auto& row : logs.rows) {
        REQUIRE_MESSAGE(row.cells.size() == 5, "systemd/LOGS.md:" << row.line << " has not five cells");
        const auto event = without_ticks(row.cells[0]);
        CHECK_MESSAGE(rows.emplace(event, row).second, "systemd/LOGS.md has " << event << " twice");
    }
    return rows;
}

// Fields of one event at several places are one set: which of them a line has, depends.
std::vector<LogLine> by_event(const std::vector<LogLine>& lines) {
    std::map<std::string, LogLine> found;
    for (const auto& line : lines) {
        const auto [at, is_new] = found.emplace(line.event, line);
        if (!is_new) {
            at->second.fields.insert(line.fields.begin(), line.fields.end());
        }
    }
    std::vector<LogLine> result;
    std::ranges::transform(found, std::back_inserter(result), [](const auto& each) { return each.second; });
    return result;
}

LogCalls calls_in(const std::string& path, const std::string& text) {
    return find_log_calls({layering::make_file(path, text)});
}

}  // namespace

TEST_CASE("LOGS.md has every message of the log, with its level and fields, and no other") {
    const auto calls = find_log_calls(layering::load_tree(source()));
    for (const auto& call : calls.unread) {
        FAIL_CHECK(call);
    }
    const auto lines = by_event(calls.lines);
    const auto notices = notice_lines();
    REQUIRE(lines.size() > 15);
    const auto rows = log_rows(page("systemd/LOGS.md"));
    for (const auto& line : lines) {
        check_documented(line, rows, true);
    }
    for (const auto& line : notices) {
        check_documented(line, rows, false);
    }
    for (const auto& [event, row] : rows) {
        const auto is_it = [&](const LogLine& line) { return line.event == event; };
        const bool real = std::ranges::any_of(lines, is_it) || std::ranges::any_of(notices, is_it);
        CHECK_MESSAGE(real, "systemd/LOGS.md:" << row.line << ": nothing logs " << event);
    }
}

TEST_CASE("calls of the log are found however they are written") {
    const auto calls = calls_in("daemon/x.cpp", R"(
        log(LogLevel::info, "plain", {});
        runtime::log(runtime::LogLevel::error, "two_lines",
                     {{"name", f(a, "b")}, {"text", g({1, 2})}});
        log_limited(who(x, y), LogLevel::warning, "limited", {{"user", to.user}});
        log(well ? LogLevel::info : LogLevel::error, well ? "good" : "bad", {{"state", s}});
        // log(LogLevel::info, "comment", {});
        spdlog::log(native(level), line);
        logger.log(1);
    )");
    REQUIRE(calls.lines.size() == 5);
    CHECK(calls.lines[0].level == "info");
    CHECK(calls.lines[1].place == "daemon/x.cpp:3");
    CHECK(calls.lines[1].fields == std::set<std::string>{"name", "text"});
    CHECK(calls.lines[2].event == "limited");
    CHECK(calls.lines[2].level == "warning");
    CHECK(calls.lines[3].level + calls.lines[3].event == "infogood");
    CHECK(calls.lines[4].level + calls.lines[4].event == "errorbad");
    CHECK(calls.unread.empty());
    CHECK(calls_in("daemon/x.cpp", "log(level_for(x), \"dynamic\", {});").unread.size() == 1);
    CHECK(calls_in("daemon/cli/x.cpp", "log(LogLevel::info, \"plain\", {});").lines.empty());
}

TEST_CASE("a page is read as it is shown") {
    const auto read =
        read_markdown("# A b\n| x | y |\n|---|---|\n| `a|b` | [l](C.md#d) |\n```sh\n| no |\n```\n");
    CHECK(read.anchors == std::vector<std::string>{"a-b"});
    REQUIRE(read.rows.size() == 1);
    CHECK(read.rows[0].cells == std::vector<std::string>{"`a|b`", "[l](C.md#d)"});
    CHECK(without_ticks(read.rows[0].cells[0]) == "a|b");
    CHECK(read.links == std::vector<std::string>{"C.md#d"});
    REQUIRE(read.blocks.size() == 1);
    CHECK(read.blocks[0].text == "| no |\n");
    CHECK(read.blocks[0].heading == "A b");
}

TEST_CASE("links of the operator's pages lead somewhere") {
    for (const files::path name : {"systemd/OPERATIONS.md", "systemd/LOGS.md", "systemd/METRICS.md",
                                   "systemd/observability/README.md", "systemd/mosquitto/README.md"}) {
        for (const auto& link : page(name).links) {
            if (link.find("://") != std::string::npos) {
                continue;
            }
            CAPTURE(name);
            CAPTURE(link);
            const auto hash = link.find('#');
            const auto target =
                hash == 0 ? name : (name.parent_path() / link.substr(0, hash)).lexically_normal();
            REQUIRE(files::exists(source() / target));
            if (hash != std::string::npos) {
                const auto anchors = page(target).anchors;
                CHECK(std::ranges::find(anchors, link.substr(hash + 1)) != anchors.end());
            }
        }
    }
}

}  // namespace muster::test
