// What a job is: the words of a job as a user says them (JobSpec), and the
// record the gateway keeps of it (Job). DESIGN terms: job, operation,
// selection, policy, tally.
//
// Threads: plain values.
#pragma once

#include "protocol/ids.hpp"
#include "protocol/time.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster::core {

enum class JobType : std::uint8_t { settings, properties, commands };
enum class JobState : std::uint8_t { pending, running, completed, failed, stopped };
enum class OfflineRule : std::uint8_t { wait, fail };

// One setting or property with its value, or one command with its arguments
// (an object; empty when it takes none).
struct Operation {
    std::string name;
    boost::json::value value;

    friend bool operator==(const Operation&, const Operation&) = default;
};

struct Selection {
    // all: every device of the set but `devices`; otherwise: exactly `devices`.
    bool all = true;
    std::vector<DeviceId> devices;

    friend bool operator==(const Selection&, const Selection&) = default;
};

// Absent fields take the defaults of DESIGN section 3, rule 5.
struct Policy {
    std::optional<Seconds> timeout;
    std::optional<OfflineRule> offline;
    std::optional<std::uint32_t> window;  // most executions in flight, from 1

    friend bool operator==(const Policy&, const Policy&) = default;
};

struct JobSpec {
    std::string name;
    std::string description;
    std::string set;
    Selection selection;
    JobType type = JobType::settings;
    std::vector<Operation> operations;
    Policy policy;

    friend bool operator==(const JobSpec&, const JobSpec&) = default;
};

// Always: selected() equals the number of executions.
struct Tally {
    std::uint32_t succeeded = 0;
    std::uint32_t failed = 0;
    std::uint32_t pending = 0;

    [[nodiscard]] std::uint32_t selected() const noexcept { return succeeded + failed + pending; }
    friend bool operator==(const Tally&, const Tally&) = default;
};

// Why an execution Failed; a closed list (DESIGN section 3).
enum class Reason : std::uint8_t {
    none,
    rejected,
    device_error,
    timeout,
    offline,
    deleted,
    unsupported,
    uncertain,
};
inline constexpr std::size_t kReasonCount = static_cast<std::size_t>(Reason::uncertain) + 1;

enum class ExecutionState : std::uint8_t { pending, completed, failed };

// One folded line of outcomes: how many executions ended alike.
struct OutcomeCount {
    ExecutionState state = ExecutionState::failed;
    Reason reason = Reason::none;
    std::string message;
    std::uint32_t count = 0;

    friend bool operator==(const OutcomeCount&, const OutcomeCount&) = default;
};

// What a client gives so that a request which it sends again makes nothing twice:
// a key of its own choice, and a digest of all else that it asked.
struct RequestMark {
    std::string key;  // empty: none
    std::string digest;

    friend bool operator==(const RequestMark&, const RequestMark&) = default;
};

// The record of a job. The template's version is the one in force when it was
// run, 0 before. Times that have not come are the epoch (TimePoint{}).
struct Job {
    JobId id = JobId::none;
    std::uint64_t revision = 1;  // grows with every edit of a saved job
    JobSpec spec;
    JobState state = JobState::pending;
    std::string template_name;
    std::uint64_t template_version = 0;
    JobId parent = JobId::none;
    std::uint64_t run_order = 0;  // place in the order in which jobs were run; 0 before
    std::string created_by;
    TimePoint created_at{};
    TimePoint started_at{};  // when it was last set Running
    TimePoint ended_at{};
    RequestMark request;  // that made it; no two jobs of one created_by have the same key
    std::string run_key;  // of the request that last ran it, "anna/key"; empty: it had none
    // The store's when it was first run (Snapshot::epoch): part of its operation ids.
    std::uint64_t epoch = 0;
    // Kept up to date in memory; stored when the job leaves Running, and
    // recounted from its executions when it is loaded while Running or Stopped.
    Tally tally;
    std::vector<OutcomeCount> outcomes;
};

// Texts of the control API and the store; never changed.
[[nodiscard]] std::string_view to_string(JobType type) noexcept;          // "settings"
[[nodiscard]] std::string_view to_string(JobState state) noexcept;        // "Running"
[[nodiscard]] std::string_view to_string(ExecutionState state) noexcept;  // "Completed"
[[nodiscard]] std::string_view to_string(OfflineRule rule) noexcept;      // "wait"
[[nodiscard]] std::string_view to_string(Reason reason) noexcept;         // "device_error"; "" for none
[[nodiscard]] std::optional<JobType> parse_job_type(std::string_view text) noexcept;
[[nodiscard]] std::optional<JobState> parse_job_state(std::string_view text) noexcept;
[[nodiscard]] std::optional<ExecutionState> parse_execution_state(std::string_view text) noexcept;
[[nodiscard]] std::optional<OfflineRule> parse_offline_rule(std::string_view text) noexcept;
[[nodiscard]] std::optional<Reason> parse_reason(std::string_view text) noexcept;

}  // namespace muster::core
