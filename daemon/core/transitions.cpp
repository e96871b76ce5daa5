#include "daemon/core/transitions.hpp"

namespace muster::core {
namespace {

struct JobTransition {
    JobState from;
    JobEvent event;
    JobState to;
};

// clang-format off
constexpr JobTransition kJobTransitions[] = {
    // from             on                       to
    {JobState::pending, JobEvent::run,           JobState::running},
    {JobState::running, JobEvent::stop,          JobState::stopped},
    {JobState::running, JobEvent::all_done,      JobState::completed},
    {JobState::running, JobEvent::done_failing,  JobState::failed},
    {JobState::stopped, JobEvent::run,           JobState::running},
    {JobState::stopped, JobEvent::all_done,      JobState::completed},  // the last ack in flight
    {JobState::stopped, JobEvent::done_failing,  JobState::failed},
};

struct ExecutionTransition {
    Phase from;
    ExecutionEvent event;
    ExecutionStatus to;
};

constexpr ExecutionStatus pending(Phase phase) { return {ExecutionState::pending, phase}; }
constexpr ExecutionStatus kCompleted{ExecutionState::completed, Phase::done};
constexpr ExecutionStatus kFailed{ExecutionState::failed, Phase::done};

constexpr ExecutionTransition kExecutionTransitions[] = {
    // from              on                       to
    {Phase::queued,      ExecutionEvent::hold,    pending(Phase::held)},
    {Phase::queued,      ExecutionEvent::send,    pending(Phase::sent)},
    {Phase::queued,      ExecutionEvent::succeed, kCompleted},  // kept by the gateway alone
    {Phase::queued,      ExecutionEvent::fail,    kFailed},
    {Phase::held,        ExecutionEvent::send,    pending(Phase::sent)},
    {Phase::held,        ExecutionEvent::fail,    kFailed},
    {Phase::sent,        ExecutionEvent::send,    pending(Phase::sent)},
    {Phase::sent,        ExecutionEvent::unsend,  pending(Phase::queued)},
    {Phase::sent,        ExecutionEvent::advance, pending(Phase::queued)},
    {Phase::sent,        ExecutionEvent::working, pending(Phase::in_progress)},
    {Phase::sent,        ExecutionEvent::not_now, pending(Phase::deferred)},
    {Phase::sent,        ExecutionEvent::succeed, kCompleted},
    {Phase::sent,        ExecutionEvent::fail,    kFailed},
    {Phase::in_progress, ExecutionEvent::send,    pending(Phase::in_progress)},
    {Phase::in_progress, ExecutionEvent::unsend,  pending(Phase::in_progress)},
    {Phase::in_progress, ExecutionEvent::advance, pending(Phase::queued)},
    {Phase::in_progress, ExecutionEvent::working, pending(Phase::in_progress)},
    {Phase::in_progress, ExecutionEvent::not_now, pending(Phase::deferred)},
    {Phase::in_progress, ExecutionEvent::succeed, kCompleted},
    {Phase::in_progress, ExecutionEvent::fail,    kFailed},
    {Phase::deferred,    ExecutionEvent::send,    pending(Phase::sent)},
    {Phase::deferred,    ExecutionEvent::advance, pending(Phase::queued)},
    {Phase::deferred,    ExecutionEvent::working, pending(Phase::in_progress)},
    {Phase::deferred,    ExecutionEvent::not_now, pending(Phase::deferred)},
    {Phase::deferred,    ExecutionEvent::succeed, kCompleted},
    {Phase::deferred,    ExecutionEvent::fail,    kFailed},
};
// clang-format on

}  // namespace

std::optional<JobState> next(JobState from, JobEvent event) noexcept {
    for (const auto& row : kJobTransitions) {
        if (row.from == from && row.event == event) {
            return row.to;
        }
    }
    return std::nullopt;
}

JobState must(JobState from, JobEvent event) noexcept {
    const auto to = next(from, event);
    MUSTER_INVARIANT(to.has_value());
    return *to;
}

std::optional<ExecutionStatus> next(Phase from, ExecutionEvent event) noexcept {
    for (const auto& row : kExecutionTransitions) {
        if (row.from == from && row.event == event) {
            return row.to;
        }
    }
    return std::nullopt;
}

ExecutionStatus must(Phase from, ExecutionEvent event) noexcept {
    const auto to = next(from, event);
    MUSTER_INVARIANT(to.has_value());
    return *to;
}

}  // namespace muster::core
