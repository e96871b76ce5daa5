#include "daemon/core/job.hpp"

#include "daemon/core/enum_texts.hpp"

namespace muster::core {
namespace {

constexpr EnumText<JobType> kJobTypes[] = {
    {JobType::settings, "settings"},
    {JobType::properties, "properties"},
    {JobType::commands, "commands"},
};

constexpr EnumText<JobState> kJobStates[] = {
    {JobState::pending, "Pending"}, {JobState::running, "Running"}, {JobState::completed, "Completed"},
    {JobState::failed, "Failed"},   {JobState::stopped, "Stopped"},
};

constexpr EnumText<ExecutionState> kExecutionStates[] = {
    {ExecutionState::pending, "Pending"},
    {ExecutionState::completed, "Completed"},
    {ExecutionState::failed, "Failed"},
};

constexpr EnumText<OfflineRule> kOfflineRules[] = {
    {OfflineRule::wait, "wait"},
    {OfflineRule::fail, "fail"},
};

constexpr EnumText<Reason> kReasons[] = {
    {Reason::none, ""},
    {Reason::rejected, "rejected"},
    {Reason::device_error, "device_error"},
    {Reason::timeout, "timeout"},
    {Reason::offline, "offline"},
    {Reason::deleted, "deleted"},
    {Reason::unsupported, "unsupported"},
    {Reason::uncertain, "uncertain"},
};

}  // namespace

std::string_view to_string(JobType type) noexcept {
    return text_of(kJobTypes, type);
}

std::string_view to_string(JobState state) noexcept {
    return text_of(kJobStates, state);
}

std::string_view to_string(ExecutionState state) noexcept {
    return text_of(kExecutionStates, state);
}

std::string_view to_string(OfflineRule rule) noexcept {
    return text_of(kOfflineRules, rule);
}

std::string_view to_string(Reason reason) noexcept {
    return text_of(kReasons, reason);
}

std::optional<JobType> parse_job_type(std::string_view text) noexcept {
    return value_of(kJobTypes, text);
}

std::optional<JobState> parse_job_state(std::string_view text) noexcept {
    return value_of(kJobStates, text);
}

std::optional<ExecutionState> parse_execution_state(std::string_view text) noexcept {
    return value_of(kExecutionStates, text);
}

std::optional<OfflineRule> parse_offline_rule(std::string_view text) noexcept {
    return value_of(kOfflineRules, text);
}

std::optional<Reason> parse_reason(std::string_view text) noexcept {
    return value_of(kReasons, text);
}

}  // namespace muster::core
