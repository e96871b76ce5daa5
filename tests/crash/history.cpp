// Requests and their answers. What is told of jobs is in history_jobs.cpp.
#include "tests/crash/history.hpp"

#include "tests/support/json.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace muster::crash {
namespace {

namespace json = boost::json;
using test::member;
using test::number;
using test::text;

struct RegisterVerb {
    std::string_view put;
    std::string_view get;
    std::string_view key;       // the member that names the thing
    std::string_view in_put;    // where the value stands, by pointer
    std::string_view in_found;  // likewise, in the result of a get
};

constexpr RegisterVerb kRegisters[]{
    {"set/put", "set/get", "/set", "/title", "/title"},
    {"device/put", "device/get", "/device", "/tags/mark", "/tags/mark"},
    {"template/put", "template/get", "/template", "/document/description", "/document/description"},
};

const RegisterVerb* register_of(std::string_view verb) {
    const auto* found =
        std::ranges::find_if(kRegisters, [&](const auto& row) { return row.put == verb || row.get == verb; });
    return found == std::end(kRegisters) ? nullptr : found;
}

std::string key_of(const RegisterVerb& verb, const json::value& body) {
    const bool puts_template = verb.put == "template/put" && body.as_object().contains("document");
    return std::string(verb.put) + " " + text(body, puts_template ? "/document/name" : verb.key);
}

}  // namespace

void Register::asked(std::uint64_t request, Value value) {
    unknown_[request] = std::move(value);
}

void Register::written(std::uint64_t request) {
    const auto found = unknown_.find(request);
    if (found != unknown_.end()) {
        settled_ = found->second;
        unknown_.erase(unknown_.begin(), unknown_.upper_bound(request));
    }
}

void Register::refused(std::uint64_t request) {
    unknown_.erase(request);
}

bool Register::explains(std::uint64_t request, const Value& found) {
    const auto end = unknown_.lower_bound(request);  // later writes cannot have been read
    const bool maybe =
        std::any_of(unknown_.begin(), end, [&](const auto& each) { return each.second == found; });
    if (found != settled_ && !maybe) {
        return false;
    }
    settled_ = found;
    unknown_.erase(unknown_.begin(), end);
    return true;
}

std::string Register::candidates() const {
    auto all = "\"" + settled_ + "\"";
    for (const auto& [request, value] : unknown_) {
        all += " or \"" + value + "\"";
    }
    return all;
}

std::optional<History::Job> History::Asked::job() const {
    const auto* number = body.if_contains("job");
    return number == nullptr ? std::nullopt : std::optional(number->to_number<Job>());
}

void History::asked(std::uint64_t request, std::string verb, json::object body) {
    const Asked asked{std::move(verb), std::move(body)};
    note_asked(request, asked);
    asked_.emplace(request, asked);
}

void History::note_asked(std::uint64_t request, const Asked& asked) {
    const json::value body = asked.body;
    if (asked.verb == "job/save") {
        const auto* run = asked.body.if_contains("run");
        saves_[text(body, "/name")] = {request, run != nullptr && run->as_bool()};
        return;
    }
    if (const auto* verb = register_of(asked.verb); verb != nullptr && verb->put == asked.verb) {
        registers_[key_of(*verb, body)].asked(request, text(body, verb->in_put));
        return;
    }
    const auto record = asked.job() ? records_.find(*asked.job()) : records_.end();
    if (record == records_.end()) {
        return;
    }
    if (asked.verb == "job/run") {
        record->second.run_asked = request;
    } else if (asked.verb == "job/stop") {
        record->second.stop_asked = request;
    } else if (asked.verb == "job/delete") {
        record->second.delete_asked = true;
    }
}

void History::answered(std::uint64_t request, const json::value& reply) {
    const auto found = asked_.find(request);
    if (found == asked_.end()) {
        violate("request " + std::to_string(request) + " was answered twice, or never asked");
        return;
    }
    const auto asked = std::move(found->second);
    asked_.erase(found);
    if (member(reply, "/ok").as_bool()) {
        take_result(request, asked, member(reply, "/result"));
    } else {
        take_refusal(request, asked, reply);
    }
}

