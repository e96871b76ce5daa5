// Admission, sending and time: which execution goes out now, and what happens
// when nothing comes back.
#include "daemon/core/executions.hpp"
#include "daemon/core/plan.hpp"
#include "protocol/codec.hpp"

#include <algorithm>

namespace muster::core {
namespace {

void keep_earliest(std::optional<TimePoint>& earliest, std::optional<TimePoint> candidate) {
    if (candidate && (!earliest || *candidate < *earliest)) {
        earliest = candidate;
    }
}

// Spreads repeats without a random source: SplitMix64's finaliser (Steele, Lea
// and Flood, 2014) over what names this very repeat.
std::uint64_t scatter(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31U);
}

std::string old_values_text(const JobSpec& spec, const Device& device) {
    if (spec.type == JobType::commands) {
        return {};
    }
    const auto values = old_values(spec, device);
    boost::json::object known;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!values[i].is_null()) {
            known.insert_or_assign(spec.operations[i].name, values[i]);
        }
    }
    return known.empty() ? std::string{} : format_json(known);
}

}  // namespace

void Executions::finish_step(Step& step) {
    pump(step);
    forget_ended();
    set_next_deadline(step);
}

// Jobs take turns, so that a small one does not wait for a large one.
void Executions::pump(Step& step) {
    more_work_ = false;
    if (link_full_until_ && step.now < *link_full_until_) {
        return;
    }
    link_full_until_.reset();
    std::uint32_t examined = 0;
    std::size_t idle = 0;
    while (!active_.empty() && idle < active_.size() && examined < kExaminedPerStep) {
        const auto number = active_.front();
        active_.pop_front();
        auto& run = *runs_.find(number)->second;
        if (!run.running() || !run.has_work()) {
            run.active = false;
            continue;
        }
        active_.push_back(number);
        const auto served = serve_some(step, run);
        examined += served;
        idle = served == 0 ? idle + 1 : 0;
    }
    more_work_ = examined >= kExaminedPerStep;
}

// Returns how many executions it looked at.
std::uint32_t Executions::serve_some(Step& step, JobRun& run) {
    std::uint32_t examined = 0;
    while (examined < kTurnQuantum && run.running() && run.has_work()) {
        const auto repeat = !run.ready.empty() && run.slots[run.ready.front()].in_flight;
        const auto window = repeat ? std::nullopt : run.job->spec.policy.window;
        if (!run.frames.empty() && admitted(window, run.in_flight, link_) == 0) {
            break;
        }
        std::uint32_t ordinal = 0;
        if (!run.ready.empty()) {
            ordinal = run.ready.front();
            run.ready.pop_front();
            run.slots[ordinal].waiting = false;
        } else {
            ordinal = run.cursor++;
        }
        ++examined;
        serve(step, run, ordinal);
    }
    return examined;
}

void Executions::serve(Step& step, JobRun& run, std::uint32_t ordinal) {
    auto& slot = run.slots[ordinal];
    const auto& entry = registry_.at(slot.device);
    if (slot.state != ExecutionState::pending) {
        return;
    }
    if (entry.head != ExecutionRef{run.number, ordinal} && !run.frames.empty()) {
        return;  // another job's turn on this device; it wakes this one
    }
    if (entry.deleted) {
        fail(step, run, ordinal, Reason::deleted, "the device was deleted");
        return;
    }
    const auto offered = run.supported && entry.device.template_name == run.job->template_name;
    if (!offered && slot.attempts == 0) {
        fail(step, run, ordinal, Reason::unsupported,
             "its template " + to_string(entry.device.template_name) + " does not offer this operation now");
        return;
    }
    serve_device(step, run, ordinal);
}

