// After the faults: every device is there, the network is perfect, and
// everything has to come right, and stay so.
#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "tests/simulation/live_bytes.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::simulation {
namespace {

// What was on its way when peace came is carried out, every device has been
// asked again, and whoever asked for a little time has had it.
constexpr Milliseconds kSettled{180'000};
// By then all has ended that no device holds up: the repeats come every five
// minutes at the most.
constexpr Milliseconds kDone{1'800'000};
// Longest that a clock which was set back holds up a deadline.
constexpr Milliseconds kClockSlack{3'600'000};
constexpr Milliseconds kLongestTimeout{7'200'000};

std::string name_of(const core::Execution& row) {
    return "execution " + std::to_string(row.ordinal) + " of job " + to_string(row.job) + " (" +
           row.device.text() + ")";
}

}  // namespace

void World::make_peace() {
    transcript_.say("---- peace ----");
    options_.faults = {};
    kill_at_publish_.reset();
    disk_.fill(false);
    disk_.forget_trouble();
    crowd_.heal();
    broker_.heal();
    const auto peace = schedule_.now();
    run_until(peace + kDone);
    if (!clock_jumped_) {
        check_all_heard(peace);
    }
    run_until(peace + kLongestTimeout + kClockSlack);
    check_all_ended();
    if (gateway_ == nullptr) {
        return bad("the gateway comes back", "it has not");
    }
    check_fleet();
    check_topics();
    check_answers();
    check_restart();
}

void World::check_all_heard(TimePoint peace) {
    std::set<std::string> held_up;  // devices with a command that only its deadline ends
    for (const auto& [id, entry] : ledger_.jobs()) {
        for (const auto& row : entry.rows) {
            const auto over =
                row.state != core::ExecutionState::pending && row.finished_at <= peace + kSettled;
            if (over || !auditor_.may_hang(id, row.ordinal)) {
                continue;
            }
            if (entry.job->spec.policy.window) {
                return;  // it holds a place in the job's window, so any device may wait for it
            }
            held_up.insert(row.device.text());
        }
    }
    for (const auto& [id, entry] : ledger_.jobs()) {
        for (const auto& row : entry.rows) {
            const auto timed_out = row.reason == core::Reason::timeout && row.finished_at > peace + kSettled;
            const auto waits =
                row.state == core::ExecutionState::pending && entry.job->state == core::JobState::running;
            if ((timed_out || waits) && !held_up.contains(row.device.text())) {
                bad("a device that answers is heard", name_of(row) + (waits ? " is Pending" : " timed out"));
            }
        }
    }
}

void World::check_all_ended() {
    for (const auto& [id, entry] : ledger_.jobs()) {
        if (entry.job->state == core::JobState::running) {
            bad("every job ends once faults stop",
                "job " + to_string(id) + " runs, with " + std::to_string(entry.tally.pending) + " Pending");
        }
    }
}

// Presence and what is reported are what the devices are and say.
void World::check_fleet() {
    const auto& registry = gateway_->engine().registry();
    for (std::size_t index = 0; index < crowd_.size(); ++index) {
        const auto& device = crowd_.at(index);
        const auto* known = registry.get(device.id());
        if (known == nullptr || !known->online) {
            bad("a device that is there is known to be there", device.id());
            continue;
        }
        for (const auto& [name, value] : device.state()) {
            const auto reported = known->reported.find(name);
            if (!reported || *reported != value) {
                bad("what a device reports is known", device.id() + ": " + std::string(name));
            }
        }
    }
}

// The broker keeps for each job what the storage holds, and nothing else.
void World::check_topics() {
    const auto prefix = topics_.root() + "/job/";
    for (const auto& [id, entry] : ledger_.jobs()) {
        const auto kept = broker_.retained().find(topics_.job(id));
        if (kept == broker_.retained().end()) {
            bad("the job topics say what is", "job " + to_string(id) + " has none");
            continue;
        }
        const auto told = parse_json(kept->second, limits::kReplyBytes, limits::kRequestJsonDepth).value();
        const auto& tally = told.at("tally").as_object();
        if (told.at("status").as_string() != core::to_string(entry.job->state) ||
            tally.at("succeeded") != entry.tally.succeeded || tally.at("failed") != entry.tally.failed) {
            bad("the job topics say what is", "job " + to_string(id) + ": " + kept->second);
        }
    }
    for (const auto& [topic, payload] : broker_.retained()) {
        if (topic.starts_with(prefix) &&
            ledger_.find(parse_job_id(topic.substr(prefix.size())).value()) == nullptr) {
            bad("the job topics say what is", topic + " is of no job");
        }
    }
}

void World::check_answers() {
    static_cast<void>(asker_.take_answers());
    asker_.send("status", "{}");
    asker_.send("job/list", "{}");
    run_until(schedule_.now() + Milliseconds{1'000});
    const auto answers = asker_.take_answers();
    if (!answers.contains("status") || !answers.contains("job/list")) {
        bad("a request is answered", "status and job/list were not, in peace");
    }
}

namespace {

// What a person sees of every job and device.
std::vector<std::string> seen(const core::Engine& engine) {
    std::vector<std::string> lines;
    for (const auto& [id, job] : engine.jobs()) {
        lines.push_back("job " + to_string(id) + " " + std::string(to_string(job->state)) + " " +
                        std::to_string(job->tally.succeeded) + " " + std::to_string(job->tally.failed) + " " +
                        std::to_string(job->tally.pending));
    }
    engine.registry().for_each_after("", [&lines](core::DeviceIndex, const core::Device& device) {
        lines.push_back(fmt::format("{} {}{}{}{}{}", device.id.text(), device.template_name.view(),
                                    device.tags.text(), device.settings.text(), device.properties.text(),
                                    device.reported.text()));
        return true;
    });
    return lines;
}

}  // namespace

// An engine made of the stored rows is the one that wrote them, and takes no
// less memory than the one that has been through it all.
void World::check_restart() {
    const auto before = seen(gateway_->engine());
    const auto used = live_bytes();
    wire_->stop({});
    gateway_.reset();
    wire_.reset();
    const auto old_one = used - live_bytes();
    start_gateway();
    run_until(schedule_.now() + Milliseconds{5'000});
    if (gateway_ == nullptr) {
        return bad("the gateway comes back", "it has not");
    }
    const auto after = seen(gateway_->engine());
    for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i) {
        const auto was = i < before.size() ? before[i] : "nothing";
        const auto is = i < after.size() ? after[i] : "nothing";
        if (was != is) {
            bad("a restarted gateway is the one that stopped", was + " became " + is);
        }
    }
    check_memory(old_one);
}

void World::check_memory(std::int64_t old_one) {
    const auto used = live_bytes();
    gateway_.reset();
    const auto fresh = used - live_bytes();
    constexpr std::int64_t kQueues = 64 * 1024;  // room that queues have once needed and keep
    if (old_one > 2 * fresh + kQueues) {
        bad("the engine's memory is bounded", "it holds " + std::to_string(old_one) + " bytes, and " +
                                                  std::to_string(fresh) + " when it is started anew");
    }
}

}  // namespace muster::simulation
