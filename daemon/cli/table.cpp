#include "daemon/cli/table.hpp"

#include "protocol/result.hpp"

#include <algorithm>
#include <numeric>

namespace muster::cli {
namespace {

constexpr std::size_t kGap = 2;
// Below this a column says nothing any more; the line's end is cut instead.
constexpr std::size_t kLeastWidth = 6;

Line lay_out(const Row& row, const std::vector<Column>& columns, const std::vector<std::size_t>& widths) {
    Line line;
    for (std::size_t at = 0; at < row.size(); ++at) {
        std::string text = fit(sanitize(row[at].text), widths[at]);
        const std::string padding(widths[at] - display_width(text), ' ');
        const bool last = at + 1 == row.size();
        if (columns[at].right) {
            line.push_back({padding});
        }
        line.push_back({std::move(text), row[at].style});
        if (!last) {
            line.push_back({(columns[at].right ? "" : padding) + std::string(kGap, ' ')});
        }
    }
    while (!line.empty() && line.back().text.find_first_not_of(' ') == std::string::npos) {
        line.pop_back();
    }
    return line;
}

}  // namespace

void Table::add(Row row) {
    MUSTER_INVARIANT(row.size() <= columns_.size());
    rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::fitted_widths(std::size_t columns) const {
    std::vector<std::size_t> widths = widths_;
    const auto total = [&widths] {
        return std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
    };
    while (columns != 0 && total() > columns) {
        const auto widest = std::max_element(widths.begin(), widths.end());
        if (*widest <= kLeastWidth) {
            break;
        }
        --*widest;
    }
    return widths;
}

std::vector<Line> Table::take_lines(std::size_t columns) {
    const bool first = widths_.empty();
    if (first) {
        for (const Column& column : columns_) {
            widths_.push_back(display_width(column.title));
        }
    }
    for (const Row& row : rows_) {
        for (std::size_t at = 0; at < row.size(); ++at) {
            widths_[at] = std::max(widths_[at], display_width(sanitize(row[at].text)));
        }
    }
    const std::vector<std::size_t> widths = fitted_widths(columns);
    std::vector<Line> lines;
    if (first) {
        Row header;
        for (const Column& column : columns_) {
            header.push_back({column.title, Style::dim});
        }
        lines.push_back(lay_out(header, columns_, widths));
    }
    for (const Row& row : rows_) {
        lines.push_back(lay_out(row, columns_, widths));
    }
    rows_.clear();
    return lines;
}

}  // namespace muster::cli