void Executions::serve_device(Step& step, JobRun& run, std::uint32_t ordinal) {
    auto& slot = run.slots[ordinal];
    const auto& device = registry_.at(slot.device).device;
    const auto first_look = slot.turn_at == TimePoint{} && slot.phase == Phase::queued;
    if (slot.turn_at == TimePoint{}) {
        open_turn(run, ordinal, step.now);
    }
    if (first_look && registry_.merge(slot.device, &Device::properties, run.gateway_values)) {
        step.effects.changes.emplace_back(PutDevice{device});
    }
    if (run.frames.empty()) {
        end(step, run, ordinal, ExecutionEvent::succeed, Reason::none, {});
        return;
    }
    if (!registry_.is_here(slot.device)) {
        // Online by what it said before the connection was lost: that has to show (roll_call.hpp).
        if (!device.online && run.offline == OfflineRule::fail && slot.attempts == 0) {
            fail(step, run, ordinal, Reason::offline, about(run, slot.operation, "the device is offline"));
        } else if (slot.phase == Phase::queued) {
            slot.phase = must(slot.phase, ExecutionEvent::hold).phase;
            persist(step, run, ordinal);
        }
        return;
    }
    if (slot.phase == Phase::deferred && step.now < slot.not_before) {
        arm_wake(run, ordinal, slot.not_before);
        return;
    }
    if (slot.attempts > 0 && !repeatable(run, slot)) {
        return;
    }
    send(step, run, ordinal);
}

void Executions::arm_wake(JobRun& run, std::uint32_t ordinal, TimePoint at) {
    auto& slot = run.slots[ordinal];
    if (!slot.wake_armed) {
        slot.wake_armed = true;
        timers_.push({at, {run.number, ordinal}, slot.attempts, TimerKind::wake});
    }
}

void Executions::send(Step& step, JobRun& run, std::uint32_t ordinal) {
    auto& slot = run.slots[ordinal];
    const auto& device = registry_.at(slot.device).device;
    const auto first = slot.attempts == 0;
    slot.remembered = first ? device.remembers > 0 : slot.remembered;
    slot.disarm();
    slot.phase = must(slot.phase, ExecutionEvent::send).phase;
    slot.attempts = static_cast<std::uint16_t>(std::min(slot.attempts + 1, 0xffff));
    slot.unheard = static_cast<std::uint8_t>(std::min(slot.unheard + 1, 0xff));
    slot.last_sent_at = step.now;
    slot.first_sent_at = slot.first_sent_at == TimePoint{} ? step.now : slot.first_sent_at;
    auto old = slot.recorded ? std::string{} : old_values_text(run.job->spec, device);
    if (!slot.holds_window) {
        slot.holds_window = true;
        ++link_.in_flight;
    }
    link_.room -= std::min(link_.room, 1U);
    if (!slot.in_flight) {
        slot.in_flight = true;
        ++run.in_flight;
    }
    if (first) {
        answer_lag_.sent(step.now);
    }
    holds_.push_back({step.now, {run.number, ordinal}, slot.attempts});
    persist(step, run, ordinal, {}, std::move(old));
    if (!slot.recorded) {
        slot.recorded = true;
        record_desired(step, run, slot.device);
    }
    const auto operation =
        key_.make(device.id.text(), run.job->id, ordinal, slot.operation, ask_of(run, slot), run.job->epoch);
    const auto expires = slot.turn_at + run.timeouts[slot.operation];
    const auto seconds = std::chrono::ceil<Seconds>(expires).time_since_epoch().count();
    step.effects.sends.emplace_back(
        SendOperation{device.id.text(), operation,
                      run.frames[slot.operation].payload(to_string(operation), seconds), expires});
    step.effects.notices.push_back({first ? NoticeKind::operation_sent : NoticeKind::operation_resent,
                                    run.job->id,
                                    device.id.text(),
                                    Reason::none,
                                    {}});
}

// A setting is desired from the moment the gateway first asks for it.
void Executions::record_desired(Step& step, const JobRun& run, DeviceIndex index) {
    if (run.job->spec.type != JobType::settings) {
        return;
    }
    if (registry_.merge(index, &Device::settings, run.device_values)) {
        step.effects.changes.emplace_back(PutDevice{registry_.at(index).device});
    }
}

