// What devices answer. Success is only what the device itself reported.
#include "daemon/core/executions.hpp"

#include <algorithm>

namespace muster::core {
namespace {

std::string said(const Ack& ack) {
    return ack.message.empty() ? "the device answered " + std::to_string(ack.code) : ack.message;
}

}  // namespace

bool is_final(const Ack& ack) {
    switch (meaning(ack)) {
        case AckMeaning::completed:
        case AckMeaning::rejected:
        case AckMeaning::device_error:
            return true;
        case AckMeaning::in_progress:
        case AckMeaning::not_now:
            return false;
    }
    return false;
}

// Every ask of a message has been ours, the last few of an execution that is
// forgotten as well.
bool Executions::is_ours(const DeviceId& device, const OperationId& id, std::uint64_t epoch) const {
    const auto* run = find(id.job);
    const auto known = run != nullptr && id.execution < run->slots.size();
    const auto last = known ? ask_of(*run, run->slots[id.execution]) : kAsksRecognised;
    for (std::uint16_t ask = 0; ask <= std::min(last, kAsksRecognised); ++ask) {
        if (key_.verify(device.text(), id, ask, epoch)) {
            return true;
        }
    }
    return last > kAsksRecognised && key_.verify(device.text(), id, last, epoch);
}

Executions::AckOutcome Executions::take_ack(Step& step, const DeviceId& device, const OperationId& id,
                                            const Ack& ack, std::uint64_t epoch) {
    if (!is_ours(device, id, epoch)) {
        return AckOutcome::foreign;
    }
    auto* run = find(id.job);
    if (run == nullptr) {
        return AckOutcome::no_such_run;
    }
    if (id.execution >= run->slots.size()) {
        return AckOutcome::foreign;
    }
    const auto& slot = run->slots[id.execution];
    if (registry_.at(slot.device).device.id != device) {
        return AckOutcome::foreign;
    }
    if (slot.state != ExecutionState::pending) {
        take_late(step, *run, id, ack);
        return AckOutcome::taken;
    }
    const auto earlier_ask = id.operation == slot.operation && meaning(ack) == AckMeaning::not_now &&
                             !key_.verify(device.text(), id, ask_of(*run, slot), epoch);
    if (id.operation < slot.operation || earlier_ask) {
        step.effects.notices.push_back({NoticeKind::ack_duplicate, id.job, device.text(), Reason::none, {}});
        return AckOutcome::taken;
    }
    if (id.operation > slot.operation || slot.attempts == 0) {
        return AckOutcome::foreign;  // the gateway never sent this one
    }
    take_verdict(step, *run, id.execution, ack);
    return AckOutcome::taken;
}

void Executions::take_late(Step& step, JobRun& run, const OperationId& id, const Ack& ack) {
    auto& slot = run.slots[id.execution];
    const auto& device = registry_.at(slot.device).device.id;
    if (slot.answered || slot.late || !is_final(ack) || id.operation != slot.operation) {
        step.effects.notices.push_back(
            {NoticeKind::ack_duplicate, run.job->id, device.text(), Reason::none, {}});
        return;
    }
    slot.late = true;
    step.effects.changes.emplace_back(
        PutLateAnswer{run.job->id, id.execution, device, ack.code, step.now, id.operation});
    step.effects.notices.push_back(
        {NoticeKind::ack_late, run.job->id, device.text(), Reason::none, said(ack)});
}

void Executions::take_verdict(Step& step, JobRun& run, std::uint32_t ordinal, const Ack& ack) {
    auto& slot = run.slots[ordinal];
    release_window(slot);
    if (slot.attempts == 1) {
        answer_lag_.answered(slot.last_sent_at);
    }
    switch (meaning(ack)) {
        case AckMeaning::in_progress: {
            const auto progress = static_cast<std::uint8_t>(ack.progress.value_or(slot.progress));
            const auto news = slot.phase != Phase::in_progress || slot.progress != progress;
            if (slot.phase == Phase::deferred && run.running()) {
                timers_.push({step.now + backoff({run.number, ordinal}, slot),
                              {run.number, ordinal},
                              slot.attempts,
                              TimerKind::resend});
            }
            slot.phase = must(slot.phase, ExecutionEvent::working).phase;
            slot.progress = progress;
            if (news) {
                persist(step, run, ordinal, ack.message);
                step.effects.notices.push_back({NoticeKind::execution_progress, run.job->id,
                                                registry_.at(slot.device).device.id.text(), Reason::none,
                                                std::to_string(progress) + " %"});
            }
            break;
        }
        case AckMeaning::not_now:
            defer(step, run, ordinal, ack);
            break;
        case AckMeaning::completed:
            complete_operation(step, run, ordinal, ack);
            break;
        case AckMeaning::rejected:
            slot.answered = true;
            fail(step, run, ordinal, Reason::rejected, about(run, slot.operation, said(ack)));
            break;
        case AckMeaning::device_error:
            slot.answered = true;
            fail(step, run, ordinal, Reason::device_error, about(run, slot.operation, said(ack)));
            break;
    }
}

void Executions::defer(Step& step, JobRun& run, std::uint32_t ordinal, const Ack& ack) {
    auto& slot = run.slots[ordinal];
    const auto until = step.now + Seconds{*ack.after};
    slot.phase = must(slot.phase, ExecutionEvent::not_now).phase;
    slot.wake_armed =
        slot.wake_armed && until >= slot.not_before;  // an earlier time wants a timer of its own
    slot.not_before = until;
    slot.unheard = 0;
    slot.interrupted = false;
    leave_flight(run, slot);
    if (run.running()) {
        arm_wake(run, ordinal, until);
    }
    persist(step, run, ordinal, ack.message);
}

void Executions::complete_operation(Step& step, JobRun& run, std::uint32_t ordinal, const Ack& ack) {
    auto& slot = run.slots[ordinal];
    if (slot.operation + std::size_t{1} == run.frames.size()) {
        slot.answered = true;
        if (run.job->spec.type == JobType::properties) {
            if (registry_.merge(slot.device, &Device::properties, run.device_values)) {
                step.effects.changes.emplace_back(PutDevice{registry_.at(slot.device).device});
            }
        }
        end(step, run, ordinal, ExecutionEvent::succeed, Reason::none, ack.message);
        return;
    }
    slot.phase = must(slot.phase, ExecutionEvent::advance).phase;
    ++slot.operation;
    slot.attempts = 0;
    slot.unheard = 0;
    slot.progress = 0;
    slot.interrupted = false;
    slot.disarm();
    slot.not_before = {};
    slot.turn_at = {};
    leave_flight(run, slot);
    if (run.running()) {
        open_turn(run, ordinal, step.now);
        wake({run.number, ordinal}, step.now);
    }
    persist(step, run, ordinal);
}

void Executions::send_refused(Step& step, const OperationId& operation) {
    auto* run = find(operation.job);
    if (run == nullptr || operation.execution >= run->slots.size()) {
        return;
    }
    auto& slot = run->slots[operation.execution];
    if (slot.state != ExecutionState::pending || slot.operation != operation.operation ||
        slot.attempts == 0) {
        return;
    }
    --slot.attempts;
    if (slot.unheard > 0) {
        --slot.unheard;
    }
    release_window(slot);
    leave_flight(*run, slot);
    link_full_until_ = step.now + kWindowHold;
    if (slot.attempts == 0 && slot.phase != Phase::deferred) {
        slot.phase = must(slot.phase, ExecutionEvent::unsend).phase;
        slot.first_sent_at = slot.operation == 0 ? TimePoint{} : slot.first_sent_at;
        slot.last_sent_at = {};
    } else if (slot.phase == Phase::sent && !repeatable(*run, slot)) {
        // The device had asked for this repeat (503), so it may still be sent.
        slot.phase = must(slot.phase, ExecutionEvent::not_now).phase;
        slot.not_before = *link_full_until_;
    }
    slot.disarm();
    if (slot.phase == Phase::deferred) {
        arm_wake(*run, operation.execution, std::max(slot.not_before, *link_full_until_));
    } else {
        timers_.push(
            {*link_full_until_, {run->number, operation.execution}, slot.attempts, TimerKind::refused});
    }
    persist(step, *run, operation.execution);
    step.effects.notices.push_back({NoticeKind::operation_refused,
                                    operation.job,
                                    registry_.at(slot.device).device.id.text(),
                                    Reason::none,
                                    {}});
}

}  // namespace muster::core
