// Plans that are made some devices at a time.
#include "daemon/core/plan_desk.hpp"

#include "tests/support/engine_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

namespace muster::core {
namespace {

using test::device_id;
using test::EngineWorld;
using test::settings_job;

constexpr std::size_t kFleet = 100;

// With which a step plans a few devices of a hundred.
EngineOptions in_pieces(std::int64_t effort = 3'000) {
    EngineOptions options;
    options.plan_effort = effort;
    return options;
}

// A fleet whose plans are answered after several ticks.
class Fixture {
public:
    explicit Fixture(EngineOptions options = in_pieces()) : world(options) { world.add_devices(1, kFleet); }

    void ask(RequestToken token, const request::PlanJob& asked) {
        world.step(Asked{token, "anna", asked});
        collect();
    }
    void ask(RequestToken token, const JobSpec& spec = settings_job("s")) {
        ask(token, request::PlanJob{JobId::none, spec});
    }
    // One piece of what is due now. False: nothing is.
    bool tick() {
        const auto due = world.due() && *world.due() <= world.now();
        if (due) {
            world.step(Tick{});
            collect();
        }
        return due;
    }
    void finish() {
        for (std::size_t ticks = 0; tick(); ++ticks) {
            REQUIRE(ticks < 100 * kFleet);
        }
    }
    [[nodiscard]] bool answered(RequestToken token) const { return answers.contains(token); }
    [[nodiscard]] const Plan& plan(RequestToken token) const {
        return *std::get<PlanAnswer>(answers.at(token).value()).plan;
    }
    [[nodiscard]] Error error(RequestToken token) const { return answers.at(token).error(); }

    EngineWorld world;
    std::map<RequestToken, Result<Answer>> answers;
    std::vector<RequestToken> order;  // in which they came

private:
    void collect() {
        for (auto& reply : world.take_replies()) {
            REQUIRE(answers.emplace(reply.token, std::move(reply.answer)).second);
            order.push_back(reply.token);
        }
    }
};

std::vector<std::string> ids_of(const Plan& plan) {
    std::vector<std::string> ids;
    for (std::size_t at = 0; at < plan.devices.size(); ++at) {
        ids.emplace_back(plan.devices[at].device);
    }
    return ids;
}

bool has(const Plan& plan, std::size_t number) {
    const auto ids = ids_of(plan);
    return std::ranges::count(ids, device_id(number).text()) == 1;
}

std::string digest_in_one_go(const JobSpec& spec) {
    Fixture whole{EngineOptions{}};
    whole.ask(1, spec);
    REQUIRE(whole.answered(1));
    return whole.plan(1).digest;
}

}  // namespace

TEST_CASE("a plan of more devices than one step takes is answered some steps later, and acks between them") {
    Fixture fixture;
    const auto running = fixture.world.run(test::on_devices(settings_job("other"), {1}));
    const auto sent = fixture.world.take_sends();
    REQUIRE(sent.size() == 1);
    fixture.ask(7);
    CHECK_FALSE(fixture.answered(7));
    CHECK(fixture.world.due() == fixture.world.now());
    fixture.world.answer(sent[0], 200);
    CHECK(fixture.world.job(running).tally.succeeded == 1);
    for (std::size_t i = 0; i < kFleet; ++i) {  // an event is no turn: acks are not slowed down by plans
        fixture.world.presence(2, i % 2 == 0);
    }
    CHECK(fixture.world.take_replies().empty());
    std::size_t ticks = 0;
    for (; !fixture.answered(7); ++ticks) {
        REQUIRE(fixture.tick());
    }
    CHECK(ticks >= 5);
    CHECK(ticks <= kFleet);
    CHECK(ids_of(fixture.plan(7)).size() == kFleet);
    CHECK_FALSE(fixture.tick());
}

TEST_CASE("B11: a plan made in pieces is the one that is made in one go, whatever it selects") {
    auto spec = settings_job("s");
    const auto check = [](const JobSpec& planned) {
        Fixture fixture;
        fixture.ask(1, planned);
        CHECK_FALSE(fixture.answered(1));
        fixture.finish();
        CHECK(fixture.plan(1).digest == digest_in_one_go(planned));
        return ids_of(fixture.plan(1));
    };
    CHECK(check(spec).size() == kFleet);
    for (std::size_t number = 1; number <= kFleet; number += 2) {
        spec.selection.devices.push_back(device_id(number));
    }
    CHECK(check(spec).size() == kFleet / 2);
    spec.selection.all = false;
    std::ranges::reverse(spec.selection.devices);
    CHECK(check(spec).front() == device_id(kFleet - 1).text());
}

TEST_CASE("a step plans one device at least, however little it may cost") {
    Fixture fixture(in_pieces(0));
    fixture.ask(1);
    fixture.finish();
    CHECK(fixture.plan(1).devices.size() == kFleet);
}

TEST_CASE("each device is planned as it is when its turn comes, once") {
    Fixture fixture;
    fixture.ask(1);
    REQUIRE(fixture.tick());
    fixture.world.presence(1, false);    // has been planned
    fixture.world.presence(100, false);  // not yet
    REQUIRE(fixture.world.ask(request::DeleteDevice{device_id(2)}).has_value());
    REQUIRE(fixture.world.ask(request::DeleteDevice{device_id(99)}).has_value());
    REQUIRE(fixture.world.ask(request::DeleteDevice{device_id(50)}).has_value());
    fixture.world.add_devices(50, 50);  // again
    fixture.world.add_devices(101, 101);
    fixture.finish();
    const auto& plan = fixture.plan(1);
    CHECK(plan.devices[0].effect == PlanEffect::unknown);
    CHECK(plan.counts[static_cast<std::size_t>(PlanEffect::offline)] == 1);
    CHECK(has(plan, 2));
    CHECK_FALSE(has(plan, 99));
    CHECK(has(plan, 50));
    CHECK(has(plan, 101));
    const auto ids = ids_of(plan);
    CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == ids.size());
}

