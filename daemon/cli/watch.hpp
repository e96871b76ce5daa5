// Following a job until it ends. musterd's notices say when to look; what is
// shown at the end, and the exit code, come from job/get, so a lost, late or
// stale notice changes nothing.
//
// Threads: main thread only.
#pragma once

#include "daemon/cli/context.hpp"

#include <optional>

namespace muster::cli {

// Returns when the job has ended (ExitCode by its status), and still_pending
// after `most` or when the user interrupts. Failure: the first look at the job
// failed, or it was deleted meanwhile.
[[nodiscard]] Outcome<ExitCode> watch_job(Context& context, JobId job, std::optional<Seconds> most);

}  // namespace muster::cli
