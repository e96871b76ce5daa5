// A page of documentation as tests read it: what stands in its tables, under
// which headings, and the commands in its fenced blocks.
//
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace muster::test {

// A row of a table, but for its head and the line below that; cells without the blanks around them.
struct TableRow {
    std::string heading;  // the nearest above
    std::size_t line = 0;
    std::vector<std::string> cells;
};

// What stands between ``` and ```.
struct FencedBlock {
    std::string heading;
    std::size_t line = 0;  // of its first ```
    std::string kind;      // what follows the first ```: "sh passwords"
    std::string text;      // ends with a newline
};

struct Markdown {
    std::vector<std::string> headings;  // without their #
    std::vector<std::string> anchors;   // of the headings, as GitHub makes them
    std::vector<TableRow> rows;
    std::vector<FencedBlock> blocks;
    std::vector<std::string> links;  // targets, as written
};

[[nodiscard]] Markdown read_markdown(std::string_view text);

// "`muster_jobs`" without its ticks; what has none, and is more than them, stays as it is.
[[nodiscard]] std::string without_ticks(std::string_view cell);
// What stands in ticks in a cell: "`job`, `name`".
[[nodiscard]] std::vector<std::string> ticked(std::string_view cell);
// "#broker-down" is the anchor of "Broker down", without the #.
[[nodiscard]] std::string anchor_of(std::string_view heading);

}  // namespace muster::test
