// status: what a person asks first, on one screen. Each part is a question of its own, and one that
// cannot be answered leaves out its part and nothing else.
#include "daemon/cli/context.hpp"
#include "daemon/cli/doctor_view.hpp"
#include "daemon/cli/fields.hpp"
#include "daemon/cli/handlers.hpp"
#include "daemon/cli/job_view.hpp"
#include "daemon/cli/pending.hpp"
#include "daemon/cli/properties.hpp"
#include "daemon/cli/when.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::cli {
namespace json = boost::json;
namespace {

constexpr std::uint64_t kShownJobs = 4;
constexpr std::uint64_t kShownFailed = 3;
constexpr std::size_t kShownReasons = 3;
// Of each running job: enough to see what its devices wait for.
constexpr std::uint64_t kExaminedDevices = 200;
// Over how much of its end a job's rate is taken.
constexpr Seconds kRateOver{10};
constexpr std::uint64_t kMebibyte = 1024 * 1024;
// As muster doctor has it.
constexpr std::uint64_t kSpaceComfortable = 512 * kMebibyte;

json::array items_of(Context& context, const std::string& verb, const json::object& query) {
    const auto reply = context.request(verb, query);
    return reply ? array_of(as_object(*reply), "items") : json::array();
}

json::array jobs_that_are(Context& context, std::string_view state, std::uint64_t most) {
    return items_of(context, "job/list", {{"status", state}, {"limit", most}});
}

// Executions that ended, by the second; null when nothing is known of it.
json::value rate_of(const json::array& samples) {
    if (samples.size() < 2) {
        return nullptr;
    }
    const auto done = [](const json::value& sample) {
        return count_of(as_object(sample), "succeeded") + count_of(as_object(sample), "failed");
    };
    const auto at = [](const json::value& sample) { return parse_utc(text_of(as_object(sample), "at")); };
    const auto& last = samples.back();
    const auto ended = at(last);
    if (!ended) {
        return nullptr;
    }
    // The oldest that is young enough, or else the one before the last.
    auto first = samples.end() - 2;
    while (first != samples.begin() && at(*(first - 1)) && *ended - *at(*(first - 1)) <= kRateOver) {
        --first;
    }
    const auto begun = at(*first);
    if (!begun || *ended <= *begun) {
        return nullptr;
    }
    return static_cast<double>(done(last) - done(*first)) /
           std::chrono::duration<double>(*ended - *begun).count();
}

json::array waiting_of(Context& context, std::uint64_t job) {
    json::array waiting;
    const auto groups = load_pending(context, job, kExaminedDevices, context.settings.timeout);
    for (const auto& [reason, devices] : groups ? *groups : std::vector<PendingGroup>()) {
        waiting.push_back(json::object{{"why", reason}, {"count", devices.size()}});
    }
    return waiting;
}

// The job as job/list has it, with its rate and what its devices wait for.
json::array running_jobs(Context& context) {
    auto jobs = jobs_that_are(context, "Running", kShownJobs);
    for (auto& item : jobs) {
        const auto job = count_of(as_object(item), "job");
        if (auto* members = item.if_object()) {
            members->insert_or_assign("per_second",
                                      rate_of(items_of(context, "job/progress", {{"job", job}})));
            members->insert_or_assign("waiting", waiting_of(context, job));
        }
    }
    return jobs;
}

json::array failed_jobs(Context& context) {
    json::array found;
    for (const auto& item : jobs_that_are(context, "Failed", kShownFailed)) {
        const auto reply = context.request("job/get", {{"job", count_of(as_object(item), "job")}});
        if (reply && reply->is_object()) {
            found.push_back(*reply);
        }
    }
    return found;
}

// What is not as it should be, each with its cause; empty: all is well.
std::vector<std::string> complaints(const json::object& status) {
    std::vector<std::string> found;
    for (const auto& check : object_of(object_of(status, "readiness"), "checks")) {
        if (const auto problem = shown(check.value()); problem != "ok") {
            found.push_back(fmt::format("{}: {}", std::string_view(check.key()), problem));
        }
    }
    const auto& disk = object_of(status, "disk");
    const auto* free = disk.if_contains("free_bytes");
    if (free != nullptr && !free->is_null() && count_of(disk, "free_bytes") < kSpaceComfortable) {
        found.push_back(fmt::format("disk: only {} MiB are free", count_of(disk, "free_bytes") / kMebibyte));
    }
    return found;
}

void print_verdict(Context& context, const json::object& status) {
    const auto found = complaints(status);
    if (found.empty()) {
        context.output.line({{"musterd is well", Style::good}});
        return;
    }
    for (const auto& each : found) {
        context.output.line({{"musterd is not well: ", Style::bad}, {each, Style::strong}});
    }
    context.output.line({{"  `muster doctor` says what to do", Style::dim}});
}

void add_broker(Properties& properties, const json::object& broker, TimePoint now) {
    const bool connected = flag_of(broker, "connected");
    std::string text =
        fmt::format("{} {}", connected ? "connected to" : "not connected to", text_of(broker, "url"));
    if (const json::value* version = broker.if_contains("mqtt_version"); version != nullptr && connected) {
        text += fmt::format(", MQTT {}", *version == 4 ? "3.1.1" : shown(*version));
    }
    if (const std::string since = relative_of(now, broker, "since"); !since.empty()) {
        text += ", since " + since;
    }
    properties.add("broker", text, connected ? Style::plain : Style::bad);
    properties.add("lost before that", text_of(broker, "detail"));
}

void add_store(Properties& properties, const json::object& status, TimePoint now) {
    const json::object& store = object_of(status, "store");
    const bool healthy = flag_of(store, "healthy");
    const std::string detail = text_of(store, "detail");
    const std::string since = healthy ? std::string() : relative_of(now, store, "since");
    std::string text = text_of(store, "state") + (since.empty() ? "" : " since " + since) +
                       (detail.empty() ? "" : ": " + detail);
    const json::object& disk = object_of(status, "disk");
    if (count_of(disk, "total_bytes") != 0) {
        text += fmt::format(", {:.1f} of {:.1f} GiB of its disk are free",
                            static_cast<double>(count_of(disk, "free_bytes") / kMebibyte) / 1024,
                            static_cast<double>(count_of(disk, "total_bytes") / kMebibyte) / 1024);
    }
    properties.add("store", text, healthy ? Style::plain : Style::bad);
}

std::string jobs_text(const json::object& jobs) {
    std::string text;
    for (const std::string_view state : {"Running", "Pending", "Completed", "Failed", "Stopped"}) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count_of(jobs, state), state);
    }
    return text;
}