// Settings and properties may be written twice. A command only where the device
// remembers, and did when it was sent, or has just said that it did not execute
// it (503); and only within one run of the job: while it was stopped the device
// may have done more for others than it remembers.
bool Executions::repeatable(const JobRun& run, const ExecutionSlot& slot) const {
    return !run.commands() || slot.phase == Phase::deferred ||
           (slot.remembered && slot.last_sent_at >= run.job->started_at &&
            registry_.at(slot.device).device.remembers > 0);
}

// A command to a device without memory goes out once for each time that the
// device asks (503). Each has an id of its own: a copy of an earlier 503 that
// the network brings late must not be taken for another.
std::uint16_t Executions::ask_of(const JobRun& run, const ExecutionSlot& slot) {
    const auto counts = run.commands() && !slot.remembered && slot.attempts > 0;
    return counts ? static_cast<std::uint16_t>(slot.attempts - 1) : std::uint16_t{0};
}

Milliseconds Executions::backoff(ExecutionRef execution, const ExecutionSlot& slot) const {
    auto wait = options_.resend_first;
    for (std::uint8_t i = 1; i < slot.unheard && wait < options_.resend_most; ++i) {
        wait *= 2;
    }
    wait = std::min(wait, options_.resend_most);
    if (slot.unheard > 1) {
        const auto name =
            (std::uint64_t{execution.run} << 40U) ^ (std::uint64_t{execution.ordinal} << 8U) ^ slot.attempts;
        const auto quarter = static_cast<std::uint64_t>(wait.count()) / 4;
        wait -= Milliseconds{static_cast<std::int64_t>(scatter(name) % (quarter + 1))};
    }
    return wait;
}

TimePoint Executions::repeat_at(const ExecutionSlot& slot, Milliseconds wait, TimePoint now) const {
    return slot.last_sent_at + wait + answer_lag_.at(now);
}

// The answers may catch up before that time, so it is looked at again sooner.
void Executions::arm_repeat(ExecutionRef execution, const ExecutionSlot& slot, TimePoint at, TimePoint now) {
    timers_.push({std::min(at, now + options_.resend_first), execution, slot.attempts, TimerKind::resend});
}

void Executions::expire(Step& step) {
    answer_lag_.forget_silent(step.now);
    expire_holds(step.now);
    expire_timers(step.now);
    expire_deadlines(step);
    expire_stalled(step);
}

void Executions::expire_holds(TimePoint now) {
    const auto due = now - window_hold(link_, answer_lag_.at(now));
    for (; !holds_.empty() && holds_.front().since <= due; holds_.pop_front()) {
        const auto& hold = holds_.front();
        auto* run = run_of(hold.execution);
        if (run == nullptr) {
            continue;
        }
        auto& slot = run->slots[hold.execution.ordinal];
        if (slot.state != ExecutionState::pending || slot.attempts != hold.attempts) {
            continue;
        }
        release_window(slot);
        if (repeatable(*run, slot)) {
            timers_.push({slot.last_sent_at + backoff(hold.execution, slot), hold.execution, slot.attempts,
                          TimerKind::resend});
        }
    }
}

void Executions::expire_timers(TimePoint now) {
    for (; !timers_.empty() && timers_.top().at <= now; timers_.pop()) {
        const auto timer = timers_.top();
        auto* run = run_of(timer.execution);
        if (run == nullptr || !run->running()) {
            continue;
        }
        auto& slot = run->slots[timer.execution.ordinal];
        const auto deferred = slot.phase == Phase::deferred;
        if (slot.state != ExecutionState::pending || slot.attempts != timer.attempts ||
            deferred != (timer.kind == TimerKind::wake)) {
            continue;
        }
        if (timer.kind == TimerKind::resend) {
            if (const auto at = repeat_at(slot, backoff(timer.execution, slot), now); at > now) {
                arm_repeat(timer.execution, slot, at, now);
                continue;
            }
        }
        slot.wake_armed = false;
        wake(timer.execution, now);  // if it is early, it is armed again when it is looked at
    }
}

