#include "tests/crash/workload.hpp"

#include "tests/support/json.hpp"
#include "tests/support/process.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace muster::crash {
namespace {

namespace json = boost::json;
using test::member;
using test::number;
using test::text;

constexpr std::string_view kTopics = "muster/v1/";
constexpr std::string_view kReplies = "muster/v1/api/crash/res/";
constexpr std::string_view kEvents = "muster/v1/event/job/";
constexpr std::string_view kJobs = "muster/v1/job/";
constexpr std::string_view kDevices = "muster/v1/dev/";
constexpr int kLongSeconds = 36'000;  // no verdict of such a job may be a matter of time
// A command that was sent before its job was stopped is not repeated, so only time ends it.
constexpr int kCommandSeconds = 5;
constexpr std::size_t kMostJobs = 60;
constexpr std::size_t kRepliesKept = 100;
constexpr std::chrono::seconds kPatience{60};

json::object machine_template(const std::string& description) {
    return {{"name", "machine"},
            {"description", description},
            {"settings", {{"fanSpeed", {{"schema", {{"type", "integer"}}}}}}},
            {"properties",
             {{"location", {{"kept", "gateway"}, {"schema", {{"type", "string"}}}}},
              {"assetTag", {{"kept", "device"}, {"schema", {{"type", "string"}}}}}}},
            {"reported", {{"firmware", {{"schema", {{"type", "string"}}}}}}},
            {"commands", {{"defrost", json::object{}}, {"reboot", json::object{}}}}};
}

json::object set_body(const std::string& set, const std::string& title) {
    return {{"set", set},
            {"title", title},
            {"template", "machine"},
            {"query", "id.startsWith(\"" + set + "-\")"}};
}

json::object specification(std::string_view set, std::string_view type, json::array operations) {
    return {{"set", set},
            {"type", type},
            {"operations", std::move(operations)},
            {"policy", {{"timeout_seconds", kLongSeconds}, {"offline", "wait"}}}};
}

json::array two_commands() {
    return {{{"name", "defrost"}, {"args", json::object{}}}, {{"name", "reboot"}, {"args", json::object{}}}};
}

json::object number_of(std::string_view topic) {
    std::uint64_t job = 0;
    std::from_chars(topic.data(), topic.data() + topic.size(), job);
    return {{"job", job}};
}

std::uint64_t job_of(std::string_view topic) {
    return number_of(topic).at("job").to_number<std::uint64_t>();
}

}  // namespace

Workload::Workload(std::uint16_t broker_port, std::uint64_t seed, std::string forgetful)
    : forgetful_(std::move(forgetful)),
      random_(seed),
      client_(broker_port,
              {std::string(kReplies) + "#", std::string(kJobs) + "+", std::string(kEvents) + "+",
               std::string(kDevices) + "+/cmd"},
              [this](const Client::Message& message) { hear(message); }) {}

int Workload::within(int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random_);
}

std::string Workload::unique() {
    return "v" + std::to_string(++last_unique_);
}

// ---- asking and hearing

std::uint64_t Workload::ask(std::string_view verb, json::object body) {
    const std::lock_guard lock(mutex_);
    const auto request = ++last_request_;
    history_.asked(request, std::string(verb), body);
    body["id"] = "r" + std::to_string(request);
    client_.publish(std::string(kTopics) + "api/crash/req/" + std::string(verb), json::serialize(body));
    return request;
}

void Workload::hear(const Client::Message& message) {
    const std::lock_guard lock(mutex_);
    const auto freshness = message.retained ? History::Freshness::retained : History::Freshness::live;
    const auto& topic = message.topic;
    try {
        if (topic.starts_with(kReplies)) {
            hear_reply(topic.substr(kReplies.size()), message.payload);
        } else if (topic.starts_with(kEvents)) {
            history_.saw_event(json::parse(message.payload));
        } else if (topic.starts_with(kJobs)) {
            const auto payload = message.payload.empty() ? json::value() : json::parse(message.payload);
            history_.saw_job_topic(job_of(topic.substr(kJobs.size())), payload, freshness);
        } else if (topic.starts_with(kDevices)) {
            const bool repeatable = !topic.substr(kDevices.size()).starts_with(forgetful_);
            history_.saw_operation(text(json::parse(message.payload), "/id"), repeatable);
        }
    } catch (const std::exception& error) {
        history_.violate("cannot be read: " + std::string(topic) + ": " + std::string(message.payload) +
                         ": " + error.what());
    }
}

