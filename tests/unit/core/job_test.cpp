#include "daemon/core/job.hpp"

#include "daemon/core/execution.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>

using namespace muster::core;

namespace {

// Every enumerator has its text, no two the same, and the text reads back.
template <class Enum, std::size_t Size, class Parse>
void check_texts(const std::pair<Enum, std::string_view> (&expected)[Size], Parse parse) {
    std::set<std::string_view> texts;
    for (const auto& [value, text] : expected) {
        CAPTURE(text);
        CHECK(to_string(value) == text);
        CHECK(parse(text) == value);
        CHECK(texts.insert(text).second);
    }
    for (const std::string_view wrong : {"running", "RUNNING", " Running", "Settings", "none", "unknown"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse(wrong).has_value());
    }
}

}  // namespace

TEST_CASE("A10: the job types are exactly settings, properties and commands") {
    const std::pair<JobType, std::string_view> texts[] = {{JobType::settings, "settings"},
                                                          {JobType::properties, "properties"},
                                                          {JobType::commands, "commands"}};
    check_texts(texts, parse_job_type);
}

TEST_CASE("SPEC 7.3: job states") {
    const std::pair<JobState, std::string_view> texts[] = {{JobState::pending, "Pending"},
                                                           {JobState::running, "Running"},
                                                           {JobState::completed, "Completed"},
                                                           {JobState::failed, "Failed"},
                                                           {JobState::stopped, "Stopped"}};
    check_texts(texts, parse_job_state);
}

TEST_CASE("A36 SPEC 7.4: execution states are exactly Completed, Failed and Pending") {
    const std::pair<ExecutionState, std::string_view> texts[] = {{ExecutionState::pending, "Pending"},
                                                                 {ExecutionState::completed, "Completed"},
                                                                 {ExecutionState::failed, "Failed"}};
    check_texts(texts, parse_execution_state);
    CHECK_FALSE(parse_execution_state("Running").has_value());
    CHECK_FALSE(parse_execution_state("Stopped").has_value());
}

TEST_CASE("SPEC 7.2: offline rules") {
    const std::pair<OfflineRule, std::string_view> texts[] = {{OfflineRule::wait, "wait"},
                                                              {OfflineRule::fail, "fail"}};
    check_texts(texts, parse_offline_rule);
}

TEST_CASE("B05 SPEC 7.5: the closed list of reasons") {
    const std::pair<Reason, std::string_view> texts[] = {{Reason::none, ""},
                                                         {Reason::rejected, "rejected"},
                                                         {Reason::device_error, "device_error"},
                                                         {Reason::timeout, "timeout"},
                                                         {Reason::offline, "offline"},
                                                         {Reason::deleted, "deleted"},
                                                         {Reason::unsupported, "unsupported"},
                                                         {Reason::uncertain, "uncertain"}};
    check_texts(texts, parse_reason);
}

TEST_CASE("phases of an execution") {
    const std::pair<Phase, std::string_view> texts[] = {
        {Phase::queued, "queued"},           {Phase::held, "held"},         {Phase::sent, "sent"},
        {Phase::in_progress, "in_progress"}, {Phase::deferred, "deferred"}, {Phase::done, "done"}};
    check_texts(texts, parse_phase);
}
