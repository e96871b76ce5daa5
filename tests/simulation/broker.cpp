#include "tests/simulation/broker.hpp"

#include "device-sim/model/random.hpp"

#include <algorithm>

namespace muster::simulation {
namespace {

constexpr Milliseconds kHop{1};

// Of a session; the connection's number goes on, or what is on its way would arrive.
template <typename Session>
void forget(Session& session) {
    session.client = {};
    session.queue.clear();
}

std::string_view take_level(std::string_view& text) {
    const auto slash = text.find('/');
    const auto level = text.substr(0, slash);
    text = slash == std::string_view::npos ? std::string_view{} : text.substr(slash + 1);
    return level;
}

}  // namespace

bool matches(std::string_view filter, std::string_view topic) {
    while (!filter.empty() && !topic.empty()) {
        const auto wanted = take_level(filter);
        if (wanted == "#") {
            return true;
        }
        const auto level = take_level(topic);
        if (wanted != "+" && wanted != level) {
            return false;
        }
    }
    return filter.empty() && topic.empty();
}

void Broker::connect(const std::string& name, Client client) {
    auto& session = sessions_[name];
    session.client = std::move(client);
    session.connected = true;
    ++session.connection;
    session.up_clear = session.down_clear = schedule_.now();
    auto queue = std::exchange(session.queue, {});
    for (const auto& [topic, payload] : retained_) {
        deliver(name, session, {topic, payload, true});
    }
    for (auto& message : queue) {
        deliver(name, session, std::move(message));
    }
}

void Broker::send_retained(const std::string& name, const std::vector<std::string>& topics) {
    for (const auto& topic : topics) {
        if (const auto found = retained_.find(topic); found != retained_.end()) {
            deliver(name, sessions_[name], {topic, found->second, true});
        }
    }
}

void Broker::disconnect(const std::string& name) {
    auto& session = sessions_[name];
    session.connected = false;
    if (!session.client.keeps_session) {
        forget(session);
    }
}

void Broker::cut(const std::string& name, bool tell_client) {
    const auto found = sessions_.find(name);
    if (found == sessions_.end() || !found->second.connected) {
        return;
    }
    const auto client = found->second.client;
    disconnect(name);
    if (client.will && up_) {
        accept(*client.will);
    }
    if (tell_client && client.on_cut) {
        client.on_cut();
    }
}

void Broker::cut_all() {
    std::vector<std::string> names;
    for (const auto& [name, session] : sessions_) {
        names.push_back(name);
    }
    for (const auto& name : names) {
        cut(name, true);
    }
}

void Broker::publish(const std::string& from, Message message) {
    const auto found = sessions_.find(from);
    if (!up_ || found == sessions_.end() || !found->second.connected) {
        return;
    }
    ++figures_.messages;
    carry(from, true, message, [this](const Message& arrived) { accept(arrived); });
}

void Broker::accept(const Message& message) {
    if (!up_) {
        return;
    }
    if (message.retain && message.payload.empty()) {
        retained_.erase(message.topic);
    } else if (message.retain) {
        retained_[message.topic] = message.payload;
    }
    for (auto& [name, session] : sessions_) {
        auto live = message;
        live.retain = false;
        deliver(name, session, std::move(live));
    }
}

void Broker::deliver(const std::string& name, Session& session, Message message) {
    const auto wanted = std::ranges::any_of(
        session.client.filters, [&](const auto& filter) { return matches(filter, message.topic); });
    if (!wanted) {
        return;
    }
    if (!session.connected) {
        if (session.client.keeps_session && session.queue.size() < kQueue) {
            session.queue.push_back(std::move(message));
        }
        return;
    }
    carry(name, false, message, session.client.receive);
}

void Broker::carry(const std::string& name, bool upwards, const Message& message,
                   std::function<void(const Message&)> arrive) {
    auto& session = sessions_[name];
    auto& count = upwards ? session.sent : session.received;
    auto& clear = upwards ? session.up_clear : session.down_clear;
    sim::Random chance(sim::stable_number(options_.seed, name, upwards ? "up" : "down") + ++count);
    const auto none = Faults{};
    const auto& faults = healed_ ? none : options_.faults;
    if (chance.chance(faults.drop)) {
        ++figures_.dropped;
        transcript_.say("lost: {} {}", message.topic, message.payload.substr(0, 60));
        return;
    }
    const auto late = sim::DurationRange{Milliseconds{0}, faults.latest};
    auto due = std::max(schedule_.now(), clear) + kHop;
    if (chance.chance(faults.stall)) {
        ++figures_.delayed;
        due += chance.within(late);
    }
    clear = due;
    if (chance.chance(faults.reorder)) {
        ++figures_.reordered;
        due += chance.within(late);
    }
    const Copy copy{name,    upwards,          session.connection, life_, count, chance.chance(50),
                    message, std::move(arrive)};
    if (chance.chance(faults.duplicate)) {
        ++figures_.duplicated;
        carry_copy(due + chance.within(late), copy);
    }
    carry_copy(due, copy);
}

void Broker::carry_copy(TimePoint due, Copy copy) {
    schedule_.at(due, [this, copy = std::move(copy)] {
        const auto found = sessions_.find(copy.name);
        const auto same = found != sessions_.end() && found->second.connected &&
                          found->second.connection == copy.connection;
        const auto down = same && !copy.upwards;
        if (life_ != copy.life || (down && found->second.newest > copy.number + kOvertakers)) {
            return;
        }
        if (down) {
            found->second.newest = std::max(found->second.newest, copy.number);
        }
        // What a dead client has sent may still be on its way.
        if (same || (copy.upwards && copy.outlives)) {
            copy.arrive(copy.message);
        }
    });
}

void Broker::restart(std::uint64_t salt, Milliseconds down) {
    if (!up_) {
        return;
    }
    ++figures_.broker_restarts;
    sim::Random random(salt);
    up_ = false;
    ++life_;
    cut_all();
    for (auto& [name, session] : sessions_) {
        if (random.chance(options_.faults.lose_session)) {
            forget(session);
        } else if (random.chance(options_.faults.lose_queue)) {
            session.queue.clear();
        }
    }
    std::erase_if(retained_, [&](const auto&) { return random.chance(options_.faults.lose_retained); });
    transcript_.say("the broker is gone; it keeps {} retained messages", retained_.size());
    schedule_.after(down, [this] {
        up_ = true;
        transcript_.say("the broker is back");
    });
}

void Broker::heal() {
    healed_ = true;
    up_ = true;
    ++life_;
    if (options_.seed % 2 == 0) {
        cut_all();
    } else {
        cut("gateway", true);
    }
}

}  // namespace muster::simulation
