// The tables once more, written from DESIGN section 3 and SPEC 5.3: a row that
// is added, removed or changed in the source has to be argued for here too.
#include "daemon/core/transitions.hpp"

#include <doctest/doctest.h>

#include <array>
#include <map>
#include <utility>

namespace muster::core {
namespace {

constexpr std::array kJobStates{JobState::pending, JobState::running, JobState::completed, JobState::failed,
                                JobState::stopped};
constexpr std::array kJobEvents{JobEvent::run, JobEvent::stop, JobEvent::all_done, JobEvent::done_failing};
constexpr std::array kPhases{Phase::queued,      Phase::held,     Phase::sent,
                             Phase::in_progress, Phase::deferred, Phase::done};
constexpr std::array kExecutionEvents{
    ExecutionEvent::hold,    ExecutionEvent::send,    ExecutionEvent::unsend,  ExecutionEvent::advance,
    ExecutionEvent::working, ExecutionEvent::not_now, ExecutionEvent::succeed, ExecutionEvent::fail};

const std::map<std::pair<JobState, JobEvent>, JobState> kJobRows{
    {{JobState::pending, JobEvent::run}, JobState::running},
    {{JobState::running, JobEvent::stop}, JobState::stopped},
    {{JobState::running, JobEvent::all_done}, JobState::completed},
    {{JobState::running, JobEvent::done_failing}, JobState::failed},
    {{JobState::stopped, JobEvent::run}, JobState::running},
    {{JobState::stopped, JobEvent::all_done}, JobState::completed},
    {{JobState::stopped, JobEvent::done_failing}, JobState::failed},
};

constexpr ExecutionStatus pending(Phase phase) {
    return {ExecutionState::pending, phase};
}
constexpr ExecutionStatus kCompleted{ExecutionState::completed, Phase::done};
constexpr ExecutionStatus kFailed{ExecutionState::failed, Phase::done};

// Where an event leads from the phases that know it; from any other it leads nowhere.
const std::map<ExecutionEvent, std::map<Phase, ExecutionStatus>> kExecutionRows{
    {ExecutionEvent::hold, {{Phase::queued, pending(Phase::held)}}},
    {ExecutionEvent::send,
     {{Phase::queued, pending(Phase::sent)},
      {Phase::held, pending(Phase::sent)},
      {Phase::sent, pending(Phase::sent)},
      {Phase::in_progress, pending(Phase::in_progress)},  // a repeat takes no progress away
      {Phase::deferred, pending(Phase::sent)}}},
    {ExecutionEvent::unsend,
     {{Phase::sent, pending(Phase::queued)}, {Phase::in_progress, pending(Phase::in_progress)}}},
    {ExecutionEvent::advance,
     {{Phase::sent, pending(Phase::queued)},
      {Phase::in_progress, pending(Phase::queued)},
      {Phase::deferred, pending(Phase::queued)}}},
    {ExecutionEvent::working,
     {{Phase::sent, pending(Phase::in_progress)},
      {Phase::in_progress, pending(Phase::in_progress)},
      {Phase::deferred, pending(Phase::in_progress)}}},
    {ExecutionEvent::not_now,
     {{Phase::sent, pending(Phase::deferred)},
      {Phase::in_progress, pending(Phase::deferred)},
      {Phase::deferred, pending(Phase::deferred)}}},
    {ExecutionEvent::succeed,
     {{Phase::queued, kCompleted},
      {Phase::sent, kCompleted},
      {Phase::in_progress, kCompleted},
      {Phase::deferred, kCompleted}}},
    {ExecutionEvent::fail,
     {{Phase::queued, kFailed},
      {Phase::held, kFailed},
      {Phase::sent, kFailed},
      {Phase::in_progress, kFailed},
      {Phase::deferred, kFailed}}},
};

}  // namespace

TEST_CASE("A26 A27 A28 A29 A41 A43: every transition of a job, and no other") {
    for (const auto from : kJobStates) {
        for (const auto event : kJobEvents) {
            CAPTURE(to_string(from));
            CAPTURE(static_cast<int>(event));
            const auto row = kJobRows.find({from, event});
            const auto to = next(from, event);
            REQUIRE(to.has_value() == (row != kJobRows.end()));
            if (to) {
                CHECK(*to == row->second);
                CHECK(must(from, event) == row->second);
            }
        }
    }
}

TEST_CASE("A30: a job is Stopped by a user's stop alone") {
    for (const auto from : kJobStates) {
        for (const auto event : kJobEvents) {
            if (next(from, event) == JobState::stopped) {
                CHECK(event == JobEvent::stop);
            }
        }
    }
}

TEST_CASE("every transition of an execution, and no other") {
    for (const auto from : kPhases) {
        for (const auto event : kExecutionEvents) {
            CAPTURE(to_string(from));
            CAPTURE(static_cast<int>(event));
            const auto& rows = kExecutionRows.at(event);
            const auto row = rows.find(from);
            const auto to = next(from, event);
            REQUIRE(to.has_value() == (row != rows.end()));
            if (to) {
                CHECK(*to == row->second);
                CHECK(must(from, event) == row->second);
            }
        }
    }
}

TEST_CASE("A36 A37 A38: a verdict is final, and nothing else ends an execution") {
    for (const auto event : kExecutionEvents) {
        CHECK_FALSE(next(Phase::done, event).has_value());
        for (const auto from : kPhases) {
            const auto to = next(from, event);
            const auto ends = event == ExecutionEvent::succeed || event == ExecutionEvent::fail;
            if (to) {
                CHECK((to->phase == Phase::done) == ends);
                CHECK((to->state == ExecutionState::pending) == !ends);
            }
        }
    }
}

}  // namespace muster::core
