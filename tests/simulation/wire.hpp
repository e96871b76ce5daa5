// The simulated gateway's connection: mqtt::Link on the simulated broker, with
// the window of a real one.
//
// Threads: one.
#pragma once

#include "daemon/mqtt/link.hpp"
#include "tests/simulation/broker.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace muster::simulation {

class Wire final : public mqtt::Link {
public:
    struct Hooks {
        // Before a publication is taken; may throw Killed.
        std::function<void(const mqtt::Publication&)> on_publish;
        // The gateway has something in its inbox.
        std::function<void()> on_event;
    };

    Wire(const Options& options, const Topics& topics, Schedule& schedule, Broker& broker, Hooks hooks);
    ~Wire() override;
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    [[nodiscard]] Result<void> start(mqtt::Handler& handler) override;
    [[nodiscard]] bool publish(const mqtt::Publication& publication) override;
    [[nodiscard]] std::uint32_t room() override;
    [[nodiscard]] bool ask_for_retained(const std::vector<std::string>& topics) override;
    void stop(const std::vector<mqtt::Publication>& last) override;

    // The killed gateway's: no handler is called any more.
    void abandon();

private:
    static constexpr const char* kName = "gateway";

    void connect();
    void connect_later();
    void acknowledge();
    void receive(const Message& message);

    const Options& options_;
    const Topics& topics_;
    Schedule& schedule_;
    Broker& broker_;
    Hooks hooks_;
    mqtt::Handler* handler_ = nullptr;
    bool connected_ = false;
    std::uint32_t connection_ = 0;
    std::uint32_t unacknowledged_ = 0;
    bool short_ = false;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // what is scheduled looks at it first
};

}  // namespace muster::simulation
