// Executions at work: the jobs that are Running or Stopped, the queue of each
// device, the window, the timers. The only place that sends.
//
// Every public function is one part of a step of the engine: it takes the time
// and leaves what it asks for in Step::effects.
//
// Threads: the engine thread.
#pragma once

#include "daemon/core/admission.hpp"
#include "daemon/core/answer_lag.hpp"
#include "daemon/core/catalog.hpp"
#include "daemon/core/effects.hpp"
#include "daemon/core/engine_options.hpp"
#include "daemon/core/job_run.hpp"
#include "daemon/core/registry.hpp"
#include "daemon/core/transitions.hpp"
#include "protocol/ids.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <queue>
#include <span>
#include <string>
#include <vector>

namespace muster::core {

struct Step {
    TimePoint now;
    Effects& effects;
};

class Executions {
public:
    Executions(const EngineOptions& options, const OperationKey& key, Registry& registry,
               const Catalog& catalog);

    // The job was just set Running: one execution per device, in this order.
    void start(Step& step, std::shared_ptr<Job> job, std::span<const DeviceIndex> devices);
    // As loaded from the store, in the order in which the jobs were run.
    void restore(std::shared_ptr<Job> job, std::span<const Execution> executions);
    // The job was just set Running again, or Stopped.
    void resume(JobRun& run);
    void halt(JobRun& run, TimePoint now);
    // A Stopped job is deleted.
    void drop(JobRun& run);

    [[nodiscard]] JobRun* find(JobId job);
    [[nodiscard]] const JobRun* find(JobId job) const;

    // It says that it is there. `came`: it was not before, so that what was sent to it is lost, as far as
    // anybody knows. Otherwise it may just have been asked, and is not sent the same twice in a moment.
    void device_online(DeviceIndex index, TimePoint now, bool came);
    void device_offline(DeviceIndex index, TimePoint now);
    // Before the registry forgets it: all it has to do Fails.
    void device_deleted(Step& step, DeviceIndex index);
    void template_changed(std::string_view name);
    void link_up(std::uint32_t window, std::uint32_t room);
    void link_down(TimePoint now);
    void link_room(std::uint32_t room);
    void send_refused(Step& step, const OperationId& operation);

    enum class AckOutcome { taken, foreign, no_such_run };
    // `epoch`: of the job that the id names.
    AckOutcome take_ack(Step& step, const DeviceId& device, const OperationId& id, const Ack& ack,
                        std::uint64_t epoch);

    // Timers that are due.
    void expire(Step& step);
    // Sends what may be sent, forgets the runs that ended, sets next_deadline.
    void finish_step(Step& step);

    // Of an execution that is Pending, in words.
    [[nodiscard]] std::string detail(const JobRun& run, std::uint32_t ordinal) const;
    [[nodiscard]] const LinkLoad& link() const noexcept { return link_; }

private:
    enum class TimerKind : std::uint8_t { resend, refused, wake };
    struct Timer {
        TimePoint at;
        ExecutionRef execution;
        std::uint16_t attempts;
        TimerKind kind;
        friend bool operator>(const Timer& a, const Timer& b) noexcept { return a.at > b.at; }
    };
    struct Hold {
        TimePoint since;
        ExecutionRef execution;
        std::uint16_t attempts;
    };

    // executions.cpp: runs and queues
    JobRun& make_run(std::shared_ptr<Job> job);
    [[nodiscard]] bool is_supported(const JobRun& run) const;
    [[nodiscard]] JobRun* run_of(ExecutionRef execution);
    void enqueue(JobRun& run, std::uint32_t ordinal);
    void leave_queue(JobRun& run, std::uint32_t ordinal, TimePoint now);
    void wake(ExecutionRef execution, TimePoint now);
    void activate(JobRun& run);
    void open_turn(JobRun& run, std::uint32_t ordinal, TimePoint now);
    void note_deadline(JobRun& run, std::uint32_t ordinal);
    void persist(Step& step, const JobRun& run, std::uint32_t ordinal, std::string message = {},
                 std::string old_values = {});
    void release_window(ExecutionSlot& slot);
    void leave_flight(JobRun& run, ExecutionSlot& slot);
    void end(Step& step, JobRun& run, std::uint32_t ordinal, ExecutionEvent event, Reason reason,
             std::string message);
    void fail(Step& step, JobRun& run, std::uint32_t ordinal, Reason reason, std::string message);
    void end_job(Step& step, JobRun& run);
    void forget_ended();

