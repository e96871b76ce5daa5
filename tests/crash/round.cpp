#include "tests/crash/round.hpp"

#include "tests/support/json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <mutex>
#include <stdexcept>

namespace muster::crash {
namespace {

namespace json = boost::json;
using test::member;
using test::Milliseconds;
using test::number;
using test::text;

constexpr const char* kForgetful = "forget-";
constexpr std::size_t kLateDevices = 9;
constexpr std::size_t kAwayDevices = 12;
constexpr std::size_t kSideDevices = 60;
constexpr std::size_t kForgetfulDevices = 30;
constexpr std::size_t kFewest = 60;
constexpr Milliseconds kUntilEnded{180'000};
// A connection of devices that is dead and does not know it is found after a
// minute and a half, by the broker or by the simulator; that is not waited for.
constexpr Milliseconds kUntilReset{20'000};
// At this window the job gets through about five devices a second, so that it lasts.
constexpr std::uint32_t kMainWindow = 4;

struct Group {
    std::string prefix;
    std::size_t devices;
    std::vector<std::string> options;
};

std::vector<Group> groups(std::size_t devices) {
    const auto slow = devices / 4;
    return {
        {"main-steady-",
         devices - slow - kAwayDevices - kLateDevices,
         {"--reject", "5", "--drop", "5", "--duplicate", "5", "--not-now", "5", "--malformed", "2", "--delay",
          "20..800", "--connections", "10"}},
        {"main-slow-", slow, {"--delay", "1000..3000", "--text-acks", "50", "--connections", "4"}},
        {"main-away-", kAwayDevices, {"--delay", "20..400", "--churn", "3..10"}},
        {"side-",
         kSideDevices,
         {"--reject", "3", "--drop", "5", "--delay", "5..200", "--progress", "--connections", "6"}},
        {kForgetful,
         kForgetfulDevices,
         {"--forget", "--drop", "10", "--delay", "100..1500", "--connections", "3"}},
    };
}

std::vector<std::string> late_devices() {
    std::vector<std::string> ids;
    for (std::size_t i = 1; i <= kLateDevices; ++i) {
        ids.push_back("main-late-" + std::to_string(i));
    }
    return ids;
}

// RFC 4180: rows of cells.
std::vector<std::vector<std::string>> read_csv(std::string_view csv) {
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> row(1);
    bool quoted = false;
    for (std::size_t i = 0; i < csv.size(); ++i) {
        const char c = csv[i];
        if (quoted) {
            const bool doubled = c == '"' && i + 1 < csv.size() && csv[i + 1] == '"';
            if (c != '"' || doubled) {
                row.back() += c;
                i += doubled ? 1 : 0;
            } else {
                quoted = false;
            }
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',') {
            row.emplace_back();
        } else if (c == '\n') {
            rows.push_back(std::exchange(row, std::vector<std::string>(1)));
        } else if (c != '\r') {
            row.back() += c;
        }
    }
    return rows;
}

std::size_t column(const std::vector<std::string>& header, std::string_view name) {
    const auto found = std::ranges::find(header, name);
    if (found == header.end()) {
        throw std::runtime_error("the CSV has no column " + std::string(name));
    }
    return static_cast<std::size_t>(found - header.begin());
}

bool remembers(const json::value& row) {
    return !text(row, "/device").starts_with(kForgetful);
}

}  // namespace

Round::Round(std::uint64_t seed, std::size_t devices, Figures& figures)
    : seed_(seed),
      figures_(figures),
      rig_(seed),
      workload_(rig_.broker().port(), seed + 2, kForgetful),
      torment_(rig_, workload_, figures, seed + 3) {
    make_store();
    torment_.await_recovery();
    workload_.set_up(late_devices());
    start_fleet(devices);
    await_fleet(devices);
    workload_.run_main_job(kMainWindow);
}

// A new store has to survive being killed while it is made.
void Round::make_store() {
    const auto table = failpoint_table();
    const auto* row = &*std::ranges::find(table, Failpoint::making_store, &FailpointRow::point);
    rig_.start_daemon_at(row->name, static_cast<int>(1 + seed_ % 5), Milliseconds(0));
    if (!rig_.daemon_ended(test::kPatience) || rig_.died_at() != row->name) {
        throw std::runtime_error("musterd did not die while it made its store");
    }
    figures_.add("kills_at_failpoints");
    figures_.add("failpoint_" + std::string(row->name));
    rig_.start_daemon();
}

void Round::start_fleet(std::size_t devices) {
    for (auto& [prefix, count, options] : groups(devices)) {
        options.insert(options.end(), {"--seed", std::to_string(seed_)});
        rig_.start_devices(prefix, count, options);
    }
}

void Round::await_fleet(std::size_t devices) {
    std::size_t all = kLateDevices;
    for (const auto& group : groups(devices)) {
        all += group.devices;
        if (!test::eventually([&] { return rig_.devices_ready(group.prefix); })) {
            throw std::runtime_error("the devices " + group.prefix + " did not get ready");
        }
    }
    const auto all_known = [&] {
        return number(workload_.request("status"), "/devices/total") == static_cast<std::int64_t>(all);
    };
    if (!test::eventually(all_known)) {
        throw std::runtime_error("the devices were not all registered");
    }
}

void Round::endure(const std::function<void(Torment&)>& what) {
    what(torment_);
}

void Round::settle() {
    torment_.kill_now();
    rig_.start_daemon();
    rig_.start_devices("main-late-", kLateDevices, {"--connections", "2", "--seed", std::to_string(seed_)});
    torment_.await_recovery();
    bool all_ended = workload_.finish(kUntilReset);
    if (!all_ended) {
        figures_.add("devices_reconnected_in_peace");
        rig_.device_network().reset();
        all_ended = workload_.finish(kUntilEnded);
    }
    require(all_ended, "not every job has ended in time");
    take_jobs();
    check_retained();
    check_devices();
    std::ranges::for_each(ended_, [&](const Ended& ended) { check_verdicts(ended); });
}

std::vector<std::string> Round::violations() {
    std::vector<std::string> all;
    workload_.with_history([&](History& history) { all = history.violations(); });
    return all;
}

void Round::require(bool holds, const std::string& what) {
    figures_.add("answers_checked");
    if (!holds) {
        workload_.with_history([&](History& history) { history.violate(what); });
    }
}

void Round::take_jobs() {
    workload_.look_again();
    const auto listed = workload_.request("job/list", {{"limit", 1000}});
    for (const auto& item : member(listed, "/items").as_array()) {
        const json::object which{{"job", number(item, "/job")}, {"limit", 1000}};
        const auto rows = workload_.request("job/devices", which);
        const auto& items = member(rows, "/items").as_array();
        Ended ended{workload_.request("job/get", {{"job", number(item, "/job")}}),
                    {items.begin(), items.end()}};
        workload_.with_history([&](History& history) { history.check_ended(ended.job, ended.rows); });
        check_csv(ended);
        figures_.add("jobs");
        figures_.add("executions", ended.rows.size());
        ended_.push_back(std::move(ended));
    }
    workload_.with_history([&](History& history) { figures_.add("answers_checked", history.checked()); });
}

void Round::check_csv(const Ended& ended) {
    const auto job = number(ended.job, "/job");
    const auto csv = workload_.request("job/csv", {{"job", job}, {"limit", 1000}});
    auto rows = read_csv(text(csv, "/csv"));
    const auto device = column(rows.at(0), "device");
    const auto status = column(rows.at(0), "status");
    rows.erase(rows.begin());
    bool same = rows.size() == ended.rows.size();
    for (std::size_t i = 0; same && i < rows.size(); ++i) {
        same = rows[i].at(device) == text(ended.rows[i], "/device") &&
               rows[i].at(status) == text(ended.rows[i], "/status");
    }
    require(same, "the CSV of job " + std::to_string(job) + " is not its executions");
}

// Success is what the device has done, once; a device that refused has done
// nothing. Only commands may fail for a reason of the gateway's.
void Round::check_verdicts(const Ended& ended) {
    const auto job = number(ended.job, "/job");
    const bool commands = text(ended.job, "/type") == "commands";
    const bool of_record = text(ended.job, "/name").starts_with("record");
    const auto messages = commands ? member(ended.job, "/operations").as_array().size() : 1;
    for (std::size_t ordinal = 0; ordinal < ended.rows.size() && !of_record; ++ordinal) {
        const auto& row = ended.rows[ordinal];
        const auto& reason = member(row, "/reason");
        figures_.add("executions_uncertain", reason == "uncertain" ? 1 : 0);
        if (!remembers(row)) {
            continue;
        }
        const auto done = times_executed(job, ordinal, messages);
        const bool completed = text(row, "/status") == "Completed";
        const auto what = "job " + std::to_string(job) + ": " + json::serialize(row);
        require(!completed || done == messages, what + " was executed " + std::to_string(done) + " times");
        require(commands || reason != "rejected" || done == 0, what + " was executed, and not rejected");
        require(completed || commands || reason == "rejected",
                what + " failed for a reason of the gateway's");
    }
}

// How many messages of an execution a device has executed.
std::size_t Round::times_executed(std::int64_t job, std::size_t ordinal, std::size_t messages) const {
    std::size_t done = 0;
    for (std::size_t message = 0; message < messages; ++message) {
        const auto id = std::to_string(job) + '.' + std::to_string(ordinal) + '.' + std::to_string(message);
        const auto found = executed_.find(id);
        done += found != executed_.end() && found->second > 0 ? 1U : 0U;
    }
    return done;
}

void Round::check_devices() {
    auto all = groups(kFewest);
    all.push_back({"main-late-", 0, {}});
    for (const auto& group : all) {
        const auto counted = rig_.stop_devices(group.prefix);
        const auto& operations = member(counted, "/operations").as_object();
        figures_.add("operations", operations.size());
        for (const auto& [id, counts] : operations) {
            const std::string key(id.begin(), id.begin() + static_cast<std::ptrdiff_t>(id.find('-')));
            executed_[key] += number(counts, "/executed");
            if (group.prefix == kForgetful) {
                require(number(counts, "/received") <= 1, key + " was sent again to a device without memory");
            } else if (number(counts, "/executed") > 1) {
                take_repeated(key, number(counts, "/executed"));
            }
        }
    }
}

// A setting may be executed again when its job was stopped, the device did more
// for others meanwhile than it remembers, and the job was run again. It does no
// harm (SPEC 5.10). Nothing else may be executed twice.
void Round::take_repeated(const std::string& operation, std::int64_t times) {
    const auto job = std::stoull(operation);
    bool harmless = false;
    workload_.with_history([&](const History& history) {
        harmless = history.stop_was_asked(job) && !history.name(job).starts_with("side-command");
    });
    figures_.add(harmless ? "settings_executed_again_after_stop" : "operations_executed_twice");
    require(harmless, operation + " was executed " + std::to_string(times) + " times");
}

void Round::check_retained() {
    std::string fault;
    const bool good =
        test::eventually([&] { return (fault = retained_fault()).empty(); }, Milliseconds(10'000));
    require(good, "the retained job topics: " + fault);
}

std::string Round::retained_fault() {
    std::mutex mutex;
    std::map<std::string, std::string> kept;
    bool seen_all = false;
    const std::string last = "muster/v1/crash/last";
    Client observer(rig_.broker().port(), {"muster/v1/job/+", last}, [&](const Client::Message& message) {
        const std::lock_guard lock(mutex);
        seen_all = seen_all || message.topic == last;
        if (message.retained) {
            kept[std::string(message.topic.substr(message.topic.rfind('/') + 1))] = message.payload;
        }
    });
    // What is retained comes before what is published after the subscription.
    const auto complete = [&] {
        observer.publish(last, "x");
        const std::lock_guard lock(mutex);
        return seen_all;
    };
    if (!test::eventually(complete)) {
        return "could not be read";
    }
    const std::lock_guard lock(mutex);
    for (const auto& [job, payload] : kept) {
        const auto found = std::ranges::find_if(
            ended_, [&](const Ended& ended) { return std::to_string(number(ended.job, "/job")) == job; });
        if (found == ended_.end()) {
            return "job " + job + " was deleted, and is still retained";
        }
        const auto topic = json::parse(payload);
        if (text(topic, "/status") != text(found->job, "/status") ||
            json::serialize(member(topic, "/tally")) != json::serialize(member(found->job, "/tally"))) {
            return "job " + job + " is retained as " + payload;
        }
    }
    return kept.size() == ended_.size() ? "" : "some jobs are not retained";
}

}  // namespace muster::crash
