// "Download job details": RFC 4180 CSV, one line per execution, the job's own
// fields repeated on each so that every line stands by itself. UTF-8 without a
// byte order mark, CRLF line ends.
//
// Threads: the engine thread.
#pragma once

#include "daemon/core/engine.hpp"
#include "daemon/core/execution.hpp"

#include <string>
#include <string_view>

namespace muster::api {

[[nodiscard]] std::string csv_header();

// The lines of one job. What is the same on each of them is made once.
class CsvLines {
public:
    // Both must live on, and stay as they are.
    CsvLines(const core::Job& job, const core::Engine& engine);

    // Behind what stands in `text`.
    void append(const core::Execution& execution, std::string& text) const;

private:
    const core::Job& job_;
    const core::Engine& engine_;
    std::string job_cells_;  // with the comma behind them
    std::string new_cell_;
};

// One cell, behind what stands in `text`. What a spreadsheet would take for a formula
// (beginning with = + - @, TAB or CR) gets an apostrophe before it; NULs are left out.
void append_csv_cell(std::string_view cell, std::string& text);

}  // namespace muster::api
