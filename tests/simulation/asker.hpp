// A user who asks for everything that the control API offers, at random, as
// JSON over the broker: sensible things, slips, and nonsense.
//
// Threads: one.
#pragma once

#include "device-sim/model/random.hpp"
#include "protocol/topics.hpp"
#include "tests/simulation/broker.hpp"
#include "tests/simulation/crowd.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace muster::simulation {

class Asker {
public:
    Asker(const Topics& topics, Schedule& schedule, Broker& broker, Transcript& transcript,
          const Crowd& crowd, Figures& figures);

    void connect();
    // Template and sets, one after the other.
    void set_up();
    // Anything.
    void ask(std::uint64_t salt);
    void send(std::string_view verb, std::string_view body);
    // Answers that came, by verb, since the last call of this.
    [[nodiscard]] std::map<std::string, int> take_answers() { return std::exchange(answers_, {}); }

private:
    void connect_later();
    [[nodiscard]] boost::json::object any_job(sim::Random& random) const;
    [[nodiscard]] boost::json::array any_operations(sim::Random& random, std::string_view type) const;
    [[nodiscard]] boost::json::array any_devices(sim::Random& random) const;
    [[nodiscard]] boost::json::object any_policy(sim::Random& random, std::string_view type) const;
    [[nodiscard]] std::uint64_t any_job_id(sim::Random& random) const;
    [[nodiscard]] std::string any_device(sim::Random& random) const;
    void ask_of_job(sim::Random& random);
    void ask_of_fleet(sim::Random& random);
    void ask_question(sim::Random& random);
    void ask_nonsense(sim::Random& random);
    void send(std::string_view verb, const boost::json::object& body);
    void receive(const Message& message);

    const Topics& topics_;
    Schedule& schedule_;
    Broker& broker_;
    Transcript& transcript_;
    const Crowd& crowd_;
    Figures& figures_;
    std::uint64_t last_request_ = 0;
    std::uint64_t newest_job_ = 0;
    std::string digest_;
    std::map<std::string, int> answers_;
};

}  // namespace muster::simulation
