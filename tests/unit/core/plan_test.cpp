#include "daemon/core/plan.hpp"

#include "tests/support/engine_world.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace muster::core {
namespace {

using test::device_id;
using test::EngineWorld;
using test::settings_job;

Device fridge(const boost::json::object& reported, bool online = true) {
    Device device;
    device.template_name = "fridge";
    device.reported = Values(reported);
    device.online = online;
    return device;
}

PlanEffect effect(const JobSpec& spec, const Device& device) {
    return effect_on(spec, *test::fridge_template(), device);
}

Plan plan_of(EngineWorld& world, const JobSpec& spec) {
    return *std::get<PlanAnswer>(world.ask(request::PlanJob{JobId::none, spec}).value()).plan;
}

EngineWorld& with_devices(EngineWorld& world) {
    world.add_devices(1, 3);
    return world;
}

Result<Answer> run_with(EngineWorld& world, const JobSpec& spec, const std::string& digest) {
    return world.ask(request::SaveJob{JobId::none, std::nullopt, spec, true, digest});
}

}  // namespace

TEST_CASE("every effect has a text of its own") {
    std::set<std::string_view> texts;
    for (std::size_t effect = 0; effect < kPlanEffects; ++effect) {
        CHECK(texts.insert(to_string(static_cast<PlanEffect>(effect))).second);
    }
    CHECK_FALSE(texts.contains(""));
}

TEST_CASE("B06: what a run would do to a device") {
    const auto spec = settings_job("s", 3);
    CHECK(effect(spec, fridge({{"fanSpeed", 3}})) == PlanEffect::equal);
    CHECK(effect(spec, fridge({{"fanSpeed", 1}})) == PlanEffect::change);
    CHECK(effect(spec, fridge({})) == PlanEffect::unknown);
    CHECK(effect(spec, fridge({{"fanSpeed", 3}}, false)) == PlanEffect::offline);
    CHECK(effect(test::commands_job("c", {"beep"}), fridge({})) == PlanEffect::call);
    auto several = spec;
    several.operations.push_back({"mode", "eco"});
    CHECK(effect(several, fridge({{"fanSpeed", 3}})) == PlanEffect::unknown);
    CHECK(effect(several, fridge({{"mode", "full"}})) == PlanEffect::change);
    JobSpec property;
    property.type = JobType::properties;
    property.operations = {{"location", "Oslo"}};
    CHECK(effect(property, fridge({}, false)) == PlanEffect::apply);
    property.operations.push_back({"assetTag", "A7"});
    CHECK(effect(property, fridge({}, false)) == PlanEffect::offline);
}

TEST_CASE("the old value is what the device reports, else what was last asked of it") {
    auto device = fridge({});
    CHECK(old_values(settings_job("s"), device) == std::vector<boost::json::value>{nullptr});
    device.settings = Values({{"fanSpeed", 2}});
    CHECK(old_values(settings_job("s"), device) == std::vector<boost::json::value>{2});
    device.reported = Values({{"fanSpeed", 1}});
    CHECK(old_values(settings_job("s"), device) == std::vector<boost::json::value>{1});
}

TEST_CASE("B11: planning twice gives the same digest, after a restart too; the words of a job do not count") {
    EngineWorld world;
    const auto spec = settings_job("s");
    const auto digest = plan_of(with_devices(world), spec).digest;
    CHECK(plan_of(world, spec).digest == digest);
    auto renamed = spec;
    renamed.name = "another";
    renamed.description = "words";
    CHECK(plan_of(world, renamed).digest == digest);
    world.restart();
    CHECK(plan_of(world, spec).digest == digest);
    CHECK(world.take_sends().empty());
}

TEST_CASE("B11: whatever changes what a run would do changes the digest") {
    EngineWorld world;
    const auto spec = settings_job("s");
    std::set<std::string> digests{plan_of(with_devices(world), spec).digest};
    const auto is_new = [&](const JobSpec& planned) {
        return digests.insert(plan_of(world, planned).digest).second;
    };
    CHECK(is_new(settings_job("s", 4)));
    CHECK(is_new(test::on_devices(spec, {1, 2})));
    auto failing = spec;
    failing.policy.offline = OfflineRule::fail;
    CHECK(is_new(failing));
    world.step(StateReceived{device_id(1), {{"fanSpeed", 1}}});
    CHECK(is_new(spec));
    world.presence(2, false);
    CHECK(is_new(spec));
    world.add_devices(4, 4);
    CHECK(is_new(spec));
    REQUIRE(world.ask(request::DeleteDevice{device_id(3)}).has_value());
    CHECK(is_new(spec));
    REQUIRE(world
                .ask(request::PutTemplate{test::template_of(
                    R"({"name": "fridge", "settings": {"fanSpeed": {"schema": {"type": "integer"}}}})")})
                .has_value());
    CHECK(is_new(spec));
}

TEST_CASE("B11: a run with a digest that no longer holds is refused and names the devices") {
    EngineWorld world;
    const auto spec = settings_job("s");
    const auto digest = plan_of(with_devices(world), spec).digest;
    world.step(StateReceived{device_id(1), {{"fanSpeed", 1}}});
    world.presence(2, false);
    world.add_devices(4, 4);
    const auto refused = run_with(world, spec, digest);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::conflict);
    std::set<std::string> named;
    for (const auto& detail : refused.error().details) {
        named.insert(detail.field);
    }
    CHECK(named == std::set<std::string>{"d00001", "d00002", "d00004"});
    CHECK(world.engine().jobs().empty());
    CHECK(run_with(world, spec, plan_of(world, spec).digest).has_value());
    CHECK(world.take_sends().size() == 3);
}

TEST_CASE("a digest whose plan nobody remembers is refused all the same") {
    EngineWorld world;
    const auto refused = run_with(with_devices(world), settings_job("s"), std::string(32, '0'));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(refused.error().details.empty());
}

TEST_CASE("B06: a plan that a run would be refused for says why") {
    EngineWorld world;
    auto plan = plan_of(with_devices(world), settings_job("s", 9));
    CHECK(plan.message.find("at most 5") != std::string::npos);
    CHECK(plan.messages == 0);
    CHECK(plan.devices[0].effect == PlanEffect::out_of_range);
    auto spec = settings_job("s");
    spec.operations[0].name = "nothing";
    plan = plan_of(world, spec);
    CHECK(plan.devices[2].effect == PlanEffect::unsupported);
}

}  // namespace muster::core
