#include "tests/simulation/auditor.hpp"

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "tests/simulation/fleet_documents.hpp"

#include <boost/json/serialize.hpp>

namespace muster::simulation {
namespace json = boost::json;
namespace {

std::string name_of(const core::Execution& row) {
    return "execution " + std::to_string(row.ordinal) + " of job " + to_string(row.job);
}

std::uint32_t number(const json::object& object, const char* member) {
    return object.at(member).to_number<std::uint32_t>();
}

}  // namespace

void Auditor::on_publish(const mqtt::Publication& publication) {
    const auto& topic = publication.topic;
    if (const auto device = topics_.parse_device(topic)) {
        if (device->kind == DeviceTopic::cmd) {
            check_operation(std::string(device->device), publication);
        } else if (!publication.payload.empty()) {
            bad("the gateway speaks only for itself", "it published on " + topic);
        }
        return;
    }
    const auto jobs = topics_.root() + "/job/";
    if (topic.starts_with(jobs)) {
        check_job_topic(parse_job_id(topic.substr(jobs.size())).value(), publication.payload);
    } else if (topic.starts_with(topics_.root() + "/api/")) {
        check_reply(publication);
    }
}

void Auditor::check_operation(const std::string& device, const mqtt::Publication& publication) {
    ++figures_.operations_sent;
    const auto message = decode_operation(publication.payload);
    const auto id = message ? parse_operation_id(message->id) : Result<OperationId>(message.error());
    if (!id) {
        return bad("an operation message is well formed", publication.payload);
    }
    transcript_.say("-> {}: {}", device, publication.payload);
    sent_.push_back({device, message->id});
    const auto* entry = ledger_.find(id->job);
    if (entry == nullptr || id->execution >= entry->rows.size()) {
        return bad("nothing is sent before it is stored", message->id + " is of no stored execution");
    }
    const auto& row = entry->rows[id->execution];
    if (row.device.text() != device) {
        bad("a message goes to its device",
            message->id + " is of " + row.device.text() + ", sent to " + device);
    }
    check_stored(*entry, *id, message->id);
    check_repeats(device, *entry->job, row, *id);
    check_turn(device, *entry, row);
}

// What a batch of steps wants sent is sent after their one commit; so it may be
// answered, or its job stopped, in that very commit, but in no earlier one.
void Auditor::check_stored(const Ledger::Entry& entry, const OperationId& id, const std::string& text) {
    const auto& job = *entry.job;
    const auto& row = entry.rows[id.execution];
    if (job.state != core::JobState::running) {
        const auto told = stops_told_.find(id.job);
        if (told != stops_told_.end() && told->second >= entry.job_commit) {
            bad("nothing is published after Stop was answered", text);
        } else if (entry.job_commit != ledger_.commits()) {
            bad("nothing is sent for a job that does not run",
                text + ", and the job is " + std::string(to_string(job.state)));
        }
    }
    const auto open = row.phase == core::Phase::sent || row.phase == core::Phase::in_progress;
    const auto as_stored =
        row.state == core::ExecutionState::pending && open && row.operation == id.operation;
    if (!as_stored && entry.row_commits[id.execution] != ledger_.commits()) {
        bad("nothing is sent before it is stored", text + ": " + name_of(row) + " is stored as " +
                                                       std::string(to_string(row.phase)) + ", message " +
                                                       std::to_string(row.operation));
    }
}

// Attempts are counted before they are made, and a command to a device without
// memory is made once (rule 6), or again when the device asked for it.
void Auditor::check_repeats(const std::string& device, const core::Job& job, const core::Execution& row,
                            const OperationId& id) {
    const auto operation = message_name(id);
    const auto copies = ++copies_[operation];
    const auto counted = row.state == core::ExecutionState::pending && row.operation == id.operation;
    if (counted && row.attempts < copies && row.attempts != 0xffff) {
        bad("nothing is sent before it is stored", operation + " went out " + std::to_string(copies) +
                                                       " times, and " + std::to_string(row.attempts) +
                                                       " are stored");
    }
    const auto known = remembers_.find(device);
    const auto forgetful = known != remembers_.end() && !known->second;
    if (job.spec.type == core::JobType::commands && forgetful &&
        copies > 1 + witness_.said_not_now(device, id)) {
        bad("a command to a device without memory is sent once", operation + " to " + device);
    }
}

// Rule 4: the jobs on a device go in the order in which they were run.
void Auditor::check_turn(const std::string& device, const Ledger::Entry& entry, const core::Execution& row) {
    for (const auto& [id, other] : ledger_.jobs()) {
        const auto& job = *other.job;
        if (job.state != core::JobState::running || job.run_order >= entry.job->run_order ||
            !Ledger::is_sent_to_device(job)) {
            continue;
        }
        for (const auto& waiting : other.rows) {
            if (waiting.device.text() == device && waiting.state == core::ExecutionState::pending) {
                bad("a device's jobs go in the order in which they were run",
                    device + " was sent " + name_of(row) + " before " + name_of(waiting));
            }
        }
    }
}

void Auditor::check_job_topic(JobId job, const std::string& payload) {
    if (payload.empty()) {
        if (ledger_.find(job) != nullptr) {
            bad("a job topic is cleared when the job is deleted", "job " + to_string(job) + " is not");
        }
        return;
    }
    check_told_job(parse_json(payload, limits::kReplyBytes, limits::kRequestJsonDepth).value().as_object(),
                   "its topic");
}

void Auditor::check_told_job(const json::object& job, const char* where) {
    const auto id = JobId{job.at("job").to_number<std::uint64_t>()};
    const auto* entry = ledger_.find(id);
    if (entry == nullptr) {
        if (!ledger_.was_deleted(id)) {
            bad("what is told is stored", "job " + to_string(id) + " on " + where + " is not");
        }
        return;
    }
    const auto state = core::parse_job_state(job.at("status").as_string());
    const auto& tally = job.at("tally").as_object();
    const auto succeeded = number(tally, "succeeded");
    const auto failed = number(tally, "failed");
    const auto pending = number(tally, "pending");
    if (succeeded + failed + pending != number(tally, "selected")) {
        bad("the tally adds up", "job " + to_string(id) + " on " + where + ": " + json::serialize(tally));
    }
    if (!state || !entry->seen.contains({*state, succeeded, failed, pending})) {
        bad("what is told is stored", "job " + to_string(id) + " on " + where + " is " +
                                          std::string(job.at("status").as_string()) + " with " +
                                          json::serialize(tally) + ", which it never was");
    }
}

void Auditor::check_reply(const mqtt::Publication& publication) {
    const auto reply = parse_json(publication.payload, limits::kReplyBytes, limits::kRequestJsonDepth);
    if (!reply) {
        return bad("a reply is JSON", publication.payload.substr(0, 100));
    }
    const auto& object = reply->as_object();
    transcript_.say("answer: {} {}", publication.correlation, publication.payload.substr(0, 160));
    const auto* result = object.if_contains("result");
    if (result == nullptr) {
        return;
    }
    // The asker puts the verb before "#".
    const auto verb = publication.correlation.substr(0, publication.correlation.find('#'));
    const auto& told = result->as_object();
    if (verb == "job/stop") {
        stops_told_[JobId{told.at("job").to_number<std::uint64_t>()}] = ledger_.commits();
    }
    if (told.contains("status") && told.contains("tally")) {
        check_told_job(told, verb.c_str());
    } else if (verb == "job/list") {
        for (const auto& item : told.at("items").as_array()) {
            check_told_job(item.as_object(), "job/list");
        }
    } else if (verb.starts_with("job/devices")) {
        check_told_rows(told);
    } else if (verb == "device/put" && !ledger_.has_device(std::string(told.at("device").as_string()))) {
        bad("what is told is stored", "device/put of " + std::string(told.at("device").as_string()));
    }
}

// A verdict that a client has seen is a stored one.
void Auditor::check_told_rows(const json::object& result) {
    for (const auto& item : result.at("items").as_array()) {
        const auto& row = item.as_object();
        const auto state = core::parse_execution_state(row.at("status").as_string());
        const auto& device = row.at("device").as_string();
        if (state == core::ExecutionState::pending) {
            continue;
        }
        auto stored = false;
        for (const auto& [id, entry] : ledger_.jobs()) {
            for (const auto& candidate : entry.rows) {
                stored = stored ||
                         (candidate.device.text() == std::string_view(device) && state == candidate.state);
            }
        }
        if (!stored) {
            bad("what is told is stored", "the verdict of " + std::string(device) + " is not");
        }
    }
}

}  // namespace muster::simulation
