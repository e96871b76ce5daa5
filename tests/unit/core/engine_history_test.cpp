// Random histories of everything that can happen to an engine, in virtual time:
// what must hold after every step, whatever the order. A failing one prints its
// seed and step.
#include "daemon/core/engine.hpp"
#include "tests/support/engine_world.hpp"
#include "tests/support/print.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>

namespace muster::core {
namespace {

using test::device_id;
using test::EngineWorld;

constexpr std::size_t kDevices = 12;

enum class Weather {
    rough,  // short deadlines, a small window, lost devices and templates, a link that comes and goes
    calm,   // nothing that makes the verdict depend on when it is asked for
};

class History {
public:
    History(std::uint32_t seed, Weather weather)
        : random_(seed), weather_(weather), world_({}, weather == Weather::rough ? 4 : 300) {
        world_.add_devices(1, kDevices);
    }

    void step() {
        switch (below(weather_ == Weather::rough ? 14 : 8)) {
            case 0:
                return world_.presence(number(), below(3) > 0);
            case 1:
                return run_job();
            case 2:
                return change_job();
            case 3:
                return world_.step(StateReceived{device_id(number()), {{"fanSpeed", below(6)}}});
            case 4:
                return world_.advance(Milliseconds{below(weather_ == Weather::rough ? 8'000 : 1'000)});
            case 5:
            case 6:
            case 7:
                return answer_something();
            case 8:
                static_cast<void>(world_.ask(request::DeleteDevice{device_id(number())}));
                return;
            case 9:
                return register_device();
            case 10:
                return change_template();
            case 11:
                return below(2) == 0 ? world_.step(LinkDown{}) : world_.step(LinkUp{1 + below(6)});
            case 12:
                return refuse_something();
            case 13:
                return restart();
        }
    }

    EngineWorld& world() { return world_; }
    std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }

private:
    std::size_t number() { return 1 + below(kDevices); }

    void remember_sends() {
        for (auto& send : world_.take_sends()) {
            sent_.push_back(std::move(send));
        }
        if (sent_.size() > 40) {
            sent_.erase(sent_.begin(), sent_.end() - 40);
        }
    }

    JobSpec any_job() {
        JobSpec spec = test::settings_job("s", static_cast<int>(below(6)));
        if (const auto type = below(4); type == 0) {
            spec = test::commands_job("c", {"defrost", "beep"});
        } else if (type == 1) {
            spec.type = JobType::properties;
            spec.operations = {{"location", boost::json::value(std::to_string(below(9)))}};
            if (below(2) == 0) {
                spec.operations.push_back({"assetTag", "A"});
            }
        }
        for (std::size_t one = 1; one <= kDevices; ++one) {
            if (below(3) == 0) {
                spec.selection.devices.push_back(device_id(one));
            }
        }
        spec.selection.all = below(2) == 0;
        if (weather_ == Weather::calm) {
            spec.policy.timeout = Seconds{24 * 3600};
            spec.policy.offline = OfflineRule::wait;
            return spec;
        }
        spec.policy.timeout = Seconds{5 + below(60)};
        if (below(2) == 0) {
            spec.policy.offline = below(2) == 0 ? OfflineRule::wait : OfflineRule::fail;
        }
        if (below(3) == 0) {
            spec.policy.window = 1 + below(3);
        }
        return spec;
    }

    // Refusals are part of the history: many of these requests are.
    void run_job() {
        static_cast<void>(world_.ask(request::SaveJob{JobId::none, {}, any_job(), below(4) > 0, {}}));
    }

    void change_job() {
        const auto& jobs = world_.engine().jobs();
        if (jobs.empty()) {
            return;
        }
        const auto id = std::next(jobs.begin(), below(static_cast<std::uint32_t>(jobs.size())))->first;
        std::vector<DeviceId> failed;
        for (const auto& row : world_.rows(id)) {
            if (row.state == ExecutionState::failed) {
                failed.push_back(row.device);
            }
        }
        const Request requests[] = {request::StopJob{id},         request::RunJob{id, {}},
                                    request::StopJob{id},         request::RunJob{id, {}},
                                    request::CopyJob{id, failed}, request::RerunJob{id, failed, true},
                                    request::DeleteJob{id}};
        static_cast<void>(world_.ask(requests[below(std::size(requests))]));
    }