TEST_CASE("B11: a run compares with what is in force then, not with what was while it was planned") {
    Fixture fixture;
    fixture.ask(1);
    REQUIRE(fixture.tick());
    fixture.world.presence(1, false);
    fixture.finish();
    request::SaveJob asked{JobId::none, std::nullopt, settings_job("s"), true, fixture.plan(1).digest};
    const auto refused = fixture.world.ask(asked);
    REQUIRE_FALSE(refused.has_value());
    REQUIRE(refused.error().details.size() == 1);
    CHECK(refused.error().details[0].field == device_id(1).text());
    fixture.world.presence(1, true);
    CHECK(fixture.world.ask(asked).has_value());
}

TEST_CASE("a list that does not hold any more when its device's turn comes is refused, and all of it named") {
    std::vector<std::size_t> numbers(kFleet);
    std::iota(numbers.begin(), numbers.end(), 1U);
    Fixture fixture;
    fixture.ask(1, test::on_devices(settings_job("s"), numbers));
    REQUIRE_FALSE(fixture.answered(1));
    for (const std::size_t number : {1U, 90U, 95U}) {
        REQUIRE(fixture.world.ask(request::DeleteDevice{device_id(number)}).has_value());
    }
    fixture.finish();
    CHECK(fixture.error(1).code == ErrorCode::invalid);
    CHECK(fixture.error(1).details.size() == 2);
}

TEST_CASE("a plan begins anew when its set or its template is another now") {
    Fixture fixture;
    SUBCASE("set") {
        fixture.ask(1);
        REQUIRE(fixture.tick());
        REQUIRE(fixture.world.ask(request::PutSet{test::set_of("fridges", R"(id != "d00001")"), std::nullopt})
                    .has_value());
        fixture.finish();
        CHECK(fixture.plan(1).devices.size() == kFleet - 1);
    }
    SUBCASE("template") {
        fixture.ask(1, settings_job("s", 9));
        REQUIRE(fixture.tick());
        REQUIRE(fixture.world
                    .ask(request::PutTemplate{test::template_of(
                        R"({"name": "fridge", "settings": {"fanSpeed": {"schema": {"type": "integer"}}}})")})
                    .has_value());
        fixture.finish();
        CHECK(fixture.plan(1).template_version == 2);
        CHECK(fixture.plan(1).counts[static_cast<std::size_t>(PlanEffect::out_of_range)] == 0);
        CHECK(fixture.plan(1).message.empty());
    }
    fixture.ask(2, settings_job("s", 9));
    fixture.finish();
    CHECK(fixture.plan(2).devices.size() == fixture.plan(1).devices.size());
}