void Executions::expire_deadlines(Step& step) {
    if (!earliest_deadline_ || *earliest_deadline_ > step.now) {
        return;
    }
    earliest_deadline_.reset();
    auto quota = kExaminedPerStep;
    for (auto& [number, run] : runs_) {
        for (std::uint16_t operation = 0; operation < run->deadlines.size(); ++operation) {
            expire_queue(step, *run, operation, quota);
            if (const auto& queue = run->deadlines[operation]; !queue.empty()) {
                // Without quota nobody knows whether the first is still open.
                const auto& slot = run->slots[queue.front().ordinal()];
                keep_earliest(earliest_deadline_,
                              quota > 0 ? slot.turn_at + run->timeouts[operation] : step.now);
            }
        }
    }
}

// Those that are due, `quota` at most; the rest are still due in the next step.
void Executions::expire_queue(Step& step, JobRun& run, std::uint16_t operation, std::uint32_t& quota) {
    auto& queue = run.deadlines[operation];
    while (!queue.empty() && quota > 0) {
        const auto ordinal = queue.front().ordinal();
        const auto& slot = run.slots[ordinal];
        const auto open = slot.state == ExecutionState::pending && slot.operation == operation &&
                          queue.front().is_of(slot.turn_at);
        if (open && slot.turn_at + run.timeouts[operation] > step.now) {
            break;
        }
        --quota;
        queue.pop_front();
        if (open) {
            time_out(step, run, ordinal);
        }
    }
}

void Executions::time_out(Step& step, JobRun& run, std::uint32_t ordinal) {
    const auto& slot = run.slots[ordinal];
    const auto waited = format_duration(run.timeouts[slot.operation]);
    if (slot.interrupted) {
        fail(step, run, ordinal, Reason::uncertain,
             about(run, slot.operation,
                   "no answer came before the gateway was restarted or the job stopped; it may have run"));
        return;
    }
    std::string text;
    switch (slot.phase) {
        case Phase::held:
            text = "the device was offline for " + waited;
            break;
        case Phase::deferred:
            text = "the device asked to wait, and was not ready within " + waited;
            break;
        case Phase::in_progress:
            text = "not finished within " + waited;
            break;
        case Phase::queued:
            text = "could not be sent within " + waited;
            break;
        case Phase::sent:
        case Phase::done:
            text = "no answer within " + waited;
            break;
    }
    fail(step, run, ordinal, Reason::timeout, about(run, slot.operation, text));
}

// While the broker is away nobody's turn comes, so no deadline begins. A job
// that nobody can reach still has to end: the time without the broker counts.
std::optional<TimePoint> Executions::stall_deadline(const JobRun& run) const {
    if (link_.up || !link_down_since_ || !run.running() || run.timeouts.empty() ||
        run.cursor >= run.slots.size()) {
        return std::nullopt;
    }
    return std::max(run.job->started_at, *link_down_since_) + run.timeouts.front();
}

void Executions::expire_stalled(Step& step) {
    std::uint32_t examined = 0;
    for (auto& [number, run] : runs_) {
        const auto deadline = stall_deadline(*run);
        if (!deadline || *deadline > step.now) {
            continue;
        }
        const auto text = "the broker could not be reached for " + format_duration(run->timeouts.front());
        for (; run->running() && run->cursor < run->slots.size() && examined < kExaminedPerStep; ++examined) {
            const auto ordinal = run->cursor++;
            const auto& slot = run->slots[ordinal];
            if (slot.state == ExecutionState::pending && slot.turn_at == TimePoint{}) {
                fail(step, *run, ordinal, Reason::timeout, about(*run, slot.operation, text));
            }
        }
    }
}

void Executions::set_next_deadline(Step& step) const {
    auto& due = step.effects.next_deadline;
    due.reset();
    if (more_work_) {
        due = step.now;
        return;
    }
    keep_earliest(due, holds_.empty() ? std::nullopt
                                      : std::optional(holds_.front().since +
                                                      window_hold(link_, answer_lag_.at(step.now))));
    keep_earliest(due, timers_.empty() ? std::nullopt : std::optional(timers_.top().at));
    keep_earliest(due, earliest_deadline_);
    keep_earliest(due, link_full_until_);
    if (!link_.up) {
        for (const auto& [number, run] : runs_) {
            keep_earliest(due, stall_deadline(*run));
        }
    }
}

}  // namespace muster::core
