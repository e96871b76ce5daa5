#include "device-sim/connection.hpp"

#include "protocol/announce.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace muster::sim {
namespace {

// Filters in one SUBSCRIBE: 200 of the longest are 40 KiB.
constexpr std::size_t kFiltersAtOnce = 200;
// Births under way on one connection. A broker drops what a subscriber has not
// taken after 1,000 messages or so; this leaves the gateway a chance.
constexpr std::size_t kSweepWindow = 100;
// Sooner than SPEC 5.11 asks of devices: storms are what a simulator is for.
constexpr Milliseconds kRetryLeast{200};
constexpr Milliseconds kRetryMost{5000};
// An announce is answered by the whole fleet, so it takes its time. One that does not say how long: a
// thousand devices a second, within what SPEC 5.9 allows.
constexpr Milliseconds kAnnounceSpreadMost{5000};

struct Delivery {
    DeviceTopic topic;
    int qos;
    bool retain;
};

Delivery delivery(PublicationKind kind) {
    switch (kind) {
        case PublicationKind::info:
            return {DeviceTopic::info, 1, true};
        case PublicationKind::state:
            // Lost only with the connection, and the next arrival tells it again.
            return {DeviceTopic::state, 0, true};
        case PublicationKind::status:
            return {DeviceTopic::status, 1, true};
        case PublicationKind::progress:
        case PublicationKind::ack:
        case PublicationKind::malformed_ack:
            return {DeviceTopic::ack, 1, false};
    }
    MUSTER_INVARIANT(false);
    return {};
}

}  // namespace

Connection::Connection(Surroundings& surroundings, Devices devices, Kind kind, Identity identity)
    : around_(surroundings),
      session_(surroundings.context, surroundings.broker, std::move(identity), *this),
      random_(stable_number(surroundings.fleet.options().seed,
                            surroundings.fleet.devices()[devices.first].id(), "connection")),
      devices_(devices),
      next_device_(devices.first),
      retry_delay_(kRetryLeast),
      kind_(kind) {}

void Connection::start() {
    stage_ = Stage::idle;
    around_.gate.enter([this] { connect(); });
}

void Connection::connect() {
    in_gate_ = true;
    if (stage_ != Stage::idle) {
        leave_gate();
        return;
    }
    stage_ = Stage::connecting;
    if (const Result<void> opened = session_.open(); !opened) {
        retry_later(opened.error().message);
    }
}

void Connection::on_connected() noexcept {
    ++around_.statistics.totals().connections_made;
    stage_ = Stage::subscribing;
    next_device_ = devices_.first;
    subscribe_more();
}

void Connection::subscribe_more() {
    std::vector<std::string> filters;
    if (next_device_ == devices_.first && !device(next_device_).traits().offline) {
        filters.push_back(around_.topics.announce());
    }
    for (; next_device_ < devices_.end && filters.size() < kFiltersAtOnce; ++next_device_) {
        const DeviceModel& subscriber = device(next_device_);
        if (!subscriber.traits().offline) {
            filters.push_back(around_.topics.device(subscriber.id(), DeviceTopic::cmd));
        }
    }
    if (filters.empty()) {
        begin(Sweep::arrival);
    } else if (!session_.subscribe(filters)) {
        session_.abort();
        retry_later("cannot subscribe");
    }
}

void Connection::on_subscribed(std::size_t refused) noexcept {
    if (refused > 0) {
        session_.abort();
        retry_later(fmt::format("the broker refused {} subscriptions", refused));
        return;
    }
    subscribe_more();
}

void Connection::begin(Sweep sweep) {
    stage_ = sweep == Sweep::farewell ? Stage::leaving : Stage::announcing;
    sweep_ = sweep;
    next_device_ = devices_.first;
    last_publication_ = 0;
    sweep_more();
}

