// The run itself; what has to hold at its end is in world_peace.cpp.
#include "tests/simulation/world.hpp"

#include <spdlog/spdlog.h>

namespace muster::simulation {
namespace {

constexpr Milliseconds kSetUp{4'000};
// Many times what a run takes; more is a gateway that is always awake.
constexpr std::uint64_t kMostTurns = 100'000;

runtime::GatewayOptions gateway_options() {
    runtime::GatewayOptions options;
    options.roles.by_user = {{std::string(kAdmin), api::Role::admin},
                             {std::string(kViewer), api::Role::viewer}};
    options.engine.plan_effort = 500;  // a few devices: plans take several turns here too
    return options;
}

}  // namespace

void silence() {
    spdlog::set_level(spdlog::level::off);
}

Outcome simulate(const Options& options, std::span<const Action> script, bool with_transcript) {
    World world(options, with_transcript);
    return world.run(script);
}

World::World(const Options& options, bool with_transcript)
    : options_(options),
      transcript_(schedule_, with_transcript),
      broker_(options_, schedule_, transcript_, figures_),
      witness_(transcript_, figures_),
      ledger_(transcript_, witness_, figures_),
      auditor_(topics_, ledger_, witness_, transcript_, figures_),
      crowd_(options_, topics_, schedule_, broker_, transcript_, witness_, auditor_),
      asker_(topics_, schedule_, broker_, transcript_, crowd_, figures_),
      stranger_(topics_, schedule_, broker_, transcript_, crowd_, auditor_, witness_),
      disk_(memory_, ledger_, figures_) {}

Outcome World::run(std::span<const Action> script) {
    ++figures_.runs;
    const auto faults = std::exchange(options_.faults, {});  // not while the fleet is set up
    start_gateway();
    asker_.connect();
    stranger_.connect();
    run_until(Schedule::kBegin + kSetUp / 2);
    asker_.set_up();
    crowd_.connect_all();
    run_until(Schedule::kBegin + kSetUp);
    options_.faults = faults;
    for (const auto& action : script) {
        schedule_.at(Schedule::kBegin + kSetUp + action.at, [this, action] { act(action); });
    }
    run_until(Schedule::kBegin + kSetUp + options_.rough);
    make_peace();
    return {transcript_.violations(), figures_, transcript_.text()};
}

void World::run_until(TimePoint until) {
    while (transcript_.violations().size() < Transcript::kMostViolations && schedule_.run_next(until)) {
    }
}

void World::act(const Action& action) {
    ++figures_.actions[static_cast<std::size_t>(action.kind)];
    sim::Random random(action.salt);
    const auto a_while = random.within({Milliseconds{100}, Milliseconds{20'000}});
    switch (action.kind) {
        case ActionKind::ask:
            return asker_.ask(action.salt);
        case ActionKind::cut_link:
            return broker_.cut("gateway", true);
        case ActionKind::restart_broker:
            return broker_.restart(action.salt, a_while);
        case ActionKind::crash_gateway:
            return gateway_ == nullptr ? void() : kill_gateway();
        case ActionKind::crash_before_commit:
            return disk_.expect(Disk::Trouble::kill_before);
        case ActionKind::crash_after_commit:
            return disk_.expect(Disk::Trouble::kill_after);
        case ActionKind::crash_at_publish:
            kill_at_publish_ = static_cast<std::uint32_t>(random.below(8));
            return;
        case ActionKind::stop_gateway:
            return gateway_ == nullptr ? void() : (gateway_->stop(), turn_in(Milliseconds{0}));
        case ActionKind::fill_storage:
            disk_.fill(true);
            return schedule_.after(a_while, [this] { disk_.fill(false); });
        case ActionKind::fail_storage:
            return disk_.expect(action.salt % 2 == 0 ? Disk::Trouble::fail_lost : Disk::Trouble::fail_stored);
        case ActionKind::jump_clock:
            clock_jumped_ = true;
            clock_offset_ += random.within({Milliseconds{-600'000}, Milliseconds{600'000}});
            return transcript_.say("the system's clock is {} s off", clock_offset_.count() / 1000);
        case ActionKind::cut_device:
            return crowd_.cut(action.salt);
        case ActionKind::leave_device:
            return crowd_.leave(action.salt);
        case ActionKind::reboot_device:
            return crowd_.reboot(action.salt, sim::DeviceModel::Memory::kept);
        case ActionKind::forget_device:
            return crowd_.reboot(action.salt, sim::DeviceModel::Memory::lost);
        case ActionKind::change_device:
            return crowd_.change(action.salt);
        case ActionKind::garbage:
            return stranger_.send_garbage(action.salt);
        case ActionKind::foreign_ack:
            return stranger_.send_foreign_ack(action.salt);
        case ActionKind::replayed_ack:
            return stranger_.replay_ack(action.salt);
    }
}

void World::start_gateway() {
    ++figures_.gateway_starts;
    ++life_;
    turn_at_.reset();
    wire_ = std::make_unique<Wire>(
        options_, topics_, schedule_, broker_,
        Wire::Hooks{[this](const mqtt::Publication& publication) { on_publish(publication); },
                    [this] { turn_in(Milliseconds{0}); }});
    runtime::Clock clock([this] { return schedule_.now() + clock_offset_; },
                         [this] { return schedule_.elapsed(); });
    auto store = disk_.open();
    auto snapshot = store->load().value();
    gateway_ = std::make_unique<runtime::Gateway>(
        gateway_options(), std::move(store),
        [this] { return Result<std::unique_ptr<store::Store>>(disk_.open()); }, *wire_, std::move(snapshot),
        std::move(clock));
    transcript_.say("the gateway starts");
    try {
        MUSTER_INVARIANT(gateway_->start().has_value());
        turn_in(Milliseconds{0});
    } catch (const Killed&) {
        kill_gateway();
    }
}

void World::start_gateway_later(Milliseconds delay) {
    schedule_.after(delay, [this, life = life_] {
        if (life == life_) {
            start_gateway();
        }
    });
}

void World::kill_gateway() {
    ++figures_.crashes;
    transcript_.say("the gateway is killed");
    kill_at_publish_.reset();
    wire_->abandon();
    gateway_.reset();
    wire_.reset();
    start_gateway_later(Milliseconds{1'000});
}

void World::end_gateway() {
    transcript_.say("the gateway ends as it was asked to");
    wire_->stop({runtime::gateway_offline(topics_)});
    gateway_.reset();
    wire_.reset();
    start_gateway_later(Milliseconds{1'000});
}

void World::turn_in(Milliseconds delay) {
    sim::Random chance(sim::stable_number(options_.seed, "gateway", "turns") + ++slow_);
    if (chance.chance(options_.faults.slow_turn)) {
        delay += chance.within({Milliseconds{0}, Milliseconds{200}});
    }
    const auto at = schedule_.now() + delay;
    if (turn_at_ && *turn_at_ <= at) {
        return;
    }
    turn_at_ = at;
    schedule_.at(at, [this, at, life = life_] {
        if (life == life_ && gateway_ != nullptr && turn_at_ == at) {
            turn();
        }
    });
}

void World::turn() {
    turn_at_.reset();
    if (++figures_.turns == kMostTurns) {
        transcript_.violate("the gateway rests", "it took " + std::to_string(kMostTurns) + " turns");
    }
    if (figures_.turns > kMostTurns) {
        return;
    }
    try {
        if (!gateway_->turn(Milliseconds{0})) {
            return end_gateway();
        }
    } catch (const Killed&) {
        return kill_gateway();
    }
    if (const auto patience = gateway_->patience()) {
        turn_in(std::max(*patience, Milliseconds{1}));
    }
}

void World::on_publish(const mqtt::Publication& publication) {
    if (kill_at_publish_ && (*kill_at_publish_)-- == 0) {
        throw Killed{};
    }
    auditor_.on_publish(publication);
}

}  // namespace muster::simulation
