#include "tests/simulation/options.hpp"

#include "device-sim/model/random.hpp"

#include <algorithm>

namespace muster::simulation {
namespace {

struct ActionRow {
    ActionKind kind;
    std::string_view name;
    unsigned usual;  // weight
};

// clang-format off
constexpr std::array kActions{
    ActionRow{ActionKind::ask,                 "ask",                 60},
    ActionRow{ActionKind::cut_link,            "cut_link",             4},
    ActionRow{ActionKind::restart_broker,      "restart_broker",       4},
    ActionRow{ActionKind::crash_gateway,       "crash_gateway",        3},
    ActionRow{ActionKind::crash_before_commit, "crash_before_commit",  5},
    ActionRow{ActionKind::crash_after_commit,  "crash_after_commit",   5},
    ActionRow{ActionKind::crash_at_publish,    "crash_at_publish",     5},
    ActionRow{ActionKind::stop_gateway,        "stop_gateway",         2},
    ActionRow{ActionKind::fill_storage,        "fill_storage",         3},
    ActionRow{ActionKind::fail_storage,        "fail_storage",         3},
    ActionRow{ActionKind::jump_clock,          "jump_clock",           3},
    ActionRow{ActionKind::cut_device,          "cut_device",          10},
    ActionRow{ActionKind::leave_device,        "leave_device",         5},
    ActionRow{ActionKind::reboot_device,       "reboot_device",        8},
    ActionRow{ActionKind::forget_device,       "forget_device",        4},
    ActionRow{ActionKind::change_device,       "change_device",        4},
    ActionRow{ActionKind::garbage,             "garbage",              8},
    ActionRow{ActionKind::foreign_ack,         "foreign_ack",         10},
    ActionRow{ActionKind::replayed_ack,        "replayed_ack",        10},
};

constexpr std::array kFaultNames{
    FaultName{"drop",          [](Options& options) -> double& { return options.faults.drop; }},
    FaultName{"duplicate",     [](Options& options) -> double& { return options.faults.duplicate; }},
    FaultName{"stall",         [](Options& options) -> double& { return options.faults.stall; }},
    FaultName{"reorder",       [](Options& options) -> double& { return options.faults.reorder; }},
    FaultName{"lose_session",  [](Options& options) -> double& { return options.faults.lose_session; }},
    FaultName{"lose_queue",    [](Options& options) -> double& { return options.faults.lose_queue; }},
    FaultName{"lose_retained", [](Options& options) -> double& { return options.faults.lose_retained; }},
    FaultName{"slow_turn",     [](Options& options) -> double& { return options.faults.slow_turn; }},
    FaultName{"reject",        [](Options& options) -> double& { return options.devices.reject; }},
    FaultName{"text_acks",     [](Options& options) -> double& { return options.devices.text_acks; }},
    FaultName{"ack_twice",     [](Options& options) -> double& { return options.devices.duplicate; }},
    FaultName{"not_now",       [](Options& options) -> double& { return options.devices.not_now; }},
    FaultName{"malformed",     [](Options& options) -> double& { return options.devices.malformed; }},
};
// clang-format on

constexpr Milliseconds kLatest{8'000};

void draw_message_faults(sim::Random& random, Options& options) {
    struct Bound {
        std::string_view name;
        double most;  // per cent
    };
    constexpr std::array kMost{
        Bound{"drop", 15},          Bound{"duplicate", 15},    Bound{"stall", 10},
        Bound{"reorder", 10},       Bound{"lose_session", 60}, Bound{"lose_queue", 60},
        Bound{"lose_retained", 60}, Bound{"slow_turn", 30},    Bound{"reject", 25},
        Bound{"text_acks", 50},     Bound{"ack_twice", 20},    Bound{"not_now", 10},
        Bound{"malformed", 5},
    };
    for (const auto& [name, most] : kMost) {
        const auto rate = static_cast<double>(random.below(1 + static_cast<std::uint64_t>(most)));
        const auto fault = std::ranges::find(kFaultNames, name, &FaultName::name);
        fault->rate(options) = random.below(3) == 0 ? 0 : rate;
    }
    options.faults.latest = random.within({Milliseconds{50}, kLatest});
}

}  // namespace

std::string_view to_string(ActionKind kind) noexcept {
    return kActions[static_cast<std::size_t>(kind)].name;
}

std::span<const FaultName> fault_names() {
    return kFaultNames;
}

Options options_of(std::uint64_t seed) {
    sim::Random random(sim::stable_number(seed, "simulation", "options"));
    Options options;
    options.seed = seed;
    options.fridges = 2 + random.below(9);
    options.basics = random.below(4);
    options.window = static_cast<std::uint16_t>(2 + random.below(40));
    options.actions = 10 + random.below(60);
    options.rough = random.within({Milliseconds{10'000}, Milliseconds{120'000}});
    options.devices.delay = {Milliseconds{0}, random.within({Milliseconds{1}, Milliseconds{3'000}})};
    options.devices.progress = random.below(2) == 0;
    draw_message_faults(random, options);
    for (const auto& row : kActions) {
        const auto off = row.kind != ActionKind::ask && random.below(3) == 0;
        options.faults.weights[static_cast<std::size_t>(row.kind)] = off ? 0 : row.usual;
    }
    options.tells_room = random.below(2) == 0;
    return options;
}

std::vector<Action> script_of(const Options& options) {
    sim::Random random(sim::stable_number(options.seed, "simulation", "script"));
    unsigned total = 0;
    for (const auto weight : options.faults.weights) {
        total += weight;
    }
    std::vector<Action> script;
    for (std::size_t i = 0; i < options.actions && total > 0; ++i) {
        auto drawn = random.below(total);
        std::size_t kind = 0;
        while (drawn >= options.faults.weights[kind]) {
            drawn -= options.faults.weights[kind++];
        }
        const auto at = random.within({Milliseconds{0}, options.rough});
        script.push_back({at, static_cast<ActionKind>(kind), random.next()});
    }
    std::ranges::stable_sort(script, {}, &Action::at);
    return script;
}

}  // namespace muster::simulation
