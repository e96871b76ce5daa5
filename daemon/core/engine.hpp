// The engine: a pure function of (time, event). It never asks for the time,
// never reads or writes, and never fails but by a broken invariant; everything
// it wants done is in Effects, and the caller does it in this order: commit
// the changes durably, publish the sends, give the replies.
//
// Threads: one thread at a time; reads too.
#pragma once

#include "daemon/core/catalog.hpp"
#include "daemon/core/effects.hpp"
#include "daemon/core/engine_options.hpp"
#include "daemon/core/event.hpp"
#include "daemon/core/executions.hpp"
#include "daemon/core/inquiry.hpp"
#include "daemon/core/plan_desk.hpp"
#include "daemon/core/registry.hpp"
#include "daemon/core/roll_call.hpp"
#include "daemon/core/selection.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace muster::core {

class Engine {
public:
    using Jobs = std::map<JobId, std::shared_ptr<Job>>;

    // Goes on where the snapshot was taken.
    Engine(EngineOptions options, Snapshot snapshot);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Handles one event and adds what it asks for to `effects`. `now` may
    // repeat, and jump; nothing but deadlines depends on it.
    void step(TimePoint now, const Event& event, Effects& effects);

    // For answers to questions, between steps.
    [[nodiscard]] const Registry& registry() const noexcept { return registry_; }
    [[nodiscard]] const Catalog& catalog() const noexcept { return catalog_; }
    [[nodiscard]] const Jobs& jobs() const noexcept { return jobs_; }
    [[nodiscard]] const Job* find_job(JobId job) const;
    // Of a saved job that lists its devices: which of them it can no longer run on.
    [[nodiscard]] std::optional<Drift> drift_of(const Job& job) const;
    [[nodiscard]] const Executions& executions() const noexcept { return executions_; }
    [[nodiscard]] const EngineOptions& options() const noexcept { return options_; }

private:
    // engine.cpp: events of devices and link
    void on(Step& step, const Asked& event);
    void on(Step& step, const StatusReceived& event);
    void on(Step& step, const InfoReceived& event);
    void on(Step& step, const StateReceived& event);
    void on(Step& step, const AckReceived& event);
    void on(Step& step, const StatusAnswered& event);
    void on(Step& step, const MessagesLost& event);
    void on(Step& step, const LinkUp& event);
    void on(Step& step, const LinkDown& event);
    void on(Step& step, const LinkRoom& event);
    void on(Step& step, const SendRefused& event);
    void on(Step& step, const RetentionChanged& event);
    void on(Step& step, const Tick& event);
    void restore(Snapshot& snapshot);
    // nullopt: there is no room for another device.
    [[nodiscard]] std::optional<DeviceIndex> known_device(Step& step, const DeviceId& id);
    void put_device(Step& step, DeviceIndex index);
    void tell_presence(Step& step, const Device& device);
    void call_roll(Step& step);
    void ask_after_silent(Step& step);
    // Who was not heard of in the roll call is offline, some at a time.
    void miss_unheard(Step& step);

    // engine_jobs.cpp
    [[nodiscard]] Result<Answer> handle(Step& step, const std::string& user, const request::SaveJob& asked);
    [[nodiscard]] Result<Answer> handle(Step& step, const std::string& user, const request::RunJob& asked);
    [[nodiscard]] Result<Answer> handle(Step& step, const std::string& user, const request::StopJob& asked);
    [[nodiscard]] Result<Answer> handle(Step& step, const std::string& user, const request::CopyJob& asked);
    [[nodiscard]] Result<Answer> handle(Step& step, const std::string& user, const request::RerunJob& asked);
    [[nodiscard]] Result<Answer> handle(Step& step, const std::string& user, const request::DeleteJob& asked);
    [[nodiscard]] Result<Job*> job_of(JobId job);
    // Of a job that is not Running; the reference ends with it.
    void remove_job(Step& step, const std::string& user, const Job& job);
    [[nodiscard]] Result<std::shared_ptr<Job>> editable(const request::SaveJob& asked);
    // Whether its last run was asked for with this key (Job::run_key).
    [[nodiscard]] bool was_run_with(JobId job, const std::string& key) const;
    // As made_before; of one that edits and runs a job, the job that it ran.
    [[nodiscard]] Result<JobId> done_before(const std::string& user, const request::SaveJob& asked) const;
    [[nodiscard]] Result<void> room_for_job() const;
    [[nodiscard]] Result<void> room_for_list() const;
    std::shared_ptr<Job> new_job(Step& step, const std::string& user, JobSpec spec, JobId parent,
                                 const RequestMark& mark);
    void add_job(const std::shared_ptr<Job>& job);
    // The job that this very request of the user made; none: it is a new one.
    // Error: conflict (another request of the user had its key).
    [[nodiscard]] Result<JobId> made_before(const std::string& user, const RequestMark& mark) const;
    // In the place of the job stands one with this specification: who plans the other goes on with it.
    [[nodiscard]] std::shared_ptr<Job> edited(const std::shared_ptr<Job>& job, const JobSpec& spec);
    void put_job(Step& step, const Job& job, NoticeKind kind);
    void start(Step& step, std::shared_ptr<Job> job, const std::vector<DeviceIndex>& devices);
    void resume(Step& step, Job& job);

