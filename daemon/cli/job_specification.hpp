// The options that describe a job, as the specification of SPEC 7.2.
//
// Threads: main thread only (reads files of device ids).
#pragma once

#include "daemon/cli/command.hpp"
#include "daemon/cli/outcome.hpp"

#include <boost/json/object.hpp>

namespace muster::cli {

// Whether any of the options that describe a job was given.
[[nodiscard]] bool describes_job(const Arguments& arguments);

// A new job: --set and one of --settings, --properties, --command are needed;
// without --name it is named after its operations.
[[nodiscard]] Outcome<boost::json::object> new_specification(const Arguments& arguments);

// The specification of `job` (as job/get answers) with what was given changed.
[[nodiscard]] Outcome<boost::json::object> edited_specification(const boost::json::object& job,
                                                                const Arguments& arguments);

}  // namespace muster::cli