std::vector<Publication> Connection::sweep_publications(DeviceModel& device) {
    const TimePoint now = around_.schedule.now();
    switch (sweep_) {
        case Sweep::arrival:
            return device.on_connected(now);
        case Sweep::farewell:
            if (!device.online()) {
                return {};
            }
            device.on_disconnected();
            return {DeviceModel::farewell(now)};
    }
    return {};
}

void Connection::sweep_more() {
    for (; next_device_ < devices_.end && session_.outstanding() < kSweepWindow; ++next_device_) {
        DeviceModel& speaker = device(next_device_);
        for (const Publication& publication : sweep_publications(speaker)) {
            last_publication_ = send(speaker, publication, OperationTally::kNone);
        }
    }
    if (next_device_ == devices_.end && last_publication_ == 0) {
        sweep_done();
    }
}

// MQTT answers in order, so the last one's answer is everybody's.
void Connection::on_published(int publication, std::string_view refusal) noexcept {
    if (!refusal.empty()) {
        around_.report(fmt::format("the broker refused a publication: {}", refusal));
    }
    if (stage_ != Stage::announcing && stage_ != Stage::leaving) {
        return;
    }
    if (next_device_ < devices_.end) {
        sweep_more();
    } else if (publication == last_publication_) {
        sweep_done();
    }
}

void Connection::sweep_done() {
    if (stage_ == Stage::leaving) {
        stage_ = Stage::ended;
        session_.close();
        around_.on_ended();
        return;
    }
    stage_ = Stage::ready;
    retry_delay_ = kRetryLeast;
    settle();
}

void Connection::settle() {
    leave_gate();
    for (std::size_t index = devices_.first; index < devices_.end; ++index) {
        plan_absence(device(index));
    }
    if (kind_ == Kind::own && device(devices_.first).traits().offline) {
        session_.close();
        stage_ = Stage::ended;
    }
    if (!settled_) {
        settled_ = true;
        around_.on_settled();
    }
}

void Connection::on_message(std::string_view topic, std::string_view payload, bool retained) noexcept {
    if (topic == around_.topics.announce()) {
        hear_announce(payload);
        return;
    }
    const std::optional<ParsedDeviceTopic> parsed = around_.topics.parse_device(topic);
    if (!parsed || parsed->kind != DeviceTopic::cmd || retained) {
        return;
    }
    if (const std::optional<std::size_t> index = around_.fleet.find(parsed->device)) {
        deliver(device(*index), payload);
    }
}

void Connection::hear_announce(std::string_view payload) {
    const Milliseconds own(static_cast<std::int64_t>(around_.fleet.devices().size()));
    const std::optional<Seconds> wanted = decode_announce(payload);
    const Milliseconds spread = wanted ? *wanted : std::min(own, kAnnounceSpreadMost);
    for (std::size_t first = devices_.first; first < devices_.end; first += kSweepWindow) {
        const Devices some{first, std::min(first + kSweepWindow, devices_.end)};
        const Milliseconds delay = random_.within({Milliseconds(0), spread});
        around_.schedule.at(around_.schedule.now() + delay, [this, some] { answer_announce(some); });
    }
}

void Connection::answer_announce(Devices devices) {
    if (stage_ == Stage::announcing) {  // in one breath with its arrival, it would be lost as that may be
        around_.schedule.at(around_.schedule.now() + kRetryLeast,
                            [this, devices] { answer_announce(devices); });
    }
    if (stage_ != Stage::ready) {
        return;
    }
    for (std::size_t index = devices.first; index < devices.end; ++index) {
        for (const Publication& publication : device(index).births(around_.schedule.now())) {
            send(device(index), publication, OperationTally::kNone);
        }
    }
}

void Connection::deliver(DeviceModel& device, std::string_view payload) {
    Reaction reaction = device.on_message(around_.schedule.now(), payload);
    const OperationTally::Index operation = around_.statistics.record(reaction);
    for (Publication& publication : reaction.publications) {
        send_when_due(device, std::move(publication), operation);
    }
}