std::string version_text(const json::object& status, TimePoint now) {
    const auto version = text_of(status, "version");
    return fmt::format("musterd {}, started {}{}", version, relative_of(now, status, "started_at"),
                       version == MUSTER_VERSION ? "" : fmt::format("; this is muster {}", MUSTER_VERSION));
}

void print_properties(Context& context, const json::object& status) {
    const TimePoint now = context.now();
    Properties properties;
    add_broker(properties, object_of(status, "broker"), now);
    add_store(properties, status, now);
    const json::object& devices = object_of(status, "devices");
    properties.add("devices",
                   fmt::format("{}, {} online", count_of(devices, "total"), count_of(devices, "online")));
    properties.add("jobs", jobs_text(object_of(status, "jobs")));
    properties.add("console", text_of(object_of(status, "http"), "url"));
    properties.add("version", version_text(status, now));
    properties.print(context.output);
}

void print_heading(Context& context, const json::array& jobs, std::string_view text) {
    if (!jobs.empty()) {
        context.output.line({{std::string(text), Style::strong}});
    }
}

void print_more(Context& context, const json::object& status, std::string_view state,
                const json::array& shown) {
    const auto all = count_of(object_of(status, "jobs"), state);
    if (!shown.empty() && all > shown.size()) {
        context.output.line(
            {{fmt::format("  and {} more: muster job list --status {}", all - shown.size(), state),
              Style::dim}});
    }
}