TEST_CASE("a plan whose set or template is gone is answered with that") {
    Fixture fixture;
    fixture.ask(1);
    SUBCASE("set") {
        REQUIRE(fixture.world.ask(request::DeleteSet{"fridges"}).has_value());
        fixture.finish();
        CHECK(fixture.error(1).code == ErrorCode::not_found);
    }
    SUBCASE("template") {
        REQUIRE(fixture.world.ask(request::DeleteTemplate{"fridge"}).has_value());
        fixture.finish();
        CHECK(fixture.error(1).code == ErrorCode::conflict);
    }
}

TEST_CASE("a saved job is planned as it was when it was asked for") {
    Fixture fixture;
    request::SaveJob save;
    save.spec = settings_job("s", 2);
    const auto job = std::get<JobAnswer>(fixture.world.ask(save).value()).job;
    const auto planned = request::PlanJob{job, std::nullopt};
    fixture.ask(1, planned);
    REQUIRE_FALSE(fixture.answered(1));
    SUBCASE("edited") {
        save.job = job;
        save.spec = settings_job("s", 4);
        REQUIRE(fixture.world.ask(save).has_value());
        CHECK(fixture.world.job(job).spec == save.spec);
        CHECK(fixture.world.job(job).revision == 2);
    }
    SUBCASE("deleted") {
        REQUIRE(fixture.world.ask(request::DeleteJob{job}).has_value());
    }
    SUBCASE("run") {
        REQUIRE(fixture.world.ask(request::RunJob{job, std::nullopt}).has_value());
    }
    fixture.finish();
    CHECK(fixture.plan(1).spec.operations == settings_job("s", 2).operations);
    // And what was edited is not taken for what was planned.
    auto again = planned;
    again.digest = fixture.plan(1).digest;
    fixture.ask(2, again);
    fixture.finish();
    CHECK_FALSE((fixture.answers.at(2).has_value() && fixture.plan(2).digest == again.digest));
}

TEST_CASE("plans go on in turns: who has less to plan is ready sooner") {
    std::vector<std::size_t> half(kFleet / 2);
    std::iota(half.begin(), half.end(), 1U);
    Fixture fixture;
    fixture.ask(1, test::on_devices(settings_job("s"), half));
    fixture.ask(2);
    fixture.ask(3, settings_job("s", 4));
    fixture.ask(4, test::on_devices(settings_job("s"), {1, 2, 3}));
    CHECK(fixture.order == std::vector<RequestToken>{4});
    fixture.finish();
    REQUIRE(fixture.order.size() == 4);
    CHECK(fixture.order[1] == 1);
    CHECK(fixture.plan(1).digest == digest_in_one_go(test::on_devices(settings_job("s"), half)));
    CHECK(fixture.plan(2).digest == digest_in_one_go(settings_job("s")));
    CHECK(fixture.plan(3).digest == digest_in_one_go(settings_job("s", 4)));
}

TEST_CASE("more plans than may be made at once are refused, and may be asked for again") {
    Fixture fixture;
    for (RequestToken token = 1; token <= kPlansAtWork + 1; ++token) {
        fixture.ask(token, settings_job("s", static_cast<int>(token)));
    }
    CHECK(fixture.order == std::vector<RequestToken>{kPlansAtWork + 1});
    CHECK(fixture.error(kPlansAtWork + 1).code == ErrorCode::unavailable);
    fixture.finish();
    for (RequestToken token = 1; token <= kPlansAtWork; ++token) {
        CHECK(fixture.plan(token).devices.size() == kFleet);
    }
    fixture.ask(99);
    fixture.finish();
    CHECK(fixture.plan(99).devices.size() == kFleet);
}

TEST_CASE("the pages of a plan are of the one that was made, in one step") {
    Fixture fixture;
    fixture.ask(1);
    fixture.finish();
    request::PlanJob again{JobId::none, settings_job("s")};
    again.digest = fixture.plan(1).digest;
    fixture.world.presence(1, false);
    fixture.ask(2, again);
    REQUIRE(fixture.answered(2));
    CHECK(&fixture.plan(2) == &fixture.plan(1));
}

}  // namespace muster::core