    void answer_something() {
        remember_sends();
        if (sent_.empty()) {
            return;
        }
        // Old ones too: answers come late, twice, and for jobs that are gone.
        const auto& send =
            below(4) > 0 ? sent_.back() : sent_[below(static_cast<std::uint32_t>(sent_.size()))];
        constexpr int kCodes[] = {200, 200, 200, 202, 400, 500, 503};
        const auto code = kCodes[below(std::size(kCodes))];
        if (code == 503 && below(2) == 0) {
            world_.answer_not_now(send, 1 + below(20));
        } else {
            world_.answer(send, code, below(2) == 0 ? "said" : "");
        }
    }

    // Only what nobody has answered: a refused message never reached its device.
    void refuse_something() {
        auto fresh = world_.take_sends();
        if (!fresh.empty()) {
            const auto operation = fresh.back().operation;
            fresh.pop_back();
            sent_.insert(sent_.end(), fresh.begin(), fresh.end());
            world_.step(SendRefused{operation});
        }
    }

    void register_device() {
        const auto remembers = static_cast<std::uint16_t>(below(2) * 8);
        world_.step(
            InfoReceived{device_id(number()), DeviceInfo{1, "fridge", {}, {{"site", below(3)}}, remembers}});
    }

    void change_template() {
        const auto without_mode =
            R"({"name":"fridge","settings":{"fanSpeed":{"schema":{"type":"integer"}}}})";
        switch (below(3)) {
            case 0:
                static_cast<void>(world_.ask(request::PutTemplate{test::template_of(without_mode)}));
                return;
            case 1:
                static_cast<void>(world_.ask(request::DeleteTemplate{"fridge"}));
                return;
            case 2:
                static_cast<void>(world_.ask(request::PutTemplate{test::fridge_template()}));
                return;
        }
    }

    void restart() {
        if (below(4) == 0) {
            world_.restart();
        }
    }

    std::mt19937 random_;
    Weather weather_;
    EngineWorld world_;
    std::vector<SendOperation> sent_;
};

using Verdicts = std::map<std::pair<JobId, std::uint32_t>, Execution>;

// B05, rule 3: a verdict has all that it needs, and never changes.
void check_row(Verdicts& verdicts, const Execution& row) {
    CHECK((row.state == ExecutionState::failed) == (row.reason != Reason::none));
    CHECK((row.state == ExecutionState::pending) == (row.phase != Phase::done));
    CHECK((row.state == ExecutionState::pending) == (row.finished_at == TimePoint{}));
    if (row.state == ExecutionState::failed) {
        CHECK_FALSE(row.message.empty());
    }
    if (row.state != ExecutionState::pending) {
        auto& verdict = verdicts.try_emplace({row.job, row.ordinal}, row).first->second;
        verdict.late_code = row.late_code;
        verdict.late_at = row.late_at;
        CHECK(verdict == row);
    }
}

void check_world(EngineWorld& world, Verdicts& verdicts) {
    for (const auto& [id, job] : world.engine().jobs()) {
        const auto rows = world.rows(id);
        CHECK(job->tally == world.recount(id));
        CHECK(job->tally.selected() == rows.size());
        for (const auto& row : rows) {
            check_row(verdicts, row);
        }
        const auto pending = job->tally.pending > 0;
        switch (job->state) {
            case JobState::pending:
                CHECK(rows.empty());
                break;
            case JobState::running:
                CHECK(pending);
                CHECK(world.due().has_value());
                break;
            case JobState::stopped:
                CHECK(pending);
                break;
            case JobState::completed:
                CHECK(job->tally.failed == 0);
                CHECK_FALSE(pending);
                break;
            case JobState::failed:
                CHECK(job->tally.failed > 0);
                CHECK_FALSE(pending);
                break;
        }
    }
    for (const auto& job : world.store().load().value().jobs) {
        CHECK(job.tally == world.job(job.id).tally);
    }
}

}  // namespace

TEST_CASE("B01: after every step the tally adds up, and equals a recount of what is stored") {
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        CAPTURE(seed);
        History history(seed, Weather::rough);
        Verdicts verdicts;
        for (int at = 0; at < 300; ++at) {
            CAPTURE(at);
            history.step();
            check_world(history.world(), verdicts);
            for (auto verdict = verdicts.begin(); verdict != verdicts.end();) {
                const auto gone = history.world().engine().find_job(verdict->first.first) == nullptr;
                verdict = gone ? verdicts.erase(verdict) : std::next(verdict);
            }
        }
    }
}

