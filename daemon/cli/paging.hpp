// Lists: fetched page by page (SPEC 7.6), printed as they come, so that a list
// of a million rows needs the memory of one page.
//
// Threads: main thread only.
#pragma once

#include "daemon/cli/command.hpp"
#include "daemon/cli/context.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace muster::cli {

struct ListView {
    std::vector<Column> columns;
    std::function<Row(const boost::json::object& item)> row;
    std::string nothing;  // said when there are no rows: "no jobs"
};

// Calls `take` with each reply to `verb` until --limit (default 50) rows were
// taken, or, with --all, until there are no more.
struct Paging {
    std::uint64_t limit = 50;
    bool all = false;
};
[[nodiscard]] Outcome<Paging> paging_of(const Arguments& arguments);

// The first `most` rows of a list, for which it asks on while pages are short, but not for ever: fewer are
// no mistake.
[[nodiscard]] Outcome<boost::json::array> first_rows(Context& context, const std::string& verb,
                                                     boost::json::object body, std::uint64_t most,
                                                     Milliseconds timeout);

// Prints the list, as a table or with --json as one document that has the
// other members of the first reply too. Gives those members.
[[nodiscard]] Outcome<boost::json::object> print_list(Context& context, const std::string& verb,
                                                      boost::json::object body, const Paging& paging,
                                                      const ListView& view);

}  // namespace muster::cli
