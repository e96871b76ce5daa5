#include "tests/support/sample_fleet.hpp"

#include "protocol/codec.hpp"
#include "tests/support/engine_world.hpp"
#include "tests/support/hot_path_samples.hpp"

#include <string>
#include <utility>

namespace muster::test {
namespace {

core::Event asked(core::Request request) {
    return core::Asked{1, "anna", std::move(request)};
}

}  // namespace

SampleFleet::SampleFleet(std::size_t size) : size_(size) {
    core::Engine engine({}, store_.load().value());
    core::Effects effects;
    const auto step = [&](const core::Event& event) {
        engine.step(kNow, event, effects);
        MUSTER_INVARIANT(store_.commit(effects.changes).has_value());
        effects.clear();
    };
    step(asked(core::request::PutTemplate{fridge_template()}));
    step(asked(core::request::PutSet{set_of("fridges"), {}}));
    for (const auto& [name, query] : kFleetSets) {
        step(asked(core::request::PutSet{set_of(std::string(name), std::string(query)), {}}));
    }
    const auto state = decode_state(state_payload(2)).value();
    for (std::size_t number = 1; number <= size; ++number) {
        step(core::InfoReceived{device_id(number), fleet_info(number)});
        step(core::StateReceived{device_id(number), state});
        step(core::StatusReceived{device_id(number), true, false});
    }
}

std::unique_ptr<core::Engine> SampleFleet::engine(std::uint32_t window) const {
    auto engine =
        std::make_unique<core::Engine>(core::EngineOptions{}, store::MemoryStore(store_).load().value());
    core::Effects effects;
    engine->step(kNow, core::LinkDown{}, effects);
    for (std::size_t number = 1; number <= size_; ++number) {
        engine->step(kNow, core::StatusReceived{device_id(number), true, true}, effects);
    }
    engine->step(kNow, core::LinkUp{window}, effects);
    return engine;
}

std::vector<core::Change> SampleFleet::changes() const {
    auto snapshot = store::MemoryStore(store_).load().value();
    std::vector<core::Change> changes;
    for (auto& stored : snapshot.templates) {
        changes.emplace_back(core::PutTemplate{std::move(stored)});
    }
    for (auto& set : snapshot.sets) {
        changes.emplace_back(core::PutSet{std::move(set)});
    }
    for (auto& device : snapshot.devices) {
        changes.emplace_back(core::PutDevice{std::move(device)});
    }
    return changes;
}

}  // namespace muster::test
