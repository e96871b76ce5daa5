#include "tests/simulation/crowd.hpp"

#include "protocol/codec.hpp"

namespace muster::simulation {
namespace {

using sim::PublicationKind;

// The least that SPEC 5.10 asks for; the broker's kOvertakers goes with it.
constexpr std::uint16_t kRemembers = 8;
constexpr sim::DurationRange kAway{Milliseconds{200}, Milliseconds{15'000}};
constexpr Milliseconds kRetry{500};

sim::FleetOptions fleet_options(const Options& options, bool remembers) {
    sim::FleetOptions fleet;
    fleet.devices = remembers ? options.fridges : options.basics;
    fleet.template_name = "refrigerator";
    fleet.prefix = remembers ? "fridge-" : "basic-";
    fleet.seed = options.seed;
    fleet.remembers = remembers ? kRemembers : 0;
    fleet.tags = {{"site", {"oslo", "bergen"}}};
    fleet.faults = options.devices;
    return fleet;
}

DeviceTopic topic_of(PublicationKind kind) {
    switch (kind) {
        case PublicationKind::info:
            return DeviceTopic::info;
        case PublicationKind::state:
            return DeviceTopic::state;
        case PublicationKind::status:
            return DeviceTopic::status;
        case PublicationKind::progress:
        case PublicationKind::ack:
        case PublicationKind::malformed_ack:
            return DeviceTopic::ack;
    }
    return DeviceTopic::ack;
}

}  // namespace

Crowd::Crowd(const Options& options, const Topics& topics, Schedule& schedule, Broker& broker,
             Transcript& transcript, Witness& witness, Auditor& auditor)
    : topics_(topics),
      schedule_(schedule),
      broker_(broker),
      transcript_(transcript),
      witness_(witness),
      auditor_(auditor),
      fridges_(fleet_options(options, true)),
      basics_(fleet_options(options, false)) {
    for (auto* fleet : {&fridges_, &basics_}) {
        for (auto& device : fleet->devices()) {
            auditor_.on_device(device.id(), fleet == &fridges_);
            devices_.push_back(&device);
        }
    }
}

std::string Crowd::topic(std::size_t index, DeviceTopic kind) const {
    return topics_.device(devices_[index]->id(), kind);
}

void Crowd::connect_all() {
    for (std::size_t index = 0; index < devices_.size(); ++index) {
        connect(index);
    }
}

void Crowd::connect(std::size_t index) {
    auto& device = *devices_[index];
    if (device.online()) {
        return;
    }
    if (!broker_.up()) {
        schedule_.after(kRetry, [this, index] { connect(index); });
        return;
    }
    Broker::Client client;
    client.keeps_session = index % 2 == 0;
    client.filters = {topic(index, DeviceTopic::cmd), topics_.announce()};
    client.receive = [this, index](const Message& message) { receive(index, message); };
    client.on_cut = [this, index] {
        devices_[index]->on_disconnected();
        connect_later(index, devices_[index]->session());
    };
    const auto farewell = sim::DeviceModel::farewell(schedule_.now());
    client.will = Message{topic(index, DeviceTopic::status), farewell.payload, true};
    const auto births = device.on_connected(schedule_.now());
    broker_.connect(device.id(), std::move(client));
    publish_due(index, births);
}

void Crowd::connect_later(std::size_t index, std::uint64_t salt) {
    sim::Random random(salt);
    const auto away = healed_ ? kRetry : random.within(kAway);
    schedule_.after(away, [this, index] { connect(index); });
}

void Crowd::receive(std::size_t index, const Message& message) {
    auto& device = *devices_[index];
    if (message.topic == topics_.announce()) {
        return publish_due(index, device.births(schedule_.now()));
    }
    const auto reaction = device.on_message(schedule_.now(), message.payload);
    if (reaction.outcome == sim::Outcome::executed) {
        transcript_.say("{} executes {}", device.id(), reaction.operation);
        witness_.executed(device.id(), reaction.operation, remembers(index));
    }
    publish_due(index, reaction.publications);
}

// What it was going to say is lost with its connection.
void Crowd::publish_due(std::size_t index, const Publications& publications) {
    for (const auto& publication : publications) {
        if (publication.due <= schedule_.now()) {
            publish(index, publication);
            continue;
        }
        schedule_.at(publication.due, [this, index, publication, session = devices_[index]->session()] {
            if (devices_[index]->online() && devices_[index]->session() == session) {
                publish(index, publication);
            }
        });
    }
}

void Crowd::publish(std::size_t index, const sim::Publication& publication) {
    const auto kind = topic_of(publication.kind);
    if (kind == DeviceTopic::ack) {
        transcript_.say("<- {}: {}", devices_[index]->id(), publication.payload.substr(0, 80));
        witness_.answered(devices_[index]->id(), publication.payload);
    } else if (kind == DeviceTopic::status) {
        transcript_.say("<- {}: {}", devices_[index]->id(), publication.payload);
    }
    broker_.publish(devices_[index]->id(),
                    {topic(index, kind), publication.payload, kind != DeviceTopic::ack});
}

void Crowd::cut(std::uint64_t salt) {
    const auto index = salt % devices_.size();
    transcript_.say("{} loses its connection", devices_[index]->id());
    broker_.cut(devices_[index]->id(), true);
}

void Crowd::leave(std::uint64_t salt) {
    const auto index = salt % devices_.size();
    auto& device = *devices_[index];
    if (device.online()) {
        publish(index, sim::DeviceModel::farewell(schedule_.now()));
        device.on_disconnected();
        broker_.disconnect(device.id());
        connect_later(index, salt);
    }
}

void Crowd::reboot(std::uint64_t salt, sim::DeviceModel::Memory memory) {
    const auto index = salt % devices_.size();
    auto& device = *devices_[index];
    transcript_.say("{} reboots{}", device.id(),
                    memory == sim::DeviceModel::Memory::lost ? " and forgets what it executed" : "");
    const auto was_online = device.online();
    device.on_reboot(memory);
    if (memory == sim::DeviceModel::Memory::lost) {
        witness_.forgot(device.id());
    }
    if (was_online) {
        broker_.cut(device.id(), false);
        connect_later(index, salt);
    }
}

void Crowd::change(std::uint64_t salt) {
    const auto index = salt % devices_.size();
    auto info = devices_[index]->info();
    info.template_name = salt % 3 == 0 ? "cabinet" : info.template_name;
    info.tags = {{"site", "nowhere"}};
    if (devices_[index]->online()) {
        transcript_.say("<- {}: {}", devices_[index]->id(), encode(info));
        broker_.publish(devices_[index]->id(), {topic(index, DeviceTopic::info), encode(info), true});
    }
}

}  // namespace muster::simulation
