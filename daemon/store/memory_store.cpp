#include "daemon/store/memory_store.hpp"

#include "daemon/core/text.hpp"
#include "daemon/store/recount.hpp"

#include <algorithm>

namespace muster::store {
namespace {

bool passes(const ExecutionFilter& filter, const core::Execution& execution) {
    return (!filter.state || *filter.state == execution.state) &&
           (!filter.reason || *filter.reason == execution.reason) &&
           (!filter.message || *filter.message == execution.message) &&
           core::contains_in_any_case(execution.device.text(), filter.search);
}

bool passes(const AuditFilter& filter, const core::AuditEntry& entry) {
    return (!filter.user || *filter.user == entry.user) &&
           (!filter.action || *filter.action == entry.action) &&
           (!filter.subject || *filter.subject == entry.subject);
}

bool is_same_version(const core::StoredTemplate& left, const core::StoredTemplate& right) {
    return left.body->name == right.body->name && left.version == right.version;
}

}  // namespace

MemoryStore MemoryStore::reopened() const {
    MemoryStore opened = *this;
    opened.next_commit_.reset();
    opened.failed_.reset();
    opened.health_ = {};
    return opened;
}

Result<core::Snapshot> MemoryStore::load() {
    if (failed_) {
        return *failed_;
    }
    core::Snapshot snapshot;
    snapshot.operation_key = operation_key_;
    snapshot.last_job = last_job_;
    snapshot.templates = templates_;
    for (const auto& [name, set] : sets_) {
        snapshot.sets.push_back(set);
    }
    for (const auto& [id, device] : devices_) {
        snapshot.devices.push_back(device);
    }
    for (const auto& [id, stored] : jobs_) {
        core::Job& job = snapshot.jobs.emplace_back(*stored);
        if (!is_under_way(job.state)) {
            continue;
        }
        Recount recount;
        for (const core::Execution& execution : executions_[id]) {
            recount.add(execution);
            snapshot.executions.push_back(execution);
        }
        job.tally = recount.tally();
        job.outcomes = recount.outcomes();
    }
    return snapshot;
}

Result<void> MemoryStore::commit(std::span<const core::Change> changes) {
    if (failed_) {
        return *failed_;
    }
    if (const auto error = std::exchange(next_commit_, std::nullopt)) {
        if (error->code != ErrorCode::unavailable) {
            failed_ = error;
        }
        health_ = {next_state_, error->message};
        return *error;
    }
    health_ = {};
    for (const core::Change& change : changes) {
        std::visit([this](const auto& one) { apply(one); }, change);
    }
    return {};
}

void MemoryStore::apply(const core::PutJob& change) {
    jobs_[change.job->id] = change.job;
    last_job_ = std::max(last_job_, static_cast<std::uint64_t>(change.job->id));
}

void MemoryStore::apply(const core::DeleteJob& change) {
    executions_.erase(change.job);
    jobs_.erase(change.job);
}

void MemoryStore::apply(const core::CreateExecutions& change) {
    auto& executions = executions_[change.job];
    const auto there = executions.size();
    std::uint32_t ordinal = 0;
    for (const auto& device : *change.devices) {
        if (ordinal >= there) {
            core::Execution& execution = executions.emplace_back();
            execution.job = change.job;
            execution.ordinal = ordinal;
            execution.device = DeviceId::parse(device).value();
        }
        ++ordinal;
    }
}

void MemoryStore::apply(const core::PutExecution& change) {
    core::Execution* stored = find_execution(change.execution.job, change.execution.ordinal);
    if (stored == nullptr) {
        return;
    }
    core::Execution next = change.execution;
    next.device = stored->device;
    next.late_code = stored->late_code;
    next.late_at = stored->late_at;
    if (next.old_values.empty()) {
        next.old_values = stored->old_values;
    }
    *stored = std::move(next);
}

void MemoryStore::apply(const core::PutLateAnswer& change) {
    core::Execution* stored = find_execution(change.job, change.ordinal);
    if (stored != nullptr && stored->device == change.device && stored->late_code == 0 &&
        stored->state == core::ExecutionState::failed && stored->operation == change.operation &&
        stored->reason != core::Reason::rejected && stored->reason != core::Reason::device_error) {
        stored->late_code = change.code;
        stored->late_at = change.at;
    }
}

void MemoryStore::apply(const core::PutDevice& change) {
    devices_[change.device.id] = change.device;
}

void MemoryStore::apply(const core::PutPresence& change) {
    if (const auto found = devices_.find(change.device); found != devices_.end()) {
        found->second.online = change.online;
        found->second.presence_since = change.since;
    }
}

void MemoryStore::apply(const core::DeleteDevice& change) {
    devices_.erase(change.device);
}

void MemoryStore::apply(const core::PutSet& change) {
    sets_[change.set.name] = change.set;
}

void MemoryStore::apply(const core::DeleteSet& change) {
    sets_.erase(change.name);
}

void MemoryStore::apply(const core::PutTemplate& change) {
    const auto found = std::ranges::find_if(
        templates_, [&](const auto& stored) { return is_same_version(stored, change.stored); });
    if (found == templates_.end()) {
        templates_.push_back(change.stored);
    } else {
        *found = change.stored;
    }
}

void MemoryStore::apply(const core::AuditEntry& change) {
    audit_.push_back(change);
}

void MemoryStore::apply(const core::TrimAudit& change) {
    auto kept = audit_.begin();
    while (kept != audit_.end() && std::next(kept) != audit_.end() && kept->at < change.before &&
           kept - audit_.begin() < static_cast<std::ptrdiff_t>(core::kAuditTrimmed)) {
        ++kept;
    }
    audit_trimmed_ += static_cast<std::uint64_t>(kept - audit_.begin());
    audit_.erase(audit_.begin(), kept);
}

core::Execution* MemoryStore::find_execution(JobId job, std::uint32_t ordinal) {
    const auto found = executions_.find(job);
    return found == executions_.end() || ordinal >= found->second.size() ? nullptr : &found->second[ordinal];
}

Result<ExecutionPage> MemoryStore::executions(const ExecutionQuery& query) {
    if (failed_) {
        return *failed_;
    }
    const auto place = [&query](const core::Execution* execution) {
        return position_of(*execution, query.sort);
    };
    const auto before = [&query](const ExecutionPosition& a, const ExecutionPosition& b) {
        return query.descending ? b < a : a < b;
    };
    ExecutionPage page;
    const auto stored = executions_.find(query.job);
    if (stored == executions_.end()) {
        return page;
    }
    std::vector<const core::Execution*> found;
    for (const core::Execution& execution : stored->second) {
        if (passes(query.filter, execution) && !(query.from && before(place(&execution), *query.from))) {
            found.push_back(&execution);
        }
    }
    const auto shown = std::min(found.size(), query.most);
    if (query.sort != ExecutionSort::ordinal || query.descending) {
        const auto end = found.begin() + static_cast<std::ptrdiff_t>(std::min(found.size(), shown + 1));
        std::ranges::partial_sort(found, end, before, place);
    }
    for (std::size_t i = 0; i < shown; ++i) {
        page.items.push_back(*found[i]);
    }
    if (shown < found.size()) {
        page.next = place(found[shown]);
    }
    return page;
}

Result<std::vector<core::Execution>> MemoryStore::device_executions(const DeviceId& device, JobId before,
                                                                    std::size_t most) {
    if (failed_) {
        return *failed_;
    }
    std::vector<core::Execution> found;
    for (auto at = executions_.rbegin(); at != executions_.rend(); ++at) {
        if (before != JobId::none && at->first >= before) {
            continue;
        }
        for (const core::Execution& execution : at->second) {
            if (execution.device == device && found.size() < most) {
                found.push_back(execution);
            }
        }
    }
    return found;
}

Result<AuditPage> MemoryStore::audit(const AuditQuery& query) {
    if (failed_) {
        return *failed_;
    }
    AuditPage page;
    const auto range = audit_range(query, audit_trimmed_ + 1, audit_trimmed_ + audit_.size());
    for (auto number = range.newest; number >= range.oldest && page.items.size() < query.most; --number) {
        const auto& entry = audit_[number - audit_trimmed_ - 1];
        if (passes(query.filter, entry)) {
            page.items.push_back({number, entry});
        }
    }
    page.next = next_of(page, query, range);
    return page;
}

}  // namespace muster::store