    // engine_retention.cpp
    void retire(Step& step);
    [[nodiscard]] std::vector<JobId> jobs_to_retire(TimePoint now) const;
    [[nodiscard]] std::optional<TimePoint> retention_due() const;

    // engine_plan.cpp
    // Answers, now or in a later step.
    void plan(Step& step, RequestToken token, const request::PlanJob& asked);
    void go_on_planning(Step& step);
    [[nodiscard]] Result<std::shared_ptr<const JobSpec>> to_be_planned(const request::PlanJob& asked) const;
    [[nodiscard]] Fleet fleet() const noexcept { return {registry_, catalog_}; }
    // The devices that a run would take. With `digest` they are compared with its plan in the same walk
    // and step, so that the job starts on exactly what was compared. That is linear in the devices, as
    // the run itself is, and costs each of them about 1.5 times as much again (some 0.1 us).
    // Errors: of target_of, check_operations, SelectionWalk, or conflict.
    [[nodiscard]] Result<std::vector<DeviceIndex>> may_start(const JobSpec& spec,
                                                             const std::optional<std::string>& digest) const;
    [[nodiscard]] Error refusal_of(const std::string& digest, const Plan& current) const;

    // engine_registry.cpp
    [[nodiscard]] Result<Answer> handle(Step& step, const std::string& user, const request::PutDevice& asked);
    [[nodiscard]] Result<Answer> handle(Step& step, const std::string& user,
                                        const request::DeleteDevice& asked);
    [[nodiscard]] Result<Answer> handle(Step& step, const std::string& user, const request::PutSet& asked);
    [[nodiscard]] Result<Answer> handle(Step& step, const std::string& user, const request::DeleteSet& asked);
    [[nodiscard]] Result<Answer> handle(Step& step, const std::string& user,
                                        const request::PutTemplate& asked);
    [[nodiscard]] Result<Answer> handle(Step& step, const std::string& user,
                                        const request::DeleteTemplate& asked);
    [[nodiscard]] Result<void> check_put(const request::PutDevice& asked,
                                         std::string_view template_name) const;

    EngineOptions options_;
    OperationKey key_;
    Registry registry_;
    Catalog catalog_;
    Jobs jobs_;
    std::map<std::pair<std::string, std::string>, JobId> requested_;  // by created_by and request key
    Executions executions_;
    RollCall roll_call_;
    Inquiry inquiry_;
    std::optional<std::size_t> missing_from_;  // how far miss_unheard() has come; absent: nothing to do
    std::uint64_t last_job_ = 0;
    std::uint64_t last_run_order_ = 0;
    std::uint64_t epoch_ = 0;
    TimePoint retention_due_{};  // when to look; at once in a new life
    PlanDesk plans_;
};

// "fridge-1, fridge-2 and 40 more"
[[nodiscard]] std::string name_some(const std::vector<std::string>& ids);
// Something is not as the asker saw it last: conflict, in whose details the field
// ("revision", "version") says what it is now (0: there is none).
[[nodiscard]] Error changed_since(const std::string& what, std::string field, std::uint64_t now);
void audit(Step& step, const std::string& user, std::string action, std::string subject,
           std::string detail = {});

}  // namespace muster::core
