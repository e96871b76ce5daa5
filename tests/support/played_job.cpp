#include "tests/support/played_job.hpp"

#include "protocol/codec.hpp"
#include "tests/support/engine_world.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace muster::test {
namespace {

core::Event asked(core::Request request) {
    return core::Asked{1, "anna", std::move(request)};
}

core::Event job_to_run() {
    core::request::SaveJob save;
    save.spec = settings_job("Fan speed 3");
    save.run = true;
    return asked(std::move(save));
}

std::vector<core::Event> answers_to(const std::vector<core::Send>& sends) {
    const auto state = decode_state(state_payload()).value();
    std::vector<core::Event> events;
    for (const auto& send : sends) {
        const auto& sent = std::get<core::SendOperation>(send);
        const auto device = DeviceId::parse(sent.device).value();
        events.emplace_back(
            core::AckReceived{device, decode_ack(ack_payload(to_string(sent.operation))).value()});
        events.emplace_back(core::StateReceived{device, state});
    }
    return events;
}

}  // namespace

std::string ack_payload(const std::string& operation) {
    return R"({"id":")" + operation + R"(","code":200})";
}

std::string state_payload() {
    return R"({"fanSpeed":3,"mode":"eco","firmware":"1.4.0","temperature":4.5,"doorOpen":false,"serial":"RF00004711"})";
}

DeviceInfo fleet_info(std::size_t number) {
    static constexpr std::array<std::string_view, 4> kSites{"oslo", "bergen", "narvik", "hamar"};
    return DeviceInfo{1, "fridge", {}, {{"site", kSites[number % kSites.size()]}, {"floor", number % 7}}, 8};
}

PlayedJob::PlayedJob(std::size_t devices, std::uint32_t batch) : devices_(devices), batch_(batch) {
    register_fleet();
    play({job_to_run()});
}

void PlayedJob::register_fleet() {
    core::Engine fresh({}, store::MemoryStore(OperationKey::Bytes{1, 2, 3}).load().value());
    core::Effects effects;
    const auto step = [&](const core::Event& event) { fresh.step(kNow, event, effects); };
    step(asked(core::request::PutTemplate{fridge_template()}));
    step(asked(core::request::PutSet{set_of("fridges"), {}}));
    for (std::size_t number = 1; number <= devices_; ++number) {
        step(core::InfoReceived{device_id(number), fleet_info(number)});
        step(core::StatusReceived{device_id(number), true, false});
    }
    fleet_ = std::move(effects.changes);
}

std::unique_ptr<core::Engine> PlayedJob::engine() const {
    store::MemoryStore store(OperationKey::Bytes{1, 2, 3});
    MUSTER_INVARIANT(store.commit(fleet_).has_value());
    auto engine = std::make_unique<core::Engine>(core::EngineOptions{}, store.load().value());
    core::Effects effects;
    engine->step(kNow, core::LinkDown{}, effects);
    for (std::size_t number = 1; number <= devices_; ++number) {
        engine->step(kNow, core::StatusReceived{device_id(number), true, true}, effects);
    }
    engine->step(kNow, core::LinkUp{batch_}, effects);
    return engine;
}

void PlayedJob::play(std::vector<core::Event> first) {
    const auto played = engine();
    auto events = std::move(first);
    while (!events.empty()) {
        core::Effects effects;
        for (const auto& event : events) {
            played->step(kNow, event, effects);
        }
        rounds_.push_back(std::exchange(events, answers_to(effects.sends)));
        changes_.push_back(std::move(effects.changes));
    }
    MUSTER_INVARIANT(played->find_job(JobId{1})->state == core::JobState::completed);
}

}  // namespace muster::test
