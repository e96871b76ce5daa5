#include "tests/crash/torment.hpp"

#include <algorithm>
#include <chrono>

namespace muster::crash {
namespace {

using std::chrono::steady_clock;
using test::Milliseconds;

constexpr int kBetweenRequests = 25;  // milliseconds
// Long enough for a message to leave the process, on an idle machine.
constexpr Milliseconds kPause{30};
constexpr Milliseconds kUntilFailpoint{4'000};
// A connection that went silent is found after one and a half times the keep
// alive of 5 s; the rest is a slow machine.
constexpr Milliseconds kRecovery{60'000};

// How often each is drawn, in per cent.
constexpr int kAtFailpoint = 40;
constexpr int kBeforeItAnswers = 15;
constexpr int kDisturbed = 75;
constexpr int kAbandoned = 2;

std::string figure_of(Weather weather) {
    switch (weather) {
        case Weather::fair:
            return "network_fair";
        case Weather::slow:
            return "network_slow";
        case Weather::split:
            return "network_split";
        case Weather::stalled:
            return "network_stalled";
        case Weather::only_to_broker:
            return "network_only_to_broker";
        case Weather::only_to_client:
            return "network_only_to_client";
        case Weather::half_open:
            return "network_half_open";
    }
    return {};
}

std::uint64_t milliseconds_since(steady_clock::time_point start) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<Milliseconds>(steady_clock::now() - start).count());
}

}  // namespace

Torment::Torment(Rig& rig, Workload& workload, Figures& figures, std::uint64_t seed)
    : rig_(rig), workload_(workload), figures_(figures), random_(seed) {}

int Torment::within(int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random_);
}

bool Torment::chance(int per_cent) {
    return within(1, 100) <= per_cent;
}

void Torment::pass_time(int least_milliseconds, int most_milliseconds) {
    const auto end = steady_clock::now() + Milliseconds(within(least_milliseconds, most_milliseconds));
    while (steady_clock::now() < end && !rig_.daemon_ended(Milliseconds(kBetweenRequests))) {
        workload_.ask_something();
    }
}

void Torment::kill(std::uint64_t times) {
    const auto enough = figures_.kills() + times;
    while (figures_.kills() < enough) {
        if (chance(kAtFailpoint)) {
            const auto& failpoint = next_failpoint();
            kill_at(failpoint, failpoint.once ? 1 : 1 + within(0, 5) * within(0, 8), kUntilFailpoint);
        } else {
            live_once();
        }
    }
}

const FailpointRow& Torment::next_failpoint() {
    if (bag_.empty()) {
        for (const auto& row : failpoint_table()) {
            if (row.when != FailpointRow::When::first_start) {
                bag_.push_back(&row);
            }
        }
        std::ranges::shuffle(bag_, random_);
    }
    const auto* drawn = bag_.back();
    bag_.pop_back();
    return *drawn;
}

bool Torment::kill_at(const FailpointRow& failpoint, int visit, test::Milliseconds patience) {
    mourn();
    rig_.start_daemon_at(failpoint.name, visit, chance(70) ? kPause : Milliseconds(0));
    if (failpoint.when == FailpointRow::When::ending) {
        await_recovery();
        pass_time(0, 500);
        rig_.end_daemon();
    }
    const auto end = steady_clock::now() + patience;
    while (!rig_.daemon_ended(Milliseconds(kBetweenRequests)) && steady_clock::now() < end) {
        workload_.ask_something();
    }
    const bool reached = rig_.daemon_ended(Milliseconds(0)) && rig_.died_at() == failpoint.name;
    if (!reached) {
        figures_.add("failpoints_not_reached");
        kill_now();
        return false;
    }
    note_end();
    return true;
}

// One that was not killed is a random kill now.
void Torment::mourn() {
    if (!rig_.daemon_ended(Milliseconds(0))) {
        kill_now();
    }
}

void Torment::kill_now() {
    if (rig_.kill_daemon()) {
        figures_.add("kills_random");
    }
    note_end();
}

void Torment::note_end() {
    if (const auto where = rig_.died_at(); !where.empty()) {
        figures_.add("kills_at_failpoints");
        figures_.add("failpoint_" + where);
    }
    if (const auto wrong = rig_.bad_end(); !wrong.empty()) {
        workload_.with_history([&](History& history) { history.violate(wrong); });
    }
}

bool Torment::await_recovery() {
    const auto start = steady_clock::now();
    while (milliseconds_since(start) < static_cast<std::uint64_t>(kRecovery.count())) {
        if (workload_.answers(Milliseconds(100))) {
            workload_.look_again();
            return true;
        }
        if (rig_.daemon_ended(Milliseconds(0))) {
            return true;  // at a failpoint, which is seen elsewhere
        }
    }
    workload_.with_history([](History& history) { history.violate("musterd did not come back"); });
    return false;
}

void Torment::revive() {
    if (rig_.daemon_ended(Milliseconds(0))) {
        rig_.start_daemon();
    }
    await_recovery();
}

void Torment::live_once() {
    mourn();
    const auto started = steady_clock::now();
    rig_.start_daemon();
    if (chance(kBeforeItAnswers)) {
        pass_time(0, 120);
    } else if (await_recovery()) {
        figures_.recovered(milliseconds_since(started));
        pass_time(0, 600);
        if (chance(kDisturbed)) {
            disturb();
        }
        pass_time(0, 600);
    }
    mourn();
}

void Torment::disturb() {
    if (chance(kAbandoned)) {
        abandon_network();
        return;
    }
    const auto side = chance(50) ? Side::daemon : Side::devices;
    if (const auto kind = within(1, 13); kind <= 6) {
        disturb_broker(static_cast<BrokerFault>(kind % 3), chance(40));
    } else if (kind == 7) {
        reset_network(side);
    } else {
        disturb_network(static_cast<Weather>(within(1, 6)), side);
    }
}

void Torment::disturb_broker(BrokerFault fault, bool kill_daemon_too) {
    if (fault == BrokerFault::stop) {
        figures_.add("broker_stops");
        rig_.broker().pause();
        pass_time(50, 1500);
        if (kill_daemon_too) {
            kill_now();
        }
        rig_.broker().resume();
        return;
    }
    const bool forgetful = fault == BrokerFault::kill_forgetful;
    figures_.add(forgetful ? "broker_kills_forgetful" : "broker_kills_persistent");
    if (kill_daemon_too) {
        figures_.add("both_killed");
        kill_now();
    }
    rig_.kill_broker();
    pass_time(0, 500);
    rig_.start_broker(forgetful);
    if (!kill_daemon_too) {
        await_recovery();
    }
}

void Torment::disturb_network(Weather weather, Side side) {
    auto& network = side == Side::daemon ? rig_.daemon_network() : rig_.device_network();
    figures_.add(figure_of(weather));
    network.set(weather);
    if (weather == Weather::half_open) {
        network.reset();  // so that there are new connections
    }
    pass_time(200, 1500);
    if (chance(30)) {
        kill_now();
    }
    network.set(Weather::fair);
}

void Torment::reset_network(Side side) {
    figures_.add("network_reset");
    (side == Side::daemon ? rig_.daemon_network() : rig_.device_network()).reset();
    pass_time(0, 500);
}

void Torment::abandon_network() {
    figures_.add("network_abandoned");
    rig_.daemon_network().abandon();
    await_recovery();
}

}  // namespace muster::crash