void Workload::hear_reply(std::string_view id, std::string_view payload) {
    const auto request = job_of(id.substr(1));
    auto reply = json::parse(payload);
    history_.answered(request, reply);
    replies_.emplace(request, std::move(reply));
    while (replies_.size() > kRepliesKept) {
        replies_.erase(replies_.begin());
    }
    heard_.notify_all();
}

std::optional<json::value> Workload::reply_to(std::string_view verb, const json::object& body,
                                              Milliseconds patience) {
    const auto request = ask(verb, body);
    std::unique_lock lock(mutex_);
    heard_.wait_for(lock, patience, [&] { return replies_.contains(request); });
    const auto found = replies_.find(request);
    return found == replies_.end() ? std::nullopt : std::optional(std::move(found->second));
}

bool Workload::answers(Milliseconds patience) {
    return reply_to("status", {}, patience).has_value();
}

json::value Workload::request(std::string_view verb, const json::object& body) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    for (auto patience = Milliseconds(500); std::chrono::steady_clock::now() < end; patience *= 2) {
        if (const auto reply = reply_to(verb, body, patience)) {
            if (!member(*reply, "/ok").as_bool()) {
                throw std::runtime_error(std::string(verb) + " was refused: " + json::serialize(*reply));
            }
            return member(*reply, "/result");
        }
    }
    throw std::runtime_error(std::string(verb) + " was not answered");
}

void Workload::with_history(const std::function<void(History&)>& what) {
    const std::lock_guard lock(mutex_);
    what(history_);
}

// ---- before and after

void Workload::set_up(const std::vector<std::string>& registered_devices) {
    request("template/put", {{"document", machine_template(unique())}});
    for (const auto* set : {"main", "side", "forget"}) {
        request("set/put", set_body(set, unique()));
    }
    for (const auto& device : registered_devices) {
        request("device/put", {{"device", device}, {"template", "machine"}, {"tags", {{"mark", unique()}}}});
    }
}

void Workload::run_main_job(std::uint32_t window) {
    auto job = specification("main", "settings", {{{"name", "fanSpeed"}, {"value", 3}}});
    job["policy"].as_object()["window"] = window;
    job["name"] = "main";
    job["run"] = true;
    // Once: a second request would be a second job.
    if (!reply_to("job/save", job, kPatience)) {
        throw std::runtime_error("the main job was not answered");
    }
}

bool Workload::finish(Milliseconds patience) {
    return test::eventually(
        [&] {
            bool all = true;
            const auto listed = request("job/list", {{"limit", 1000}});
            for (const auto& job : member(listed, "/items").as_array()) {
                const auto status = text(job, "/status");
                all = all && (status == "Completed" || status == "Failed");
                if (status == "Pending" || status == "Stopped") {
                    ask("job/run", {{"job", number(job, "/job")}});
                }
            }
            return all;
        },
        patience);
}

// ---- the choices

void Workload::ask_something() {
    static constexpr Choice kChoices[]{
        {12, &Workload::ask_new_side_job}, {3, &Workload::ask_saved_job},  {5, &Workload::ask_command_job},
        {3, &Workload::ask_record_job},    {6, &Workload::ask_stop},       {14, &Workload::ask_run},
        {6, &Workload::ask_delete},        {10, &Workload::ask_put},       {10, &Workload::ask_read},
        {10, &Workload::ask_job},          {8, &Workload::ask_executions}, {4, &Workload::ask_list},
    };
    int sum = 0;
    for (const auto& choice : kChoices) {
        sum += choice.weight;
    }
    auto drawn = within(0, sum - 1);
    for (const auto& choice : kChoices) {
        if ((drawn -= choice.weight) < 0) {
            (this->*choice.ask)();
            return;
        }
    }
}

void Workload::look_again() {
    ask_list();
    for (const auto job : jobs_of("main", {"Running", "Stopped"})) {
        ask("job/devices", {{"job", job}, {"limit", 1000}});
    }
    for (const auto job : jobs_of("", {"Completed", "Failed"})) {
        if (within(1, 10) == 1) {
            ask("job/get", {{"job", job}});
            ask("job/devices", {{"job", job}, {"limit", 1000}});
        }
    }
    for (const auto* set : {"main", "side", "forget"}) {
        ask("set/get", {{"set", set}});
    }
    ask("template/get", {{"template", "machine"}});
}

std::vector<std::uint64_t> Workload::jobs_of(std::string_view kind,
                                             std::initializer_list<std::string_view> statuses) {
    std::vector<std::uint64_t> found;
    const std::lock_guard lock(mutex_);
    for (const auto job : history_.jobs()) {
        if (history_.name(job).starts_with(kind) &&
            std::ranges::find(statuses, history_.status(job)) != statuses.end()) {
            found.push_back(job);
        }
    }
    return found;
}

