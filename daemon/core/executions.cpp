// Runs and the queues of devices. Sending is in dispatch.cpp, acks in answers.cpp.
#include "daemon/core/executions.hpp"

#include "daemon/core/job_check.hpp"
#include "daemon/core/outcomes.hpp"

#include <algorithm>
#include <utility>

namespace muster::core {

Executions::Executions(const EngineOptions& options, const OperationKey& key, Registry& registry,
                       const Catalog& catalog)
    : options_(options), key_(key), registry_(registry), catalog_(catalog) {}

JobRun& Executions::make_run(std::shared_ptr<Job> job) {
    auto run = std::make_unique<JobRun>();
    run->number = ++last_run_;
    run->job = std::move(job);
    if (const auto* stored = catalog_.find_template(run->job->template_name, run->job->template_version)) {
        run->device_template = stored->body;
        prepare_messages(*run, options_);
    }
    run->supported = is_supported(*run);
    auto& placed = *run;
    run_by_job_.emplace(placed.job->id, placed.number);
    runs_.emplace(placed.number, std::move(run));
    return placed;
}

bool Executions::is_supported(const JobRun& run) const {
    const auto* in_force = catalog_.find_template(run.job->template_name);
    return run.device_template != nullptr && in_force != nullptr &&
           has_capabilities(*in_force->body, run.job->spec);
}

void Executions::start(Step& step, std::shared_ptr<Job> job, std::span<const DeviceIndex> devices) {
    auto& run = make_run(std::move(job));
    auto ids = std::make_shared<DeviceIds>();
    run.slots.resize(devices.size());
    for (std::uint32_t ordinal = 0; ordinal < devices.size(); ++ordinal) {
        run.slots[ordinal].device = devices[ordinal];
        ids->add(registry_.at(devices[ordinal]).device.id);
        enqueue(run, ordinal);
    }
    run.job->tally = Tally{0, 0, static_cast<std::uint32_t>(devices.size())};
    step.effects.changes.emplace_back(CreateExecutions{run.job->id, std::move(ids)});
    activate(run);
}

namespace {

ExecutionSlot to_slot(const Execution& execution, TimePoint running_since) {
    ExecutionSlot slot;
    slot.state = execution.state;
    slot.phase = execution.phase;
    slot.reason = execution.reason;
    slot.progress = execution.progress;
    slot.operation = execution.operation;
    slot.attempts = execution.attempts;
    slot.answered = execution.state == ExecutionState::completed || execution.reason == Reason::rejected ||
                    execution.reason == Reason::device_error;
    slot.late = execution.late_code != 0;
    // A turn that began before the job was set Running again does not count.
    slot.turn_at = execution.turn_at >= running_since ? execution.turn_at : TimePoint{};
    slot.first_sent_at = execution.first_sent_at;
    slot.last_sent_at = execution.last_sent_at;
    slot.recorded = execution.first_sent_at != TimePoint{};
    slot.not_before = execution.not_before;
    return slot;
}

}  // namespace

void Executions::restore(std::shared_ptr<Job> job, std::span<const Execution> executions) {
    auto& run = make_run(std::move(job));
    run.slots.reserve(executions.size());
    std::vector<std::uint32_t> opened;
    for (const auto& execution : executions) {
        const auto ordinal = static_cast<std::uint32_t>(run.slots.size());
        MUSTER_INVARIANT(execution.ordinal == ordinal);
        auto& slot = run.slots.emplace_back(to_slot(execution, run.job->started_at));
        const auto found = registry_.find(execution.device.text());
        slot.device = found ? *found : registry_.add_deleted(execution.device);
        slot.remembered = registry_.at(slot.device).device.remembers > 0;
        slot.interrupted =
            slot.state == ExecutionState::pending && slot.attempts > 0 && !repeatable(run, slot);
        if (slot.state == ExecutionState::pending && run.running()) {
            enqueue(run, ordinal);
            if (slot.turn_at != TimePoint{}) {
                opened.push_back(ordinal);
            }
        }
    }
    std::sort(opened.begin(), opened.end(), [&run](std::uint32_t a, std::uint32_t b) {
        return run.slots[a].turn_at < run.slots[b].turn_at;
    });
    for (const auto ordinal : opened) {
        note_deadline(run, ordinal);
    }
    activate(run);
}

void Executions::resume(JobRun& run) {
    run.cursor = 0;
    for (std::uint32_t ordinal = 0; ordinal < run.slots.size(); ++ordinal) {
        auto& slot = run.slots[ordinal];
        if (slot.state == ExecutionState::pending) {
            slot.turn_at = {};
            slot.interrupted = slot.attempts > 0 && !repeatable(run, slot);
            enqueue(run, ordinal);
        }
    }
    activate(run);
}

// What is in flight is not called back: its ack still counts. The devices are
// free for other jobs at once; the broker keeps the order of their messages.
void Executions::halt(JobRun& run, TimePoint now) {
    run.ready.clear();
    for (auto& queue : run.deadlines) {
        queue.clear();
    }
    for (std::uint32_t ordinal = 0; ordinal < run.slots.size(); ++ordinal) {
        auto& slot = run.slots[ordinal];
        slot.waiting = false;
        if (slot.state == ExecutionState::pending) {
            release_window(slot);
            leave_flight(run, slot);
            leave_queue(run, ordinal, now);
        }
    }
}

void Executions::drop(JobRun& run) {
    ended_.push_back(run.number);
}

JobRun* Executions::find(JobId job) {
    return const_cast<JobRun*>(std::as_const(*this).find(job));
}

const JobRun* Executions::find(JobId job) const {
    const auto found = run_by_job_.find(job);
    return found == run_by_job_.end() ? nullptr : runs_.find(found->second)->second.get();
}

JobRun* Executions::run_of(ExecutionRef execution) {
    const auto found = runs_.find(execution.run);
    return found == runs_.end() ? nullptr : found->second.get();
}

void Executions::enqueue(JobRun& run, std::uint32_t ordinal) {
    auto& entry = registry_.queue(run.slots[ordinal].device);
    const ExecutionRef self{run.number, ordinal};
    run.slots[ordinal].next = {};
    if (entry.head.none()) {
        entry.head = self;
    } else {
        run_of(entry.tail)->slots[entry.tail.ordinal].next = self;
    }
    entry.tail = self;
}

void Executions::leave_queue(JobRun& run, std::uint32_t ordinal, TimePoint now) {
    auto& slot = run.slots[ordinal];
    auto& entry = registry_.queue(slot.device);
    const ExecutionRef self{run.number, ordinal};
    ExecutionRef before;
    for (auto at = entry.head; !at.none() && at != self; at = run_of(at)->slots[at.ordinal].next) {
        before = at;
    }
    if (before.none()) {
        if (entry.head != self) {
            return;  // its job is Stopped: it stands in no queue
        }
        entry.head = slot.next;
        wake(entry.head, now);
    } else {
        run_of(before)->slots[before.ordinal].next = slot.next;
    }
    if (entry.tail == self) {
        entry.tail = before;
    }
    slot.next = {};
}

void Executions::wake(ExecutionRef execution, TimePoint now) {
    if (execution.none()) {
        return;
    }
    auto& run = *run_of(execution);
    auto& slot = run.slots[execution.ordinal];
    if (execution.ordinal >= run.cursor || slot.waiting) {
        return;  // it will be looked at anyway
    }
    if (!link_.up && slot.turn_at == TimePoint{}) {
        open_turn(run, execution.ordinal, now);  // or nothing would end it while the broker is away
    }
    slot.waiting = true;
    // A repeat needs no place in the job's window, so it must not stand behind those that do.
    slot.in_flight ? run.ready.push_front(execution.ordinal) : run.ready.push_back(execution.ordinal);
    activate(run);
}

void Executions::activate(JobRun& run) {
    if (!run.active && run.running() && run.has_work()) {
        run.active = true;
        active_.push_back(run.number);
    }
}

void Executions::open_turn(JobRun& run, std::uint32_t ordinal, TimePoint now) {
    run.slots[ordinal].turn_at = now;
    note_deadline(run, ordinal);
}

void Executions::note_deadline(JobRun& run, std::uint32_t ordinal) {
    const auto& slot = run.slots[ordinal];
    if (slot.operation >= run.timeouts.size()) {
        return;  // nothing is sent
    }
    const auto at = slot.turn_at + run.timeouts[slot.operation];
    run.deadlines[slot.operation].emplace_back(ordinal, slot.turn_at);
    earliest_deadline_ = earliest_deadline_ ? std::min(*earliest_deadline_, at) : at;
}

void Executions::persist(Step& step, const JobRun& run, std::uint32_t ordinal, std::string message,
                         std::string old_values) {
    const auto& slot = run.slots[ordinal];
    PutExecution change;
    auto& row = change.execution;
    row.job = run.job->id;
    row.ordinal = ordinal;
    row.device = registry_.at(slot.device).device.id;
    row.state = slot.state;
    row.phase = slot.phase;
    row.reason = slot.reason;
    row.operation = slot.operation;
    row.attempts = slot.attempts;
    row.progress = slot.progress;
    row.message = std::move(message);
    row.old_values = std::move(old_values);
    row.turn_at = slot.turn_at;
    row.first_sent_at = slot.first_sent_at;
    row.last_sent_at = slot.last_sent_at;
    row.not_before = slot.not_before;
    row.finished_at = slot.state == ExecutionState::pending ? TimePoint{} : step.now;
    step.effects.changes.emplace_back(std::move(change));
}

void Executions::release_window(ExecutionSlot& slot) {
    if (slot.holds_window) {
        slot.holds_window = false;
        --link_.in_flight;
    }
}

void Executions::leave_flight(JobRun& run, ExecutionSlot& slot) {
    if (slot.in_flight) {
        slot.in_flight = false;
        --run.in_flight;
        activate(run);
    }
}

void Executions::end(Step& step, JobRun& run, std::uint32_t ordinal, ExecutionEvent event, Reason reason,
                     std::string message) {
    auto& slot = run.slots[ordinal];
    const auto status = must(slot.phase, event);
    slot.state = status.state;
    slot.phase = status.phase;
    slot.reason = reason;
    release_window(slot);
    leave_flight(run, slot);
    leave_queue(run, ordinal, step.now);
    auto& job = *run.job;
    --job.tally.pending;
    ++(slot.state == ExecutionState::completed ? job.tally.succeeded : job.tally.failed);
    count_outcome(job.outcomes, slot.state, reason, message);
    const auto kind = slot.state == ExecutionState::completed ? NoticeKind::execution_completed
                                                              : NoticeKind::execution_failed;
    step.effects.notices.push_back(
        {kind, job.id, registry_.at(slot.device).device.id.text(), reason, message});
    persist(step, run, ordinal, std::move(message));
    if (job.tally.pending == 0) {
        end_job(step, run);
    }
}

void Executions::fail(Step& step, JobRun& run, std::uint32_t ordinal, Reason reason, std::string message) {
    end(step, run, ordinal, ExecutionEvent::fail, reason, std::move(message));
}

void Executions::end_job(Step& step, JobRun& run) {
    auto& job = *run.job;
    job.state = must(job.state, job.tally.failed == 0 ? JobEvent::all_done : JobEvent::done_failing);
    job.ended_at = step.now;
    step.effects.changes.emplace_back(PutJob{std::make_shared<const Job>(job)});
    step.effects.notices.push_back(
        {NoticeKind::job_ended, job.id, {}, Reason::none, std::string(to_string(job.state))});
    ended_.push_back(run.number);
}

void Executions::forget_ended() {
    for (const auto number : ended_) {
        const auto found = runs_.find(number);
        if (found == runs_.end()) {
            continue;
        }
        std::erase(active_, number);
        run_by_job_.erase(found->second->job->id);
        runs_.erase(found);
    }
    ended_.clear();
    if (runs_.empty()) {
        registry_.reclaim();
    }
}

void Executions::device_online(DeviceIndex index, TimePoint now, bool came) {
    const auto head = registry_.at(index).head;
    if (head.none()) {
        return;
    }
    auto& run = *run_of(head);
    auto& slot = run.slots[head.ordinal];
    slot.unheard = 0;  // what was lost while one of the two was away says nothing about now
    if (slot.attempts == 0 || slot.phase == Phase::deferred) {
        wake(head, now);
        return;
    }
    if (!repeatable(run, slot)) {
        return;
    }
    const auto soonest = repeat_at(slot, options_.resend_first, now);
    if (came || now >= soonest) {
        wake(head, now);
    } else if (!slot.hurried) {
        slot.hurried = true;
        arm_repeat(head, slot, soonest, now);
    }
}

void Executions::device_offline(DeviceIndex index, TimePoint now) {
    const auto head = registry_.at(index).head;
    if (head.none()) {
        return;
    }
    auto& run = *run_of(head);
    auto& slot = run.slots[head.ordinal];
    release_window(slot);
    leave_flight(run, slot);
    if (run.offline == OfflineRule::fail && slot.attempts == 0) {
        wake(head, now);  // it was held to see whether the device is there
    }
}

void Executions::device_deleted(Step& step, DeviceIndex index) {
    const auto text = "the device was deleted";
    while (!registry_.at(index).head.none()) {
        const auto head = registry_.at(index).head;
        fail(step, *run_of(head), head.ordinal, Reason::deleted, text);
    }
    for (auto& [number, run] : runs_) {  // those of Stopped jobs stand in no queue
        for (std::uint32_t ordinal = 0; run->job->state == JobState::stopped && ordinal < run->slots.size();
             ++ordinal) {
            const auto& slot = run->slots[ordinal];
            if (slot.device == index && slot.state == ExecutionState::pending) {
                fail(step, *run, ordinal, Reason::deleted, text);
            }
        }
    }
}

void Executions::template_changed(std::string_view name) {
    for (auto& [number, run] : runs_) {
        if (run->job->template_name == name) {
            run->supported = is_supported(*run);
        }
    }
}

void Executions::link_up(std::uint32_t window, std::uint32_t room) {
    link_.up = true;
    link_.window = window;
    link_.room = room;
    link_down_since_.reset();
    for (auto& [number, run] : runs_) {
        for (const auto ordinal : run->ready) {
            auto& slot = run->slots[ordinal];
            if (slot.phase == Phase::queued && slot.operation == 0) {
                slot.turn_at = {};  // link_down() opened it; it has yet to be served
            }
        }
    }
}

void Executions::link_room(std::uint32_t room) {
    link_.room = room;
    if (room > 0) {
        link_full_until_.reset();
    }
}

void Executions::link_down(TimePoint now) {
    if (link_.up || !link_down_since_) {
        link_down_since_ = now;
    }
    link_.up = false;
    answer_lag_.forget();
    for (auto& [number, run] : runs_) {
        for (const auto ordinal : run->ready) {
            if (run->slots[ordinal].turn_at == TimePoint{}) {
                open_turn(*run, ordinal, now);  // as in wake()
            }
        }
    }
}

std::string about(const JobRun& run, std::uint16_t operation, std::string_view text) {
    if (!run.commands()) {
        return std::string(text);
    }
    return run.job->spec.operations[operation].name + ": " + std::string(text);
}

std::string Executions::detail(const JobRun& run, std::uint32_t ordinal) const {
    const auto& slot = run.slots[ordinal];
    const auto& entry = registry_.at(slot.device);
    const auto& device = entry.device;
    const auto offline = device.presence_since == TimePoint{}
                             ? std::string("device has not been online yet")
                             : "device offline since " + format_utc(device.presence_since);
    switch (slot.phase) {
        case Phase::queued:
            if (run.running() && entry.head != ExecutionRef{run.number, ordinal} && !entry.head.none()) {
                const auto& first = runs_.find(entry.head.run)->second;
                return "waiting for job " + to_string(first->job->id) + " on this device";
            }
            return "not sent yet";
        case Phase::held:
            return device.online ? "waiting for the device to be heard of again" : offline;
        case Phase::sent:
            return about(run, slot.operation, "sent, attempt " + std::to_string(slot.attempts)) +
                   (device.online ? "" : "; " + offline);
        case Phase::in_progress:
            return about(run, slot.operation, "in progress: " + std::to_string(slot.progress) + " %");
        case Phase::deferred:
            return about(run, slot.operation, "device asked to wait until " + format_utc(slot.not_before));
        case Phase::done:
            return {};
    }
    return {};
}

}  // namespace muster::core
