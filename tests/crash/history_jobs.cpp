// What is told of jobs, their tallies and their executions.
#include "tests/crash/history.hpp"
#include "tests/support/json.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>

namespace muster::crash {
namespace {

namespace json = boost::json;
using test::member;
using test::number;
using test::text;

bool is_terminal(std::string_view status) {
    return status == "Completed" || status == "Failed";
}

std::string verdict_of(const json::value& row) {
    return json::serialize(json::array{member(row, "/status"), member(row, "/reason"),
                                       member(row, "/message"), member(row, "/finished_at")});
}

}  // namespace

History::Record* History::record_of(Job job, const std::string& name) {
    const auto known = records_.find(job);
    if (known != records_.end()) {
        require(known->second.name == name, job,
                "was \"" + known->second.name + "\" and is now \"" + name + '"');
        return &known->second;
    }
    const auto save = saves_.find(name);
    if (!require(save != saves_.end(), job, "is \"" + name + "\", for which nobody asked")) {
        return nullptr;
    }
    const auto [first, fresh] = names_.emplace(name, job);
    require(fresh, job,
            "is \"" + name + "\", and so is job " + std::to_string(first->second) +
                ": one request was carried out twice");
    auto& record = records_[job];
    record.name = name;
    record.run_asked = save->second.run ? save->second.request : 0;
    return &record;
}

void History::tell_job(const json::value& document) {
    const auto job = document.at("job").to_number<Job>();
    auto* record = record_of(job, text(document, "/name"));
    if (record == nullptr) {
        return;
    }
    require(!record->deleted, job, "is there again after its deletion was answered");
    tell_state(job, *record, document);
    if (!document.as_object().contains("operations")) {
        return;
    }
    json::array specification;
    for (const auto* part : {"/description", "/set", "/selection", "/type", "/operations", "/policy"}) {
        specification.push_back(member(document, part));
    }
    const auto now = json::serialize(specification);
    if (record->specification.empty()) {
        record->specification = now;
    }
    require(record->specification == now, job, "was " + record->specification + " and is now " + now);
}

void History::tell_state(Job job, Record& record, const json::value& document) {
    const auto status = text(document, "/status");
    const Tally tally{number(document, "/tally/selected"), number(document, "/tally/succeeded"),
                      number(document, "/tally/failed"), number(document, "/tally/pending")};
    const auto state = record.status.empty() ? status : record.status + " to " + status;
    const auto of_status = objection(record, status);
    require(of_status.empty(), job, "went from " + state + of_status);
    const auto of_tally = objection(record, tally, status);
    require(of_tally.empty(), job,
            of_tally + " (" + status + ", " + json::serialize(member(document, "/tally")) + ")");
    record.status = status;
    record.tally = tally;
}

// Empty when a job may have this status now, else why it may not.
std::string History::objection(const Record& record, const std::string& status) {
    const auto& before = record.status;
    if (before == status) {
        return {};
    }
    if (is_terminal(before)) {
        return ", but it had ended";
    }
    if (status == "Pending") {
        return before.empty() ? "" : ", but it had begun";
    }
    if (record.run_asked == 0) {
        return ", but nobody asked to run it";
    }
    if (status == "Stopped" && record.stop_asked <= record.run_answered) {
        return ", but nobody asked to stop it";
    }
    if (before == "Stopped" && status == "Running" && record.run_asked < record.stop_answered) {
        return ", but nobody asked to run it again";
    }
    return {};
}

std::string History::objection(const Record& record, const Tally& tally, const std::string& status) {
    if (tally.succeeded + tally.failed + tally.pending != tally.selected) {
        return "has a tally that does not add up";
    }
    const bool had_begun = !record.status.empty() && record.status != "Pending";
    if (!had_begun) {
        return {};
    }
    if (tally.selected != record.tally.selected) {
        return "had " + std::to_string(record.tally.selected) + " devices selected";
    }
    if (tally.succeeded < record.tally.succeeded || tally.failed < record.tally.failed) {
        return "had " + std::to_string(record.tally.succeeded) + " succeeded and " +
               std::to_string(record.tally.failed) + " failed";
    }
    if (is_terminal(status) && tally.pending != 0) {
        return "has ended with devices pending";
    }
    return {};
}

void History::saw_job_topic(Job job, const json::value& payload, Freshness freshness) {
    const auto record = records_.find(job);
    if (payload.is_null()) {
        require(record == records_.end() || record->second.delete_asked || freshness == Freshness::retained,
                job, "was cleared from its topic, and nobody asked to delete it");
        return;
    }
    require(payload.at("job").to_number<Job>() == job, job, "has another job's topic");
    if (freshness == Freshness::live) {
        tell_job(payload);
        return;
    }
    // Old perhaps; but it has been true.
    const auto sum = number(payload, "/tally/succeeded") + number(payload, "/tally/failed") +
                     number(payload, "/tally/pending");
    require(sum == number(payload, "/tally/selected"), job, "has a retained tally that does not add up");
}

void History::saw_event(const json::value& payload) {
    const auto job = payload.at("job").to_number<Job>();
    const auto record = records_.find(job);
    if (record != records_.end() && payload.as_object().contains("status")) {
        require(!record->second.deleted, job, "has an event after its deletion was answered");
        tell_state(job, record->second, payload);
    }
}

void History::saw_operation(std::string_view operation, bool repeatable) {
    const auto digits = operation.substr(0, operation.find('.'));
    Job job = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), job);
    const std::string id(operation);
    if (!require(error == std::errc() && end == digits.data() + digits.size(), job,
                 "has an operation " + id)) {
        return;
    }
    if (!repeatable) {
        require(operations_.insert(id).second, job,
                "repeated " + id + " to a device that does not remember ids");
    }
    const auto found = records_.find(job);
    if (found == records_.end()) {
        return;  // its run is answered after its first messages went out
    }
    const auto& record = found->second;
    require(record.stop_answered == 0 || record.run_asked > record.stop_answered, job,
            "published " + id + " after its stop was answered");
    require(!is_terminal(record.status), job, "published " + id + " after it had ended");
    require(!record.deleted, job, "published " + id + " after it was deleted");
}