std::optional<std::uint64_t> Workload::any_job(std::string_view kind,
                                               std::initializer_list<std::string_view> statuses) {
    const auto found = jobs_of(kind, statuses);
    if (found.empty()) {
        return std::nullopt;
    }
    return found[static_cast<std::size_t>(within(0, static_cast<int>(found.size()) - 1))];
}

std::size_t Workload::count_jobs(std::string_view kind, std::initializer_list<std::string_view> statuses) {
    return jobs_of(kind, statuses).size();
}

void Workload::save(const std::string& kind, json::object body, bool run) {
    if (count_jobs("", {"Pending", "Running", "Stopped", "Completed", "Failed"}) >= kMostJobs) {
        return;
    }
    body["name"] = kind + "-" + unique();
    if (run) {
        body["run"] = true;
    }
    ask("job/save", std::move(body));
}

void Workload::ask_new_side_job() {
    if (count_jobs("side", {"Running"}) >= 3) {
        return;
    }
    switch (within(1, 3)) {
        case 1:
            save("side",
                 specification("side", "settings", {{{"name", "fanSpeed"}, {"value", within(0, 100)}}}),
                 true);
            return;
        case 2:
            save("side", specification("side", "properties", {{{"name", "assetTag"}, {"value", unique()}}}),
                 true);
            return;
        default: {
            auto job = specification("side", "commands", two_commands());
            job["policy"].as_object()["timeout_seconds"] = kCommandSeconds;
            save("side-command", std::move(job), true);
        }
    }
}

void Workload::ask_saved_job() {
    if (count_jobs("side", {"Pending"}) < 5) {
        save("side", specification("side", "settings", {{{"name", "fanSpeed"}, {"value", within(0, 100)}}}),
             false);
    }
}

// To devices without memory; soon over, so that restarts leave it uncertain.
void Workload::ask_command_job() {
    if (count_jobs("forget", {"Running", "Stopped"}) < 2) {
        auto job = specification("forget", "commands", two_commands());
        job["policy"].as_object()["timeout_seconds"] = kCommandSeconds;
        save("forget", std::move(job), true);
    }
}

void Workload::ask_record_job() {
    save("record", specification("main", "properties", {{{"name", "location"}, {"value", unique()}}}), true);
}

void Workload::ask_stop() {
    if (const auto job = any_job(within(1, 6) == 1 ? "main" : "", {"Running"})) {
        ask("job/stop", {{"job", *job}});
    }
}

void Workload::ask_run() {
    if (const auto job = any_job(within(1, 2) == 1 ? "main" : "", {"Stopped"})) {
        ask("job/run", {{"job", *job}});
    } else if (const auto saved = any_job("side", {"Pending"})) {
        ask("job/run", {{"job", *saved}});
    }
}

void Workload::ask_delete() {
    static constexpr std::array<std::string_view, 3> kKinds{"side", "forget", "record"};
    const auto kind = kKinds[static_cast<std::size_t>(within(0, 2))];
    const auto job =
        within(1, 5) == 1 ? any_job(kind, {"Pending", "Stopped"}) : any_job(kind, {"Completed", "Failed"});
    if (job) {
        ask("job/delete", {{"job", *job}});
    }
}

void Workload::ask_put() {
    const auto* set = within(1, 2) == 1 ? "side" : "forget";
    switch (within(1, 3)) {
        case 1:
            ask("set/put", set_body(set, unique()));
            return;
        case 2:
            ask("template/put", {{"document", machine_template(unique())}});
            return;
        default:
            ask("device/put", {{"device", "record-" + std::to_string(within(1, 5))},
                               {"template", "machine"},
                               {"tags", {{"mark", unique()}}}});
    }
}

void Workload::ask_read() {
    switch (within(1, 3)) {
        case 1:
            ask("set/get", {{"set", within(1, 2) == 1 ? "side" : "forget"}});
            return;
        case 2:
            ask("template/get", {{"template", "machine"}});
            return;
        default:
            ask("device/get", {{"device", "record-" + std::to_string(within(1, 5))}});
    }
}

void Workload::ask_job() {
    if (const auto job = any_job("", {"Pending", "Running", "Stopped", "Completed", "Failed"})) {
        ask("job/get", {{"job", *job}});
    }
}

void Workload::ask_executions() {
    if (const auto job = any_job("", {"Running", "Stopped", "Completed", "Failed"})) {
        ask("job/devices", {{"job", *job}, {"limit", 1000}});
    }
}

void Workload::ask_list() {
    ask("job/list", {{"limit", 1000}});
}

}  // namespace muster::crash
