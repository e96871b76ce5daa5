// Short ways to write changes in tests.
#pragma once

#include "daemon/core/change.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace muster::test {

using Changes = std::vector<core::Change>;

[[nodiscard]] inline DeviceId device_id(std::string_view text) {
    return DeviceId::parse(text).value();
}
[[nodiscard]] inline TimePoint at(std::int64_t milliseconds) {
    return TimePoint(Milliseconds(milliseconds));
}

// fridge-0 to fridge-(count - 1).
[[nodiscard]] std::shared_ptr<const core::DeviceIds> fridges(std::size_t count);
[[nodiscard]] std::shared_ptr<const core::DeviceIds> device_ids(const std::vector<DeviceId>& devices);
// A settings job on all of a set, in this state.
[[nodiscard]] core::Job job_of(std::uint64_t id, core::JobState state);
[[nodiscard]] core::Change put_job(core::Job job);
// The job, with an execution on each of fridges(count).
[[nodiscard]] Changes job_on_fridges(std::uint64_t id, core::JobState state, std::size_t count);
// One of those executions, still as it was made.
[[nodiscard]] core::Execution execution_of(std::uint64_t job, std::uint32_t ordinal);
[[nodiscard]] core::Execution completed(core::Execution execution, std::string message = "");
[[nodiscard]] core::Execution failed(core::Execution execution, core::Reason reason, std::string message);
// A device with something in each of its fields.
[[nodiscard]] core::Device full_device(std::string_view id);
// A template with one setting, under this title.
[[nodiscard]] core::StoredTemplate template_of(std::string_view name, std::uint64_t version,
                                               std::string_view title);

}  // namespace muster::test