Line job_line(const JobView& view) {
    return {{"  job " + std::to_string(view.job)}, {"  " + view.name + "  "}};
}

void print_running(Context& context, const json::object& status) {
    const auto& jobs = array_of(status, "running_jobs");
    print_heading(context, jobs, "Running");
    for (const json::value& item : jobs) {
        const json::object& job = as_object(item);
        const JobView view = read_job(job);
        Line line = job_line(view);
        std::ranges::move(tally_line(view), std::back_inserter(line));
        const auto* rate = job.if_contains("per_second");
        if (rate != nullptr && rate->is_double() && rate->get_double() > 0) {
            line.push_back({fmt::format("  {:.1f}/s", rate->get_double())});
        }
        context.output.line(line);
        std::size_t shown_reasons = 0;
        for (const json::value& each : array_of(job, "waiting")) {
            if (shown_reasons++ < kShownReasons) {
                context.output.line(
                    {{fmt::format("    {:>6}  ", count_of(as_object(each), "count")), Style::dim},
                     {text_of(as_object(each), "why"), Style::dim}});
            }
        }
    }
    print_more(context, status, "Running", jobs);
}

void print_waiting(Context& context, const json::object& status) {
    const auto& jobs = array_of(status, "pending_jobs");
    print_heading(context, jobs, "Waiting to run");
    for (const json::value& item : jobs) {
        const JobView view = read_job(as_object(item));
        Line line = job_line(view);
        line.push_back({view.detail, Style::dim});
        context.output.line(line);
    }
    print_more(context, status, "Pending", jobs);
}

void print_failed(Context& context, const json::object& status, TimePoint now) {
    const auto& jobs = array_of(status, "failed_jobs");
    print_heading(context, jobs, "Failed last");
    for (const json::value& item : jobs) {
        const json::object& job = as_object(item);
        const JobView view = read_job(job);
        std::string most;
        std::uint64_t largest = 0;
        for (const json::value& each : array_of(job, "outcomes")) {
            const auto& outcome = as_object(each);
            if (text_of(outcome, "status") == "Failed" && count_of(outcome, "count") > largest) {
                largest = count_of(outcome, "count");
                most = fmt::format(", {} {}", largest,
                                   why(text_of(outcome, "reason"), text_of(outcome, "message")));
            }
        }
        Line line = job_line(view);
        line.push_back({fmt::format("{} failed", view.failed), Style::bad});
        line.push_back({fmt::format("{}, {}", most, relative_of(now, job, "ended_at")), Style::dim});
        context.output.line(line);
    }
}

void print_counters(Context& context, const json::object& status) {
    std::string text;
    for (const auto& member : object_of(status, "counters")) {
        // What never happened is left out, so that what did is seen.
        if (const std::string value = shown(member.value()); value != "0") {
            text += fmt::format("{}{} {}", text.empty() ? "since it started: " : ", ",
                                std::string_view(member.key()), value);
        }
    }
    for (const auto& line : checkup::wrap(text, context.output.columns())) {
        if (!line.empty()) {
            context.output.line({{line, Style::dim}});
        }
    }
}

}  // namespace

Outcome<ExitCode> status(Context& context, const Arguments&) {
    auto reply = context.request("status", {});
    if (!reply) {
        return reply.error();
    }
    json::object status = as_object(*reply);
    status.insert_or_assign("running_jobs", running_jobs(context));
    status.insert_or_assign("pending_jobs", jobs_that_are(context, "Pending", kShownJobs));
    status.insert_or_assign("failed_jobs", failed_jobs(context));
    if (context.output.json()) {
        context.output.document(status);
        return ExitCode::success;
    }
    print_verdict(context, status);
    print_properties(context, status);
    print_running(context, status);
    print_waiting(context, status);
    print_failed(context, status, context.now());
    print_counters(context, status);
    return ExitCode::success;
}

}  // namespace muster::cli
