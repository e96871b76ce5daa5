#include "tests/contract/store_text.hpp"

#include "protocol/codec.hpp"

#include <fmt/format.h>

#include <limits>

namespace muster::test {
static constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

static std::string text_of(TimePoint time) {
    return time == TimePoint{} ? "-" : fmt::to_string(time.time_since_epoch().count());
}

static std::string text_of(const core::JobSpec& spec) {
    std::string text = fmt::format("'{}' '{}' set {} {} all={}", spec.name, spec.description, spec.set,
                                   to_string(spec.type), spec.selection.all);
    for (const DeviceId& device : spec.selection.devices) {
        text += " " + device.text();
    }
    for (const core::Operation& operation : spec.operations) {
        text += fmt::format(" {}={}", operation.name, format_json(operation.value));
    }
    return text + fmt::format(" timeout={} offline={} window={}",
                              spec.policy.timeout ? spec.policy.timeout->count() : -1,
                              spec.policy.offline ? to_string(*spec.policy.offline) : "-",
                              spec.policy.window ? static_cast<int>(*spec.policy.window) : -1);
}

static std::string text_of(const core::StoredTemplate& stored) {
    return fmt::format("template {} v{} deleted={} at {} {}", stored.body->name, stored.version,
                       stored.deleted, text_of(stored.changed_at), format_json(stored.body->source));
}

static std::string text_of(const core::DeviceSet& set) {
    return fmt::format("set {} '{}' '{}' {} '{}' r{} at {}", set.name, set.title, set.description,
                       set.template_name, set.query, set.revision, text_of(set.changed_at));
}

static std::string text_of(const core::Device& device) {
    return fmt::format("device {} {} '{}' {} {} {} {} remembers={} online={} since {}", device.id.text(),
                       device.template_name.view(), device.name.view(), device.tags.text(),
                       device.properties.text(), device.settings.text(), device.reported.text(),
                       device.remembers, device.online, text_of(device.presence_since));
}

template <class Things>
static std::string lines_of(const Things& things) {
    std::string text;
    for (const auto& thing : things) {
        text += text_of(thing) + "\n";
    }
    return text;
}

std::string text_of(const core::Execution& execution) {
    return fmt::format(
        "execution {}.{} {} {} {} reason='{}' operation={} attempts={} progress={} '{}' old={} turn {} "
        "first {} last {} not before {} finished {} late {} at {}",
        to_string(execution.job), execution.ordinal, execution.device.text(), to_string(execution.state),
        to_string(execution.phase), to_string(execution.reason), execution.operation, execution.attempts,
        execution.progress, execution.message, execution.old_values, text_of(execution.turn_at),
        text_of(execution.first_sent_at), text_of(execution.last_sent_at), text_of(execution.not_before),
        text_of(execution.finished_at), execution.late_code, text_of(execution.late_at));
}

std::string text_of(const std::vector<core::Execution>& executions) {
    return lines_of(executions);
}

std::string text_of(const store::ExecutionPage& page) {
    return text_of(page.items) +
           (page.next ? fmt::format("next {} {} {}\n", page.next->number, page.next->text, page.next->ordinal)
                      : "");
}

std::string text_of(const store::AuditPage& page) {
    std::string text;
    for (const auto& [number, entry] : page.items) {
        text += fmt::format("audit {} {} {} {} {} {}\n", number, text_of(entry.at), entry.user, entry.action,
                            entry.subject, entry.detail);
    }
    return text;
}

std::string text_of(const core::Job& job) {
    std::string text = fmt::format(
        "job {} r{} {} {} v{} parent {} order {} by {} key '{}' '{}' run '{}' created {} started {} ended {} "
        "tally "
        "{}/{}/{} epoch {} spec {}",
        to_string(job.id), job.revision, to_string(job.state), job.template_name, job.template_version,
        to_string(job.parent), job.run_order, job.created_by, job.request.key, job.request.digest,
        job.run_key, text_of(job.created_at), text_of(job.started_at), text_of(job.ended_at),
        job.tally.succeeded, job.tally.failed, job.tally.pending, job.epoch, text_of(job.spec));
    for (const core::OutcomeCount& outcome : job.outcomes) {
        text += fmt::format("\n  {} {} '{}' x{}", to_string(outcome.state), to_string(outcome.reason),
                            outcome.message, outcome.count);
    }
    return text;
}

std::string text_of(const core::Snapshot& snapshot) {
    return fmt::format("last job {}\n", snapshot.last_job) + lines_of(snapshot.templates) +
           lines_of(snapshot.sets) + lines_of(snapshot.devices) + lines_of(snapshot.jobs) +
           lines_of(snapshot.executions);
}

std::string text_of(store::Store& store) {
    const core::Snapshot snapshot = store.load().value();
    std::string text = text_of(snapshot);
    for (const core::Job& job : snapshot.jobs) {
        text += text_of(store.executions({.job = job.id, .most = kAll}).value());
    }
    return text + text_of(store.audit({.most = kAll, .examined = kAll}).value());
}

}  // namespace muster::test