void History::take_list(const json::value& result) {
    std::set<Job> listed;
    for (const auto& item : member(result, "/items").as_array()) {
        listed.insert(item.at("job").to_number<Job>());
        tell_job(item);
    }
    if (!member(result, "/next").is_null()) {
        return;  // not all of them
    }
    for (const auto& [job, record] : records_) {
        require(record.delete_asked || listed.contains(job), job,
                "\"" + record.name + "\" is gone, and nobody asked to delete it");
    }
}

void History::take_rows(Job job, const json::array& rows) {
    const auto found = records_.find(job);
    if (found == records_.end()) {
        return;
    }
    auto& record = found->second;
    Tally rowed;
    for (const auto& row : rows) {
        const auto status = text(row, "/status");
        ++rowed.selected;
        ++(status == "Completed" ? rowed.succeeded : status == "Failed" ? rowed.failed : rowed.pending);
        tell_verdict(job, record, row);
    }
    const auto objected = objection(record, rowed, record.status);
    require(objected.empty(), job,
            objected + ", and its executions are " + std::to_string(rowed.succeeded) + " completed, " +
                std::to_string(rowed.failed) + " failed, " + std::to_string(rowed.pending) + " pending");
}

void History::tell_verdict(Job job, Record& record, const json::value& row) {
    const auto device = text(row, "/device");
    const auto known = record.verdicts.find(device);
    if (!is_terminal(text(row, "/status"))) {
        require(known == record.verdicts.end(), job, "lost the verdict on " + device);
        return;
    }
    const auto verdict = verdict_of(row);
    if (known == record.verdicts.end()) {
        record.verdicts.emplace(device, verdict);
        return;
    }
    require(known->second == verdict, job,
            "said of " + device + " " + known->second + " and says now " + verdict);
}

void History::check_ended(const json::value& document, const std::vector<json::value>& rows) {
    tell_job(document);
    const auto job = document.at("job").to_number<Job>();
    take_rows(job, json::array(rows.begin(), rows.end()));
    const auto status = text(document, "/status");
    const auto count = [&](std::string_view wanted) {
        return std::ranges::count_if(rows, [&](const auto& row) { return text(row, "/status") == wanted; });
    };
    require(is_terminal(status), job, "did not end: it is " + status);
    require(count("Completed") == number(document, "/tally/succeeded") &&
                count("Failed") == number(document, "/tally/failed") &&
                count("Pending") == number(document, "/tally/pending"),
            job, "has a tally that is not the recount of its executions");
    require(!is_terminal(status) || (status == "Completed") == (number(document, "/tally/failed") == 0), job,
            "is " + status + ", which its tally is not");
}

}  // namespace muster::crash
