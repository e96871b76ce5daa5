// A job against the template it is for: whether it may run, and which messages
// it then sends.
//
// Threads: pure functions.
#pragma once

#include "daemon/core/engine_options.hpp"
#include "daemon/core/job.hpp"
#include "daemon/core/job_run.hpp"
#include "daemon/core/template.hpp"

namespace muster::core {

// What is wrong with a job whatever its template: empty or too long names, too
// many operations, one named twice, a policy out of range. Error: invalid, one
// detail per mistake.
[[nodiscard]] Result<void> check_spec(const JobSpec& spec);

// Whether the template has each operation of the job and allows its value.
// Error: invalid, one detail per mistake ("operations[0].value" "is 9; …").
[[nodiscard]] Result<void> check_operations(const JobSpec& spec, const Template& device_template);

// Whether the template still has each operation's setting, property or
// command, writable; values are not looked at.
[[nodiscard]] bool has_capabilities(const Template& device_template, const JobSpec& spec);

// Fills offline, frames, timeouts, deadlines, gateway_values and device_values.
void prepare_messages(JobRun& run, const EngineOptions& options);

}  // namespace muster::core
