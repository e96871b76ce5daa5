// One connection and the devices it carries: connects, subscribes, publishes
// their births, passes messages to their models and what those answer to the
// broker; comes back when it is lost.
//
// Threads: the thread that runs the io_context.
#pragma once

#include "device-sim/connect_gate.hpp"
#include "device-sim/model/fleet.hpp"
#include "device-sim/mosquitto_session.hpp"
#include "device-sim/schedule.hpp"
#include "device-sim/statistics.hpp"
#include "protocol/topics.hpp"

#include <functional>
#include <string>
#include <vector>

namespace muster::sim {

// What all connections share; outlives them.
struct Surroundings {
    boost::asio::io_context& context;
    const Broker& broker;
    const Topics& topics;
    Fleet& fleet;
    Schedule& schedule;
    ConnectGate& gate;
    Statistics& statistics;
    // A sentence for the person who watches; the same one may come often.
    std::function<void(const std::string&)> report;
    // Births are acknowledged: once for each connection.
    std::function<void()> on_settled;
    // After leave(): nothing more will happen.
    std::function<void()> on_ended;
};

class Connection : private SessionHandler {
public:
    // Indices into the fleet. `end` is one past the last.
    struct Devices {
        std::size_t first;
        std::size_t end;
    };
    // `own`: the connection is one device's own, with its last will; when that
    // device is away, so is the connection.
    enum class Kind { own, shared };

    Connection(Surroundings& surroundings, Devices devices, Kind kind, Identity identity);

    void start();
    // Says for each device that it is offline, then disconnects.
    void leave();
    // To be called about once a second.
    void keep_alive() { session_.keep_alive(); }

private:
    enum class Stage { idle, connecting, subscribing, announcing, ready, leaving, ended };
    // What each device says when the publishing goes through all of them.
    enum class Sweep { arrival, farewell };

    void on_connected() noexcept override;
    void on_subscribed(std::size_t refused) noexcept override;
    void on_published(int publication, std::string_view refusal) noexcept override;
    void on_message(std::string_view topic, std::string_view payload, bool retained) noexcept override;
    void on_lost(const std::string& reason) noexcept override;

    void connect();
    void subscribe_more();
    void begin(Sweep sweep);
    void sweep_more();
    void sweep_done();
    void settle();
    [[nodiscard]] std::vector<Publication> sweep_publications(DeviceModel& device);

    void hear_announce(std::string_view payload);
    void answer_announce(Devices devices);
    void deliver(DeviceModel& device, std::string_view payload);
    void send_when_due(DeviceModel& device, Publication publication, OperationTally::Index operation);
    // The publication's number at the session, or 0.
    int send(const DeviceModel& device, const Publication& publication, OperationTally::Index operation);

    void plan_absence(DeviceModel& device);
    void go_away(DeviceModel& device);
    void come_back(DeviceModel& device);

    void retry_later(const std::string& reason);
    void leave_gate();
    void disconnect_devices() noexcept;
    [[nodiscard]] DeviceModel& device(std::size_t index) { return around_.fleet.devices()[index]; }

    Surroundings& around_;
    MosquittoSession session_;
    Random random_;
    Devices devices_;
    std::size_t next_device_;   // of the subscriptions, then of the sweep
    int last_publication_ = 0;  // of the sweep
    Milliseconds retry_delay_;
    Kind kind_;
    Stage stage_ = Stage::idle;
    Sweep sweep_ = Sweep::arrival;
    bool in_gate_ = false;
    bool settled_ = false;
};

}  // namespace muster::sim
