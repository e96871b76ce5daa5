// "Download job details": RFC 4180 CSV, one line per execution, the job's own
// fields repeated on each so that every line stands by itself. UTF-8 without a
// byte order mark, CRLF line ends.
//
// Threads: pure functions.
#pragma once

#include "daemon/core/engine.hpp"
#include "daemon/core/execution.hpp"

#include <string>
#include <string_view>

namespace muster::api {

[[nodiscard]] std::string csv_header();
[[nodiscard]] std::string csv_line(const core::Execution& execution, const core::Job& job,
                                   const core::Engine& engine);

// One cell. Text that a spreadsheet would take for a formula (beginning with
// = + - @, TAB or CR) gets an apostrophe before it; NULs are left out.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace muster::api