void Connection::send_when_due(DeviceModel& device, Publication publication,
                               OperationTally::Index operation) {
    if (publication.due <= around_.schedule.now()) {
        send(device, publication, operation);
        return;
    }
    const TimePoint due = publication.due;
    const bool taken = around_.schedule.at(
        due, [this, &device, session = device.session(), publication = std::move(publication), operation] {
            if (device.online() && device.session() == session) {
                send(device, publication, operation);
            }
        });
    around_.statistics.totals().unpublished += static_cast<std::uint64_t>(!taken);
}

int Connection::send(const DeviceModel& device, const Publication& publication,
                     OperationTally::Index operation) {
    const Delivery how = delivery(publication.kind);
    const int number = session_.publish(around_.topics.device(device.id(), how.topic), publication.payload,
                                        how.qos, how.retain);
    if (number == 0) {
        ++around_.statistics.totals().unpublished;
    } else {
        around_.statistics.record_published(publication.kind, operation);
    }
    return number;
}

void Connection::plan_absence(DeviceModel& device) {
    if (!around_.fleet.options().faults.churn || !device.online()) {
        return;
    }
    const TimePoint when = around_.schedule.now() + device.time_online();
    around_.schedule.at(when, [this, &device, session = device.session()] {
        if (device.online() && device.session() == session) {
            go_away(device);
        }
    });
}

// A device with its own connection drops the line and leaves the news to its
// last will; one that shares it can only say so.
void Connection::go_away(DeviceModel& device) {
    if (stage_ == Stage::leaving || stage_ == Stage::ended) {
        return;
    }
    if (kind_ == Kind::own) {
        session_.abort();
        ++around_.statistics.totals().connections_lost;
        leave_gate();
        stage_ = Stage::idle;
    } else {
        send(device, DeviceModel::farewell(around_.schedule.now()), OperationTally::kNone);
    }
    device.on_disconnected();
    around_.schedule.at(around_.schedule.now() + device.time_away(), [this, &device] { come_back(device); });
}

void Connection::come_back(DeviceModel& device) {
    if (kind_ == Kind::own) {
        if (stage_ == Stage::idle) {
            start();
        }
        return;
    }
    if (stage_ != Stage::ready || device.online()) {
        return;  // it comes back with its connection, or is back already
    }
    for (const Publication& publication : device.on_connected(around_.schedule.now())) {
        send(device, publication, OperationTally::kNone);
    }
    plan_absence(device);
}

void Connection::on_lost(const std::string& reason) noexcept {
    if (stage_ == Stage::leaving) {
        stage_ = Stage::ended;
        disconnect_devices();
        around_.on_ended();
        return;
    }
    if (stage_ != Stage::connecting) {
        ++around_.statistics.totals().connections_lost;
    }
    retry_later(reason);
}

void Connection::retry_later(const std::string& reason) {
    disconnect_devices();
    leave_gate();
    stage_ = Stage::idle;
    around_.report(fmt::format("no connection to {}:{} ({}), trying again", around_.broker.host,
                               around_.broker.port, reason));
    const Milliseconds delay = random_.within({retry_delay_ / 2, retry_delay_ * 3 / 2});
    retry_delay_ = std::min(retry_delay_ * 2, kRetryMost);
    around_.schedule.at(around_.schedule.now() + delay, [this] {
        if (stage_ == Stage::idle) {
            start();
        }
    });
}

void Connection::leave() {
    if (stage_ == Stage::ended) {
        around_.on_ended();
        return;
    }
    const bool can_speak = stage_ == Stage::announcing || stage_ == Stage::ready;
    leave_gate();
    if (can_speak) {
        begin(Sweep::farewell);
        return;
    }
    stage_ = Stage::ended;
    session_.close();
    disconnect_devices();
    around_.on_ended();
}

void Connection::leave_gate() {
    if (in_gate_) {
        in_gate_ = false;
        around_.gate.leave();
    }
}

void Connection::disconnect_devices() noexcept {
    for (std::size_t index = devices_.first; index < devices_.end; ++index) {
        device(index).on_disconnected();
    }
}

}  // namespace muster::sim