    // dispatch.cpp: admission, sending, timers
    void pump(Step& step);
    [[nodiscard]] std::uint32_t serve_some(Step& step, JobRun& run);
    // Sends it, if nothing speaks against it now.
    void serve(Step& step, JobRun& run, std::uint32_t ordinal);
    void arm_wake(JobRun& run, std::uint32_t ordinal, TimePoint at);
    void serve_device(Step& step, JobRun& run, std::uint32_t ordinal);
    void send(Step& step, JobRun& run, std::uint32_t ordinal);
    void record_desired(Step& step, const JobRun& run, DeviceIndex index);
    [[nodiscard]] bool repeatable(const JobRun& run, const ExecutionSlot& slot) const;
    // Which ask of its message is at work (SPEC 4.6).
    [[nodiscard]] static std::uint16_t ask_of(const JobRun& run, const ExecutionSlot& slot);
    [[nodiscard]] Milliseconds backoff(ExecutionRef execution, const ExecutionSlot& slot) const;
    // When to send it again, should it be that long after it was sent; later while answers are late for all.
    [[nodiscard]] TimePoint repeat_at(const ExecutionSlot& slot, Milliseconds wait, TimePoint now) const;
    void arm_repeat(ExecutionRef execution, const ExecutionSlot& slot, TimePoint at, TimePoint now);
    void expire_holds(TimePoint now);
    void expire_timers(TimePoint now);
    void expire_deadlines(Step& step);
    void expire_queue(Step& step, JobRun& run, std::uint16_t operation, std::uint32_t& quota);
    void expire_stalled(Step& step);
    void time_out(Step& step, JobRun& run, std::uint32_t ordinal);
    [[nodiscard]] std::optional<TimePoint> stall_deadline(const JobRun& run) const;
    void set_next_deadline(Step& step) const;

    // answers.cpp: what devices answer
    [[nodiscard]] bool is_ours(const DeviceId& device, const OperationId& id, std::uint64_t epoch) const;
    void take_verdict(Step& step, JobRun& run, std::uint32_t ordinal, const Ack& ack);
    void take_late(Step& step, JobRun& run, const OperationId& id, const Ack& ack);
    void complete_operation(Step& step, JobRun& run, std::uint32_t ordinal, const Ack& ack);
    void defer(Step& step, JobRun& run, std::uint32_t ordinal, const Ack& ack);

    const EngineOptions& options_;
    const OperationKey& key_;
    Registry& registry_;
    const Catalog& catalog_;

    std::uint32_t last_run_ = 0;
    boost::unordered_flat_map<std::uint32_t, std::unique_ptr<JobRun>> runs_;
    boost::unordered_flat_map<JobId, std::uint32_t> run_by_job_;
    std::deque<std::uint32_t> active_;  // runs with work, in turn
    std::vector<std::uint32_t> ended_;  // to be forgotten at the end of the step

    LinkLoad link_;
    AnswerLag answer_lag_;
    std::optional<TimePoint> link_down_since_;
    std::optional<TimePoint> link_full_until_;  // it refused a message: left alone until then
    std::deque<Hold> holds_;                    // in order of time
    std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
    std::optional<TimePoint> earliest_deadline_;  // no execution's deadline is earlier
    bool more_work_ = false;                      // the step was cut short
};

// Whether an ack ends an operation; 202 and 503 with "after" do not.
[[nodiscard]] bool is_final(const Ack& ack);
// "defrost: " before what is said of a command, nothing for other types.
[[nodiscard]] std::string about(const JobRun& run, std::uint16_t operation, std::string_view text);

}  // namespace muster::core
