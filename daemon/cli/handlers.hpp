// The handlers of the table of commands, one for each row.
//
// Threads: main thread only.
#pragma once

#include "daemon/cli/command.hpp"
#include "daemon/cli/outcome.hpp"

namespace muster::cli {

[[nodiscard]] Outcome<ExitCode> apply(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> status(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> doctor(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> console(Context& context, const Arguments& arguments);

[[nodiscard]] Outcome<ExitCode> token_new(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> token_list(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> token_revoke(Context& context, const Arguments& arguments);

[[nodiscard]] Outcome<ExitCode> job_new(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> job_edit(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> job_plan(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> job_run(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> job_stop(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> job_list(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> job_show(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> job_devices(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> job_copy(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> job_rerun(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> job_delete(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> job_watch(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> job_csv(Context& context, const Arguments& arguments);

[[nodiscard]] Outcome<ExitCode> device_list(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> device_show(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> device_set(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> device_delete(Context& context, const Arguments& arguments);

[[nodiscard]] Outcome<ExitCode> set_list(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> set_show(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> set_preview(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> set_delete(Context& context, const Arguments& arguments);

[[nodiscard]] Outcome<ExitCode> template_list(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> template_show(Context& context, const Arguments& arguments);
[[nodiscard]] Outcome<ExitCode> template_delete(Context& context, const Arguments& arguments);

}  // namespace muster::cli