TEST_CASE("B04: whatever happened before, every running job ends though no device answers any more") {
    for (std::uint32_t seed = 1'000; seed < 1'100; ++seed) {
        CAPTURE(seed);
        History history(seed, Weather::rough);
        for (int at = 0; at < 200; ++at) {
            history.step();
        }
        auto& world = history.world();
        const auto link_up = history.below(2) == 0;
        link_up ? world.step(LinkUp{4}) : world.step(LinkDown{});
        world.advance(std::chrono::hours{12});
        for (const auto& [id, job] : world.engine().jobs()) {
            CHECK(job->state != JobState::running);
        }
        Verdicts verdicts;
        check_world(world, verdicts);
    }
}

namespace {

// What a person sees of every execution that is at work.
std::vector<std::string> seen(const Engine& engine) {
    std::vector<std::string> lines;
    for (const auto& [id, job] : engine.jobs()) {
        const auto* run = engine.executions().find(id);
        lines.push_back(to_string(id) + " " + std::string(to_string(job->state)));
        for (std::uint32_t ordinal = 0; run != nullptr && ordinal < run->slots.size(); ++ordinal) {
            lines.push_back("  " + std::string(to_string(run->slots[ordinal].state)) + " " +
                            engine.executions().detail(*run, ordinal));
        }
    }
    engine.registry().for_each_after("", [&lines](DeviceIndex, const Device& device) {
        lines.push_back(fmt::format("{} {}{}{} {}", device.id.text(), device.settings.text(),
                                    device.properties.text(), device.reported.text(),
                                    device.online ? "online" : "offline"));
        return true;
    });
    return lines;
}

// Messages that went out, were not answered, and whose turn it still is; but for commands that went out
// before their job was stopped.
std::set<std::string> unanswered(EngineWorld& world) {
    std::set<std::string> ids;
    const OperationKey key(world.store().load().value().operation_key);
    for (const auto& [id, job] : world.engine().jobs()) {
        const auto* run = world.engine().executions().find(id);
        for (std::uint32_t ordinal = 0; run != nullptr && run->running() && ordinal < run->slots.size();
             ++ordinal) {
            const auto& slot = run->slots[ordinal];
            const auto& entry = world.engine().registry().at(slot.device);
            const auto too_old = run->commands() && slot.last_sent_at < job->started_at;
            const auto open = slot.phase == Phase::sent || slot.phase == Phase::in_progress;
            if (open && !too_old && entry.device.online && entry.head == ExecutionRef{run->number, ordinal}) {
                ids.insert(to_string(key.make(entry.device.id.text(), id, ordinal, slot.operation)));
            }
        }
    }
    return ids;
}

// Every device online and answering: where it all ends.
std::vector<Execution> finished(EngineWorld& world) {
    for (std::size_t number = 1; number <= kDevices; ++number) {
        world.presence(number, true);
    }
    for (int second = 0; second < 600; ++second) {
        for (const auto& send : world.take_sends()) {
            world.answer(send, 200);
        }
        world.advance(Seconds{1});
    }
    std::vector<Execution> verdicts;
    for (const auto& [id, job] : world.engine().jobs()) {
        for (const auto& row : world.rows(id)) {
            Execution verdict;
            verdict.job = id;
            verdict.device = row.device;
            verdict.state = row.state;
            verdict.reason = row.reason;
            verdict.message = row.message;
            verdicts.push_back(std::move(verdict));
        }
    }
    return verdicts;
}

}  // namespace

TEST_CASE("B02: an engine made of the stored rows is the one that wrote them") {
    for (std::uint32_t seed = 2'000; seed < 2'100; ++seed) {
        CAPTURE(seed);
        History history(seed, Weather::calm);
        for (int at = 0; at < 150; ++at) {
            history.step();
        }
        auto& world = history.world();
        static_cast<void>(world.take_sends());
        const Engine restored(EngineOptions{}, world.store().load().value());
        CHECK(seen(restored) == seen(world.engine()));
        auto twin = world.twin();
        std::set<std::string> repeated;
        for (const auto& send : twin->take_sends()) {
            repeated.insert(to_string(send.operation));
        }
        CHECK(repeated == unanswered(world));
        twin = world.twin();
        CHECK(finished(*twin) == finished(world));
    }
}

}  // namespace muster::core