void History::take_refusal(std::uint64_t request, const Asked& asked, const json::value& reply) {
    ++checked_;
    const json::value body = asked.body;
    const bool absent = text(reply, "/error/code") == "not_found";
    const auto* verb = register_of(asked.verb);
    if (asked.verb == "job/save") {
        saves_.erase(text(body, "/name"));
    } else if (verb != nullptr && verb->put == asked.verb) {
        registers_[key_of(*verb, body)].refused(request);
    } else if (verb != nullptr && absent) {
        take_read(request, asked, nullptr);
    } else if (const auto job = asked.job(); job && absent) {
        const auto record = records_.find(*job);
        require(record == records_.end() || record->second.delete_asked, *job,
                "is gone, and nobody asked to delete it: " + json::serialize(reply));
    }
}

void History::take_result(std::uint64_t request, const Asked& asked, const json::value& result) {
    if (asked.verb == "job/save") {
        take_saved(request, asked, result);
    } else if (asked.verb == "job/run") {
        take_run(request, result);
    } else if (asked.verb == "job/stop") {
        take_stopped(request, result);
    } else if (asked.verb == "job/get") {
        tell_job(result);
    } else if (asked.verb == "job/list") {
        take_list(result);
    } else if (asked.verb == "job/devices") {
        take_rows(*asked.job(), member(result, "/items").as_array());
    } else if (asked.verb == "job/delete") {
        if (const auto record = records_.find(*asked.job()); record != records_.end()) {
            record->second.deleted = true;
        }
    } else if (const auto* verb = register_of(asked.verb); verb != nullptr && verb->get == asked.verb) {
        take_read(request, asked, &result);
    } else if (verb != nullptr) {
        registers_[key_of(*verb, asked.body)].written(request);
    }
}

void History::take_saved(std::uint64_t, const Asked& asked, const json::value& result) {
    tell_job(result);
    const auto job = result.at("job").to_number<Job>();
    const auto wanted = json::serialize(asked.body.at("operations"));
    const auto told = json::serialize(member(result, "/operations"));
    require(wanted == told, job, "was saved with " + told + " in place of " + wanted);
}

void History::take_run(std::uint64_t request, const json::value& result) {
    tell_job(result);
    const auto job = result.at("job").to_number<Job>();
    const auto status = text(result, "/status");
    require(status != "Pending" && status != "Stopped", job, "was run, and is " + status);
    if (const auto record = records_.find(job); record != records_.end()) {
        record->second.run_answered = request;
    }
}

void History::take_stopped(std::uint64_t request, const json::value& result) {
    tell_job(result);
    const auto job = result.at("job").to_number<Job>();
    const auto status = text(result, "/status");
    require(status != "Pending" && status != "Running", job, "was stopped, and is " + status);
    if (const auto record = records_.find(job); record != records_.end()) {
        record->second.stop_answered = request;
    }
}

void History::take_read(std::uint64_t request, const Asked& asked, const json::value* found) {
    const auto* verb = register_of(asked.verb);
    const auto entry = registers_.find(key_of(*verb, asked.body));
    if (entry == registers_.end()) {
        return;
    }
    boost::system::error_code missing;
    const auto* value = found == nullptr ? nullptr : found->find_pointer(verb->in_found, missing);
    const std::string now = value == nullptr ? "" : std::string(value->as_string());
    ++checked_;
    if (!entry->second.explains(request, now)) {
        violate(entry->first + " holds \"" + now + "\" in place of " + entry->second.candidates());
    }
}

std::vector<History::Job> History::jobs() const {
    std::vector<Job> all;
    for (const auto& [job, record] : records_) {
        if (!record.delete_asked) {
            all.push_back(job);
        }
    }
    return all;
}

std::string History::status(Job job) const {
    const auto record = records_.find(job);
    return record == records_.end() ? "" : record->second.status;
}

std::string History::name(Job job) const {
    const auto record = records_.find(job);
    return record == records_.end() ? "" : record->second.name;
}

bool History::stop_was_asked(Job job) const {
    const auto record = records_.find(job);
    return record != records_.end() && record->second.stop_asked != 0;
}

void History::violate(std::string what) {
    if (violations_.size() < kMostViolations) {
        violations_.push_back(std::move(what));
    }
}

bool History::require(bool holds, Job job, const std::string& what) {
    ++checked_;
    if (!holds) {
        violate("job " + std::to_string(job) + " " + what);
    }
    return holds;
}

}  // namespace muster::crash
