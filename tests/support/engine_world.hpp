// The engine with a memory store and a clock of its own, for tests: every step
// is committed before anything that it asked for can be seen, as in the daemon.
//
// Devices are "d00001", "d00002", … of the template "fridge"; the device set
// "fridges" holds all of them.
//
// Threads: one.
#pragma once

#include "daemon/core/engine.hpp"
#include "daemon/store/memory_store.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace muster::test {

// Settings fanSpeed (0 to 5) and mode; properties location (of the gateway),
// assetTag (of the device), serial (read-only); reported firmware; commands
// defrost (minutes 1 to 30; 60 s) and beep.
[[nodiscard]] std::shared_ptr<const core::Template> fridge_template();
// Marked as a gateway.
[[nodiscard]] std::shared_ptr<const core::Template> edge_template();
[[nodiscard]] std::shared_ptr<const core::Template> template_of(std::string_view document);

[[nodiscard]] DeviceId device_id(std::size_t number);
[[nodiscard]] core::DeviceSet set_of(std::string name, std::string query = {});
// On all of "fridges".
[[nodiscard]] core::JobSpec settings_job(std::string name, int fan_speed = 3);
[[nodiscard]] core::JobSpec commands_job(std::string name, const std::vector<std::string>& commands);
[[nodiscard]] core::JobSpec on_devices(core::JobSpec spec, const std::vector<std::size_t>& numbers);

class EngineWorld {
public:
    explicit EngineWorld(core::EngineOptions options = {}, std::uint32_t window = 300);

    // Registered, and online if asked for, remembering that many ids.
    void add_devices(std::size_t first, std::size_t last, bool online = true, std::uint16_t remembers = 8);
    void presence(std::size_t number, bool online);

    void step(const core::Event& event);
    // One request; its answer, with a Tick for each piece of work that it takes.
    [[nodiscard]] Result<core::Answer> ask(core::Request request);
    // Saves and runs; the job's id. Ends the process if it is refused.
    JobId run(core::JobSpec spec);
    // A device's answer to a message that it got.
    void answer(const core::SendOperation& sent, int code, std::string message = {});
    void answer_not_now(const core::SendOperation& sent, std::int64_t seconds);
    // To that moment, with a Tick at each deadline before it.
    void advance(Milliseconds by);
    // As after a crash: an engine of what the store holds, the link up again.
    void restart();
    // The broker tells first who is online, by what it retains.
    void link_up(std::uint32_t window);
    // Another world that goes on from what this one's store holds, as after a crash.
    [[nodiscard]] std::unique_ptr<EngineWorld> twin() const;

    // The changes of every commit from now on are put behind `kept`, which must live as long.
    void keep_commits(std::vector<std::vector<core::Change>>& kept) { kept_ = &kept; }

    // What was sent since it was last asked.
    [[nodiscard]] std::vector<core::SendOperation> take_sends() { return std::exchange(sends_, {}); }
    // The times that the devices were given to answer announces.
    [[nodiscard]] std::vector<Seconds> take_announces() { return std::exchange(announces_, {}); }
    // The answers to what was not asked with ask().
    [[nodiscard]] std::vector<core::Reply> take_replies() { return std::exchange(replies_, {}); }
    [[nodiscard]] std::vector<core::Notice> take_notices() { return std::exchange(notices_, {}); }

    [[nodiscard]] core::Engine& engine() { return *engine_; }
    [[nodiscard]] store::MemoryStore& store() { return store_; }
    [[nodiscard]] TimePoint now() const { return now_; }
    [[nodiscard]] std::optional<TimePoint> due() const { return due_; }
    [[nodiscard]] const core::Job& job(JobId id) const { return *engine_->find_job(id); }
    // As stored, by ordinal.
    [[nodiscard]] std::vector<core::Execution> rows(JobId id);
    [[nodiscard]] core::Tally recount(JobId id);

private:
    EngineWorld(const EngineWorld& crashed);
    void finish();

    core::EngineOptions options_;
    std::uint32_t window_;
    TimePoint now_;
    store::MemoryStore store_{OperationKey::Bytes{1, 2, 3}};
    std::unique_ptr<core::Engine> engine_;
    core::Effects effects_;
    std::optional<TimePoint> due_;
    std::vector<core::SendOperation> sends_;
    std::vector<Seconds> announces_;
    std::vector<std::vector<core::Change>>* kept_ = nullptr;
    std::vector<core::Notice> notices_;
    std::vector<core::Reply> replies_;
};

}  // namespace muster::test
