#include "tests/support/played_job.hpp"

#include "protocol/codec.hpp"
#include "tests/support/engine_world.hpp"
#include "tests/support/hot_path_samples.hpp"

#include <utility>

namespace muster::test {
namespace {

std::vector<core::Event> answers_to(const std::vector<core::Send>& sends) {
    const auto state = decode_state(state_payload(3)).value();
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

core::Event run_sample_job() {
    core::request::SaveJob save;
    save.spec = settings_job("Fan speed 3");
    save.run = true;
    return core::Asked{1, "anna", core::Request(std::move(save))};
}

PlayedJob::PlayedJob(const SampleFleet& fleet, std::uint32_t batch) : engine_(fleet.engine(batch)) {
    std::vector<core::Event> events;
    events.push_back(run_sample_job());
    while (!events.empty()) {
        core::Effects effects;
        for (const auto& event : events) {
            engine_->step(SampleFleet::kNow, event, effects);
        }
        rounds_.push_back(std::exchange(events, answers_to(effects.sends)));
        changes_.push_back(std::move(effects.changes));
    }
    MUSTER_INVARIANT(engine_->find_job(JobId{1})->state == core::JobState::completed);
}

}  // namespace muster::test
