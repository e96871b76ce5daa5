// The checks of `muster doctor` as people and programs read them.
//
// Threads: pure functions.
#pragma once

#include "daemon/cli/doctor_checks.hpp"
#include "daemon/cli/text.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace muster::cli::checkup {

// Lines at most `columns` wide, broken at spaces (0: not broken). A longer word stands alone.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t columns);

// A line for each check, what to do below it, and the verdict over all at the end. Commands are never
// broken, so that they can be pasted.
[[nodiscard]] std::vector<Line> lines(const std::vector<Check>& checks, std::size_t columns);

// {"ok", "broker", "user", "counts": {"ok", "warning", "problem", "skipped"},
//  "checks": [{"id", "title", "result", "found", "fix"}]}; `ok`: nothing is a problem.
[[nodiscard]] boost::json::object document(const Facts& facts, const std::vector<Check>& checks);

[[nodiscard]] bool has_problem(const std::vector<Check>& checks);

}  // namespace muster::cli::checkup
