// Events of devices, link and clock. What users ask is in engine_jobs.cpp,
// engine_plan.cpp and engine_registry.cpp.
#include "daemon/core/engine.hpp"

#include <algorithm>
#include <type_traits>

namespace muster::core {

Engine::Engine(EngineOptions options, Snapshot snapshot)
    : options_(options), key_(snapshot.operation_key), executions_(options_, key_, registry_, catalog_) {
    restore(snapshot);
}

void Engine::restore(Snapshot& snapshot) {
    for (auto& stored : snapshot.templates) {
        catalog_.put_template(std::move(stored));
    }
    for (auto& set : snapshot.sets) {
        catalog_.put_set(std::move(set));
    }
    registry_.load(std::move(snapshot.devices));
    std::vector<std::shared_ptr<Job>> at_work;
    for (auto& loaded : snapshot.jobs) {
        auto job = std::make_shared<Job>(std::move(loaded));
        last_run_order_ = std::max(last_run_order_, job->run_order);
        if (job->state == JobState::running || job->state == JobState::stopped) {
            at_work.push_back(job);
        }
        add_job(job);
    }
    last_job_ = snapshot.last_job;
    epoch_ = snapshot.epoch;
    std::sort(at_work.begin(), at_work.end(),
              [](const auto& a, const auto& b) { return a->run_order < b->run_order; });
    for (auto& job : at_work) {
        const auto by_job = [](const Execution& execution, JobId id) { return execution.job < id; };
        const auto& all = snapshot.executions;
        const auto first = std::lower_bound(all.begin(), all.end(), job->id, by_job);
        auto last = first;
        while (last != all.end() && last->job == job->id) {
            ++last;
        }
        executions_.restore(job, std::span(first, last));
    }
}

void Engine::step(TimePoint now, const Event& event, Effects& effects) {
    Step step{now, effects};
    std::visit([&](const auto& what) { on(step, what); }, event);
    call_roll(step);
    ask_after_silent(step);
    executions_.finish_step(step);
    auto& next = effects.next_deadline;
    const auto earlier = [&next](std::optional<TimePoint> due) {
        if (due && (!next || *due < *next)) {
            next = due;
        }
    };
    earlier(retention_due());
    earlier(inquiry_.due());
    earlier(missing_from_ || !plans_.idle() ? std::optional(step.now) : roll_call_.due());
}

const Job* Engine::find_job(JobId job) const {
    const auto found = jobs_.find(job);
    return found == jobs_.end() ? nullptr : found->second.get();
}

void Engine::on(Step& step, const Asked& event) {
    std::visit(
        [&](const auto& asked) {
            if constexpr (std::is_same_v<decltype(asked), const request::PlanJob&>) {
                plan(step, event.token, asked);
            } else {
                step.effects.replies.push_back({event.token, handle(step, event.user, asked)});
            }
        },
        event.request);
}

std::optional<DeviceIndex> Engine::known_device(Step& step, const DeviceId& id) {
    if (const auto found = registry_.find(id.text())) {
        return found;
    }
    if (registry_.size() >= options_.most_devices) {
        step.effects.notices.push_back(
            {NoticeKind::devices_full, JobId::none, id.text(), Reason::none,
             "there are " + std::to_string(registry_.size()) + " devices already"});
        return std::nullopt;
    }
    Device device;
    device.id = id;
    step.effects.notices.push_back({NoticeKind::device_registered, JobId::none, id.text(), Reason::none, {}});
    roll_call_.note_news(step.now);
    return registry_.add(std::move(device));
}

void Engine::put_device(Step& step, DeviceIndex index) {
    step.effects.changes.emplace_back(PutDevice{registry_.at(index).device});
}

void Engine::on(Step& step, const StatusReceived& event) {
    if (event.retained) {
        inquiry_.note_status(step.now);
    }
    const auto is_new = !registry_.find(event.device.text());
    const auto index = known_device(step, event.device);
    if (!index) {
        return;
    }
    const auto changed = registry_.at(*index).device.online != event.online ||
                         registry_.at(*index).device.presence_since == TimePoint{};
    const auto came = changed && event.online;
    if (changed) {
        registry_.set_online(*index, event.online, step.now);
        if (is_new) {
            put_device(step, *index);
        } else {
            step.effects.changes.emplace_back(PutPresence{event.device, event.online, step.now});
        }
        tell_presence(step, registry_.at(*index).device);
        roll_call_.note_news(step.now);
    }
    const auto back = registry_.hear(*index);
    if (!event.online) {
        executions_.device_offline(*index, step.now);
    } else if (back || came || !event.retained) {
        executions_.device_online(*index, step.now, came);
    }
}

void Engine::tell_presence(Step& step, const Device& device) {
    step.effects.notices.push_back({device.online ? NoticeKind::device_online : NoticeKind::device_offline,
                                    JobId::none,
                                    device.id.text(),
                                    Reason::none,
                                    {}});
}

void Engine::call_roll(Step& step) {
    const auto verdict = roll_call_.expire(step.now, {registry_.size(), registry_.unheard()});
    if (verdict.ask) {
        step.effects.sends.emplace_back(Announce{*verdict.ask});
    }
    if (verdict.over && registry_.unheard() > 0) {
        missing_from_ = 0;
    }
    if (missing_from_) {
        miss_unheard(step);
    }
}

void Engine::ask_after_silent(Step& step) {
    AskStatus asked;
    for (const auto index : inquiry_.expire(step.now, registry_)) {
        asked.devices.push_back(registry_.at(index).device.id.text());
    }
    if (!asked.devices.empty()) {
        step.effects.sends.emplace_back(std::move(asked));
    }
}

void Engine::miss_unheard(Step& step) {
    const auto end = *missing_from_ + kExaminedPerStep;
    while (registry_.unheard() > 0) {
        const auto index = registry_.next_unheard(*missing_from_, end);
        if (!index) {
            break;
        }
        registry_.set_online(*index, false, step.now);
        const auto& device = registry_.at(*index).device;
        step.effects.changes.emplace_back(PutPresence{device.id, false, step.now});
        tell_presence(step, device);
        executions_.device_offline(*index, step.now);
    }
    if (registry_.unheard() == 0) {
        missing_from_.reset();
    }
}

void Engine::on(Step& step, const InfoReceived& event) {
    const auto is_new = !registry_.find(event.device.text());
    const auto index = known_device(step, event.device);
    if (!index) {
        return;
    }
    const auto& before = registry_.at(*index).device;
    auto device = before;
    if (device.tags.merge(event.info.tags) && device.tags.size() > limits::kValuesBytes) {
        device.tags = before.tags;
    }
    device.template_name = event.info.template_name;
    device.remembers = event.info.remembers;
    if (!event.info.name.empty()) {
        device.name = event.info.name;
    }
    if (is_new || device != before) {
        registry_.put(*index, std::move(device));
        put_device(step, *index);
        step.effects.notices.push_back(
            {NoticeKind::device_changed, JobId::none, event.device.text(), Reason::none, {}});
    }
}

void Engine::on(Step& step, const StateReceived& event) {
    const auto is_new = !registry_.find(event.device.text());
    const auto index = known_device(step, event.device);
    if (!index) {
        return;
    }
    auto reported = registry_.at(*index).device.reported;
    const auto news = reported.merge(event.values) && reported.size() <= limits::kValuesBytes &&
                      registry_.set(*index, &Device::reported, reported);
    if (news || is_new) {
        put_device(step, *index);
    }
}

void Engine::on(Step& step, const AckReceived& event) {
    const auto id = parse_operation_id(event.ack.id);
    const auto* job = id ? find_job(id->job) : nullptr;
    const auto outcome = job == nullptr
                             ? Executions::AckOutcome::foreign
                             : executions_.take_ack(step, event.device, *id, event.ack, job->epoch);
    if (const auto index = registry_.find(event.device.text());
        index && outcome == Executions::AckOutcome::taken && registry_.hear(*index)) {
        executions_.device_online(*index, step.now, false);
    }
    if (outcome == Executions::AckOutcome::no_such_run && job->ended_at != TimePoint{} &&
        is_final(event.ack)) {
        // The job is over: the store knows whether this verdict still lacks an answer.
        step.effects.changes.emplace_back(
            PutLateAnswer{job->id, id->execution, event.device, event.ack.code, step.now, id->operation});
        step.effects.notices.push_back(
            {NoticeKind::ack_late, job->id, event.device.text(), Reason::none, {}});
    } else if (outcome != Executions::AckOutcome::taken) {
        step.effects.notices.push_back(
            {NoticeKind::ack_foreign, JobId::none, event.device.text(), Reason::none, event.ack.id});
    }
}

void Engine::on(Step& step, const StatusAnswered&) {
    inquiry_.note_answer(step.now);
}

void Engine::on(Step& step, const MessagesLost&) {
    roll_call_.note_loss(step.now);
}

void Engine::on(Step& step, const LinkUp& event) {
    executions_.link_up(event.window, event.room);
    roll_call_.link_up(step.now);
    inquiry_.link_up(step.now);
}

void Engine::on(Step& step, const LinkDown&) {
    registry_.forget_heard();
    missing_from_.reset();
    roll_call_.link_down();
    inquiry_.link_down();
    executions_.link_down(step.now);
}

void Engine::on(Step&, const LinkRoom& event) {
    executions_.link_room(event.room);
}

void Engine::on(Step& step, const SendRefused& event) {
    executions_.send_refused(step, event.operation);
}

void Engine::on(Step& step, const Tick&) {
    retire(step);
    executions_.expire(step);
    go_on_planning(step);
}

std::string name_some(const std::vector<std::string>& ids) {
    constexpr std::size_t kNamed = 5;
    std::string text;
    for (std::size_t i = 0; i < std::min(ids.size(), kNamed); ++i) {
        text += (i == 0 ? "" : ", ") + ids[i];
    }
    return ids.size() > kNamed ? text + " and " + std::to_string(ids.size() - kNamed) + " more" : text;
}

Error changed_since(const std::string& what, std::string field, std::uint64_t now) {
    const auto is = "is " + std::to_string(now);
    return make_error(
        ErrorCode::conflict,
        now == 0 ? what + " does not exist" : what + " was changed since: its " + field + " " + is,
        {{field, now == 0 ? "there is none" : is}});
}

void audit(Step& step, const std::string& user, std::string action, std::string subject, std::string detail) {
    step.effects.changes.emplace_back(
        AuditEntry{step.now, user, std::move(action), std::move(subject), std::move(detail)});
}

}  // namespace muster::core
