// The simulated devices on the simulated broker: they connect, answer, go away
// and come back. What they do is device-sim/model, the same as in muster-sim.
//
// Threads: one.
#pragma once

#include "device-sim/model/fleet.hpp"
#include "protocol/topics.hpp"
#include "tests/simulation/auditor.hpp"
#include "tests/simulation/broker.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace muster::simulation {

class Crowd {
public:
    Crowd(const Options& options, const Topics& topics, Schedule& schedule, Broker& broker,
          Transcript& transcript, Witness& witness, Auditor& auditor);

    void connect_all();
    // Its connection breaks, or it says goodbye; either way it is back after a while.
    void cut(std::uint64_t salt);
    void leave(std::uint64_t salt);
    void reboot(std::uint64_t salt, sim::DeviceModel::Memory memory);
    // Its birth message names another template, for once.
    void change(std::uint64_t salt);
    // From now on who loses the connection comes back at once.
    void heal() { healed_ = true; }

    [[nodiscard]] std::size_t size() const noexcept { return devices_.size(); }
    [[nodiscard]] const sim::DeviceModel& at(std::size_t index) const { return *devices_[index]; }
    [[nodiscard]] bool remembers(std::size_t index) const { return index < fridges_.devices().size(); }

private:
    using Publications = std::vector<sim::Publication>;

    void connect(std::size_t index);
    void connect_later(std::size_t index, std::uint64_t salt);
    void receive(std::size_t index, const Message& message);
    void publish_due(std::size_t index, const Publications& publications);
    void publish(std::size_t index, const sim::Publication& publication);
    [[nodiscard]] std::string topic(std::size_t index, DeviceTopic kind) const;

    const Topics& topics_;
    Schedule& schedule_;
    Broker& broker_;
    Transcript& transcript_;
    Witness& witness_;
    Auditor& auditor_;
    sim::Fleet fridges_;
    sim::Fleet basics_;
    std::vector<sim::DeviceModel*> devices_;
    bool healed_ = false;
};

}  // namespace muster::simulation
