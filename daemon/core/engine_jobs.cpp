// What users do with jobs: save, run, stop, copy, rerun, delete.
#include "daemon/core/drift.hpp"
#include "daemon/core/engine.hpp"
#include "daemon/core/job_check.hpp"
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace muster::core {
namespace {

Error conflict(std::string message) {
    return make_error(ErrorCode::conflict, std::move(message));
}

Error no_such_job(JobId job) {
    return make_error(ErrorCode::not_found, "there is no job " + to_string(job));
}

std::string name_of(const Job& job) {
    return "job " + to_string(job.id);
}

// "Fan speed 3" becomes "Fan speed 3 copy", cut so that it stays a valid name.
std::string derived_name(const std::string& name, std::string_view suffix) {
    auto cut = std::min(name.size(), limits::kJobNameLength - suffix.size());
    while (cut > 0 && cut < name.size() && (static_cast<unsigned char>(name[cut]) & 0xC0U) == 0x80U) {
        --cut;  // not in the middle of a UTF-8 character
    }
    return name.substr(0, cut) + std::string(suffix);
}

// Job::run_key.
std::string run_key_of(const std::string& user, const std::string& key) {
    return key.empty() ? std::string{} : user + "/" + key;
}

std::string job_detail(const Job& job) {
    return format_json(boost::json::object{{"name", job.spec.name}, {"set", job.spec.set}});
}

}  // namespace

Result<Job*> Engine::job_of(JobId job) {
    const auto found = jobs_.find(job);
    return found == jobs_.end() ? Result<Job*>(no_such_job(job)) : Result<Job*>(found->second.get());
}

std::shared_ptr<Job> Engine::new_job(Step& step, const std::string& user, JobSpec spec, JobId parent,
                                     const RequestMark& mark) {
    auto job = std::make_shared<Job>();
    job->id = static_cast<JobId>(++last_job_);
    job->spec = std::move(spec);
    job->parent = parent;
    job->created_by = user;
    job->created_at = step.now;
    job->request = mark;
    add_job(job);
    return job;
}

void Engine::add_job(const std::shared_ptr<Job>& job) {
    if (!job->request.key.empty()) {
        requested_.emplace(std::pair(job->created_by, job->request.key), job->id);
    }
    jobs_.emplace(job->id, job);
}

Result<JobId> Engine::made_before(const std::string& user, const RequestMark& mark) const {
    const auto found = mark.key.empty() ? requested_.end() : requested_.find(std::pair(user, mark.key));
    if (found == requested_.end()) {
        return JobId::none;
    }
    if (jobs_.at(found->second)->request == mark) {
        return found->second;
    }
    return make_error(
        ErrorCode::conflict,
        "the key " + mark.key + " was given with another request, which made job " + to_string(found->second),
        {{"key", "is that of job " + to_string(found->second)}});
}

std::shared_ptr<Job> Engine::edited(const std::shared_ptr<Job>& job, const JobSpec& spec) {
    auto changed = std::make_shared<Job>(*job);
    ++changed->revision;
    changed->spec = spec;
    return jobs_.at(job->id) = std::move(changed);
}

void Engine::put_job(Step& step, const Job& job, NoticeKind kind) {
    step.effects.changes.emplace_back(PutJob{std::make_shared<const Job>(job)});
    step.effects.notices.push_back({kind, job.id, {}, Reason::none, job.spec.name});
}

Result<void> Engine::room_for_list() const {
    std::size_t listed = 0;
    for (const auto& [id, job] : jobs_) {
        listed += job->spec.selection.devices.size();
    }
    if (listed < options_.most_listed_devices) {
        return {};
    }
    return make_error(ErrorCode::unavailable,
                      "the jobs list " + std::to_string(listed) + " devices already; delete some that ended");
}

Result<void> Engine::room_for_job() const {
    if (jobs_.size() < limits::kJobs) {
        return room_for_list();
    }
    return make_error(ErrorCode::unavailable,
                      "there are " + std::to_string(jobs_.size()) + " jobs already; delete some that ended");
}

// The job as it will be stored: a new one, or the saved one that is edited.
// A new one has no id yet.
Result<std::shared_ptr<Job>> Engine::editable(const request::SaveJob& asked) {
    if (asked.job == JobId::none) {
        const auto room = room_for_job();
        return room ? Result<std::shared_ptr<Job>>(nullptr) : Result<std::shared_ptr<Job>>(room.error());
    }
    const auto found = jobs_.find(asked.job);
    if (found == jobs_.end()) {
        return no_such_job(asked.job);
    }
    const auto& job = found->second;
    if (job->state != JobState::pending) {
        return conflict(name_of(*job) + " is " + std::string(to_string(job->state)) +
                        " and can no longer be edited; copy it");
    }
    if (const auto room = room_for_list(); !room && !asked.spec.selection.devices.empty()) {
        return room.error();
    }
    if (asked.revision && *asked.revision != job->revision) {
        return changed_since(name_of(*job), "revision", job->revision);
    }
    return job;
}

bool Engine::was_run_with(JobId job, const std::string& key) const {
    const auto found = jobs_.find(job);
    return !key.empty() && found != jobs_.end() && found->second->run_key == key;
}

Result<JobId> Engine::done_before(const std::string& user, const request::SaveJob& asked) const {
    if (asked.job == JobId::none) {
        return made_before(user, asked.mark);
    }
    const auto ran = asked.run && was_run_with(asked.job, run_key_of(user, asked.mark.key));
    return ran ? asked.job : JobId::none;
}

Result<Answer> Engine::handle(Step& step, const std::string& user, const request::SaveJob& asked) {
    const auto done = done_before(user, asked);
    if (!done || *done != JobId::none) {
        return done ? Result<Answer>(JobAnswer{*done, std::nullopt}) : Result<Answer>(done.error());
    }
    const auto existing = editable(asked);
    if (!existing) {
        return existing.error();
    }
    if (const auto checked = check_spec(asked.spec); !checked) {
        return checked.error();
    }
    const auto target = target_of(asked.spec, catalog_);
    if (!target) {
        return target.error();
    }
    if (const auto checked = check_operations(asked.spec, *target->in_force->body); !checked) {
        return checked.error();
    }
    if (const auto checked = check_selection(asked.spec, fleet(), *target); !checked) {
        return checked.error();
    }
    std::vector<DeviceIndex> devices;
    if (asked.run) {
        auto may = may_start(asked.spec, asked.digest);
        if (!may) {
            return may.error();
        }
        devices = std::move(may).value();
    }
    auto job = *existing;
    if (job) {
        job = job->spec == asked.spec ? job : edited(job, asked.spec);
    } else {
        job = new_job(step, user, asked.spec, JobId::none, asked.mark);
    }
    audit(step, user, "job/save", to_string(job->id), job_detail(*job));
    if (asked.run) {
        audit(step, user, "job/run", to_string(job->id));
        job->run_key = run_key_of(user, asked.mark.key);
        start(step, job, devices);
    } else {
        put_job(step, *job, NoticeKind::job_saved);
    }
    return JobAnswer{job->id, std::nullopt};
}

void Engine::start(Step& step, std::shared_ptr<Job> job, const std::vector<DeviceIndex>& devices) {
    const auto* in_force = catalog_.find_template(catalog_.find_set(job->spec.set)->set.template_name);
    job->state = must(job->state, JobEvent::run);
    job->epoch = epoch_;
    job->template_name = in_force->body->name;
    job->template_version = in_force->version;
    job->run_order = ++last_run_order_;
    job->started_at = step.now;
    put_job(step, *job, NoticeKind::job_started);  // before its executions, which belong to it
    executions_.start(step, std::move(job), devices);
}

Result<Answer> Engine::handle(Step& step, const std::string& user, const request::RunJob& asked) {
    const auto found = job_of(asked.job);
    if (!found) {
        return found.error();
    }
    auto& job = **found;
    const auto key = run_key_of(user, asked.key);
    if (was_run_with(job.id, key)) {
        return JobAnswer{job.id, std::nullopt};
    }
    if (!next(job.state, JobEvent::run)) {
        const auto over = job.state != JobState::running;
        return conflict(name_of(job) + " is " + std::string(to_string(job.state)) +
                        (over ? "; copy it to run it again, or rerun its failed devices" : " already"));
    }
    if (job.state == JobState::stopped) {
        if (asked.digest) {
            return conflict(name_of(job) + " was begun before; a digest is for a job that was not run yet");
        }
        job.run_key = key;
        resume(step, job);
    } else {
        const auto devices = may_start(job.spec, asked.digest);
        if (!devices) {
            return devices.error();
        }
        job.run_key = key;
        start(step, jobs_.at(job.id), *devices);
    }
    audit(step, user, "job/run", to_string(job.id), job_detail(job));
    return JobAnswer{job.id, std::nullopt};
}

void Engine::resume(Step& step, Job& job) {
    job.state = must(job.state, JobEvent::run);
    job.run_order = ++last_run_order_;
    job.started_at = step.now;
    put_job(step, job, NoticeKind::job_started);
    executions_.resume(*executions_.find(job.id));
}

Result<Answer> Engine::handle(Step& step, const std::string& user, const request::StopJob& asked) {
    const auto found = job_of(asked.job);
    if (!found) {
        return found.error();
    }
    auto& job = **found;
    const auto to = next(job.state, JobEvent::stop);
    if (!to) {
        return conflict(name_of(job) + " is " + std::string(to_string(job.state)) +
                        "; only a running job can be stopped");
    }
    job.state = *to;
    executions_.halt(*executions_.find(job.id), step.now);
    put_job(step, job, NoticeKind::job_stopped);
    audit(step, user, "job/stop", to_string(job.id), job_detail(job));
    return JobAnswer{job.id, std::nullopt};
}

Result<Answer> Engine::handle(Step& step, const std::string& user, const request::CopyJob& asked) {
    const auto made = made_before(user, asked.mark);
    if (!made) {
        return made.error();
    }
    const auto found = job_of(asked.job);
    if (!found) {
        return *made == JobId::none ? Result<Answer>(found.error()) : JobAnswer{*made, Drift{}};
    }
    auto spec = (*found)->spec;
    const auto& original =
        asked.devices.empty() && !spec.selection.all ? spec.selection.devices : asked.devices;
    auto drift = find_drift(spec, original, registry_, catalog_);
    if (*made != JobId::none) {
        return JobAnswer{*made, std::move(drift)};
    }
    if (const auto room = room_for_job(); !room) {
        return room.error();
    }
    spec.name = derived_name(spec.name, " copy");
    if (!spec.selection.all) {
        spec.selection.devices = without_drifted(spec.selection.devices, drift);
    } else {
        std::erase_if(spec.selection.devices,
                      [this](const DeviceId& id) { return registry_.get(id.text()) == nullptr; });
    }
    const auto job = new_job(step, user, std::move(spec), JobId::none, asked.mark);
    put_job(step, *job, NoticeKind::job_saved);
    audit(step, user, "job/copy", to_string(job->id),
          format_json(boost::json::object{{"from", to_string(asked.job)}}));
    return JobAnswer{job->id, std::move(drift)};
}

Result<Answer> Engine::handle(Step& step, const std::string& user, const request::RerunJob& asked) {
    const auto made = made_before(user, asked.mark);
    if (!made || *made != JobId::none) {
        return made ? Result<Answer>(JobAnswer{*made, std::nullopt}) : Result<Answer>(made.error());
    }
    const auto found = job_of(asked.job);
    if (!found) {
        return found.error();
    }
    if (const auto room = room_for_job(); !room) {
        return room.error();
    }
    const auto& parent = **found;
    if (parent.state == JobState::pending || parent.state == JobState::running) {
        return conflict(name_of(parent) + " is " + std::string(to_string(parent.state)) +
                        "; a rerun takes the failed devices of a job that ended or was stopped");
    }
    auto spec = parent.spec;
    auto drift = find_drift(spec, asked.devices, registry_, catalog_);
    drift.added.clear();
    spec.name = derived_name(spec.name, " rerun");
    spec.selection = Selection{false, without_drifted(asked.devices, drift)};
    if (spec.selection.devices.empty()) {
        return conflict(name_of(parent) + " has no failed devices that a rerun could take");
    }
    std::vector<DeviceIndex> devices;
    if (asked.run) {
        auto may = may_start(spec, std::nullopt);
        if (!may) {
            return may.error();
        }
        devices = std::move(may).value();
    }
    const auto job = new_job(step, user, std::move(spec), parent.id, asked.mark);
    audit(step, user, "job/rerun", to_string(job->id),
          format_json(boost::json::object{{"from", to_string(parent.id)}, {"run", asked.run}}));
    if (asked.run) {
        start(step, job, devices);
    } else {
        put_job(step, *job, NoticeKind::job_saved);
    }
    return JobAnswer{job->id, std::move(drift)};
}

Result<Answer> Engine::handle(Step& step, const std::string& user, const request::DeleteJob& asked) {
    const auto found = job_of(asked.job);
    if (!found) {
        return found.error();
    }
    const auto& job = **found;
    if (job.state == JobState::running) {
        return conflict(name_of(job) + " is Running; stop it first");
    }
    if (asked.revision && *asked.revision != job.revision) {
        return changed_since(name_of(job), "revision", job.revision);
    }
    remove_job(step, user, job);
    return DoneAnswer{};
}

void Engine::remove_job(Step& step, const std::string& user, const Job& job) {
    requested_.erase(std::pair(job.created_by, job.request.key));
    if (auto* run = executions_.find(job.id)) {
        executions_.drop(*run);
    }
    step.effects.changes.emplace_back(DeleteJob{job.id});
    step.effects.notices.push_back({NoticeKind::job_deleted, job.id, {}, Reason::none, job.spec.name});
    audit(step, user, "job/delete", to_string(job.id), job_detail(job));
    jobs_.erase(JobId{job.id});  // a copy: the reference ends here
}

std::optional<Drift> Engine::drift_of(const Job& job) const {
    if (job.state != JobState::pending || job.spec.selection.all) {
        return std::nullopt;
    }
    return find_drift(job.spec, job.spec.selection.devices, registry_, catalog_);
}

}  // namespace muster::core
