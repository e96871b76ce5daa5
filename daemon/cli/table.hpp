// Aligned columns for people.
//
// Threads: plain values.
#pragma once

#include "daemon/cli/text.hpp"

#include <string>
#include <vector>

namespace muster::cli {

struct Column {
    std::string title;
    bool right = false;  // numbers stand on the right
};

using Row = std::vector<Span>;

class Table {
public:
    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

    // A missing cell is empty; a row may not have more cells than columns.
    void add(Row row);
    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }

    // Lines at most `columns` wide (0: as wide as they are): the widest columns
    // give way first. Rows are forgotten afterwards, widths are not, so the
    // pages of a long list stay aligned; the header comes with the first call.
    [[nodiscard]] std::vector<Line> take_lines(std::size_t columns);

private:
    [[nodiscard]] std::vector<std::size_t> fitted_widths(std::size_t columns) const;

    std::vector<Column> columns_;
    std::vector<Row> rows_;
    std::vector<std::size_t> widths_;
};

}  // namespace muster::cli
